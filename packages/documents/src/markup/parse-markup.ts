import type { Document } from 'domhandler';
import { DomHandler } from 'domhandler';
import { Parser } from 'htmlparser2';
import { DocumentError } from '../errors.ts';
import type { Limits } from '../limits.ts';

/**
 * Parses well-formed and less well-formed XML: package documents, NCX, nav, FB2. DTD entities are
 * never expanded and nothing is ever loaded, whatever the DTD says.
 */
export function parseXml(source: string, limits: Limits): Document {
  return parse(source, limits, { xmlMode: true });
}

/**
 * Parses a content document of an EPUB. HTML mode, because books use named entities (`&nbsp;`)
 * without a DTD; self-closing tags and CDATA are honoured, or `<title/>` would swallow the rest.
 */
export function parseXhtml(source: string, limits: Limits): Document {
  return parse(source, limits, { recognizeSelfClosing: true, recognizeCDATA: true });
}

function parse(
  source: string,
  limits: Limits,
  options: { xmlMode?: boolean; recognizeSelfClosing?: boolean; recognizeCDATA?: boolean },
): Document {
  const handler = new BoundedDomHandler(limits.elementDepth, options.xmlMode ?? false);
  const parser = new Parser(handler, options);
  parser.end(source);
  return handler.root;
}

/**
 * Parsing nested tags is quadratic (500,000 deep take minutes) and every walk of the result would
 * overflow the stack, so depth is refused at the door.
 */
class BoundedDomHandler extends DomHandler {
  readonly #limit: number;

  constructor(limit: number, xmlMode: boolean) {
    super(null, { xmlMode });
    this.#limit = limit;
  }

  override onopentag(name: string, attributes: Record<string, string>): void {
    if (this.tagStack.length > this.#limit) {
      throw new DocumentError(
        'document.too_deep',
        `Elements are nested more than ${this.#limit} deep (at <${name.slice(0, 40)}>). ` +
          'Convert the book with another program, such as calibre, and send the result.',
        { limit: this.#limit },
      );
    }
    super.onopentag(name, attributes);
  }
}
