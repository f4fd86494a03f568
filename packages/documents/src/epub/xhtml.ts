import { shortLine } from '../content/clean.ts';
import { renderText } from '../content/text.ts';
import type { Limits } from '../limits.ts';
import type { Element } from '../markup/dom.ts';
import { attribute, firstNamed, textOf } from '../markup/dom.ts';
import { parseXhtml } from '../markup/parse-markup.ts';
import type { ContentFile, ConvertContext } from './xhtml-converter.ts';
import { XhtmlConverter } from './xhtml-converter.ts';

/** Converts a content document. Pure; throws DocumentError `document.too_deep` only. */
export function convertXhtml(source: string, path: string, context: ConvertContext): ContentFile {
  return convertDocument(parseXhtml(source, context.limits, context.budget), path, context);
}

/** The same for a document that is parsed already. */
export function convertDocument(
  document: Element,
  path: string,
  context: ConvertContext,
): ContentFile {
  const html = firstNamed(document, 'html');
  const body = firstNamed(document, 'body');
  const head = html && firstNamed(html, 'head');
  const title = head && firstNamed(head, 'title');
  const about = {
    path,
    title: title ? shortLine(textOf(title)) : '',
    language: [body, html].map((e) => e && attribute(e, 'lang')).find(Boolean) ?? null,
    direction: [body, html].map((e) => e && attribute(e, 'dir')).find(Boolean) ?? null,
  };
  const root = body ?? document;
  const file = new XhtmlConverter(path, context, false).convert(root);
  // A file of nothing but footnotes is a page of its own: taken out of the flow it would vanish.
  return file.flow.leaves.length === 0 && file.asides.length > 0
    ? { ...about, ...new XhtmlConverter(path, context, true).convert(root) }
    : { ...about, ...file };
}

/** Plain text of a piece of HTML, for descriptions. */
export function plainTextOfHtml(source: string, limits: Limits): string {
  const file = convertXhtml(source, '', {
    limits,
    budget: { left: limits.elements },
    findFile: () => null,
    imageId: () => null,
    boundaries: new Set(),
  });
  return renderText(file.flow.blocks);
}
