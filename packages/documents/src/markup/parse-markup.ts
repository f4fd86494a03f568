import type { Document } from 'domhandler';
import { DomHandler } from 'domhandler';
import { textContent } from 'domutils';
import { Parser, parseDocument } from 'htmlparser2';
import { DocumentError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { checkEntities } from './entities.ts';

/**
 * Parses well-formed and less well-formed XML: package documents, NCX, nav, FB2. DTD entities are
 * never expanded and nothing is ever loaded, whatever the DTD says.
 */
export function parseXml(source: string, limits: Limits): Document {
  return parse(expandNamedEntities(source), limits, { xmlMode: true });
}

/** What XML itself defines: the parser knows those. */
const XML_ENTITIES: ReadonlySet<string> = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);

/**
 * Books use the named entities of HTML without a DTD, and the parser leaves those alone in XML mode.
 * They become character references; names that HTML does not know (those of a DTD) stay as they are.
 */
function expandNamedEntities(source: string): string {
  const known = new Map<string, string>();
  return source.replace(/&([a-z][a-z0-9]{1,31});/gi, (entity, name: string) => {
    if (XML_ENTITIES.has(name)) return entity;
    let expanded = known.get(name);
    if (expanded === undefined) {
      const decoded = textContent(parseDocument(entity).children);
      expanded = decoded === entity ? entity : references(decoded);
      known.set(name, expanded);
    }
    return expanded;
  });
}

function references(text: string): string {
  return Array.from(text, (character) => `&#${character.codePointAt(0)};`).join('');
}

/**
 * Parses a content document of an EPUB. HTML mode, because books use named entities (`&nbsp;`)
 * without a DTD; self-closing tags and CDATA are honoured, or `<title/>` would swallow the rest.
 */
export function parseXhtml(source: string, limits: Limits, budget?: ElementBudget): Document {
  return parse(source, limits, { recognizeSelfClosing: true, recognizeCDATA: true }, budget);
}

/** Elements that may still be read; shared by the documents of a book. */
export interface ElementBudget {
  left: number;
}

function parse(
  source: string,
  limits: Limits,
  options: { xmlMode?: boolean; recognizeSelfClosing?: boolean; recognizeCDATA?: boolean },
  budget: ElementBudget = { left: limits.elements },
): Document {
  checkEntities(source, limits);
  const handler = new BoundedDomHandler(limits, budget, options.xmlMode ?? false);
  const parser = new Parser(handler, options);
  parser.end(source);
  return handler.root;
}

/**
 * Parsing nested tags is quadratic (500,000 deep take minutes) and every walk of the result would
 * overflow the stack, so depth is refused at the door; so is a document of nothing but tags, which
 * takes a hundred times its size in memory.
 */
class BoundedDomHandler extends DomHandler {
  readonly #limits: Limits;
  readonly #budget: ElementBudget;

  constructor(limits: Limits, budget: ElementBudget, xmlMode: boolean) {
    super(null, { xmlMode });
    this.#limits = limits;
    this.#budget = budget;
  }

  override onopentag(name: string, attributes: Record<string, string>): void {
    const { elementDepth, elements } = this.#limits;
    if (this.tagStack.length > elementDepth) {
      throw new DocumentError(
        'document.too_deep',
        `Elements are nested more than ${elementDepth} deep (at <${name.slice(0, 40)}>). ` +
          'Convert the book with another program, such as calibre, and send the result.',
        { limit: elementDepth },
      );
    }
    this.#budget.left -= 1;
    if (this.#budget.left < 0) throw tooComplex(elements);
    super.onopentag(name, attributes);
  }
}

export function tooComplex(limit: number): DocumentError {
  return new DocumentError(
    'document.too_complex',
    `The book has more than ${limit} elements or lines. ` +
      'Convert it with another program, such as calibre, or send it in volumes.',
    { limit },
  );
}
