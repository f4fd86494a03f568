import type { Metadata } from '../book.ts';
import { shortLine } from '../content/clean.ts';
import { renderText } from '../content/text.ts';
import type { Element } from '../markup/dom.ts';
import { attribute, childNamed, childrenNamed, firstNamed, textOf } from '../markup/dom.ts';
import { normalizeLanguage, titleFromFileName } from '../metadata.ts';
import { convertFb2 } from './converter.ts';

const MAX_AUTHORS = 50;

/** Metadata of an FB2 book; `title-info` may stand outside of `description`. */
export function readDescription(root: Element, fileName: string | undefined): Metadata {
  const info = firstNamed(root, 'title-info');
  const text = (parent: Element | null, name: string): string => {
    const element = parent && childNamed(parent, name);
    return element ? shortLine(textOf(element)) : '';
  };
  const metadata: Metadata = {
    title: text(info, 'book-title') || titleFromFileName(fileName),
    authors: info ? authorsOf(info) : [],
    language: normalizeLanguage(text(info, 'lang')),
  };
  const published = firstNamed(root, 'publish-info');
  const identifier = text(published, 'isbn') || text(firstNamed(root, 'document-info'), 'id');
  const publisher = text(published, 'publisher');
  const date = dateOf(info) || text(published, 'year');
  const annotation = info && childNamed(info, 'annotation');
  const description = annotation ? renderText(convertFb2([annotation], NO_CONTEXT).blocks) : '';
  if (identifier !== '') metadata.identifier = identifier;
  if (publisher !== '') metadata.publisher = publisher;
  if (date !== '') metadata.date = date;
  if (description !== '') metadata.description = description.slice(0, 20_000).toWellFormed();
  return metadata;
}

const NO_CONTEXT = { isNote: () => false, isKnown: () => false, imageId: () => null };

function authorsOf(info: Element): string[] {
  const names = childrenNamed(info, 'author').map((author) => {
    const parts = ['first-name', 'middle-name', 'last-name'].map((name) =>
      childNamed(author, name),
    );
    const name = parts.map((part) => (part ? shortLine(textOf(part)) : '')).filter(Boolean);
    const nickname = childNamed(author, 'nickname');
    return name.join(' ') || (nickname ? shortLine(textOf(nickname)) : '');
  });
  return [...new Set(names.filter(Boolean))].slice(0, MAX_AUTHORS);
}

/** The text of a date is for people ("1863-1869"), its `value` for programs. */
function dateOf(info: Element | null): string {
  const date = info && childNamed(info, 'date');
  if (!date) return '';
  return shortLine(textOf(date), 60) || shortLine(attribute(date, 'value') ?? '', 60);
}
