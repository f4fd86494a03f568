import type { Metadata } from '../book.ts';
import { shortLine } from '../content/clean.ts';
import type { Element } from '../markup/dom.ts';
import { attribute, childrenNamed, textOf } from '../markup/dom.ts';
import { normalizeLanguage, titleFromFileName } from '../metadata.ts';
import { plainTextOfHtml } from './xhtml.ts';
import type { Package } from './package.ts';
import type { Limits } from '../limits.ts';

const MAX_AUTHORS = 50;

/** Dublin Core metadata of a package document. */
export function readMetadata(
  pack: Package,
  limits: Limits,
  fileName: string | undefined,
): Metadata {
  const element = pack.metadata;
  // EPUB 2 in the wild: the Dublin Core elements one level deeper, in dc-metadata.
  const scopes = element ? [element, ...childrenNamed(element, 'dc-metadata')] : [];
  const all = (name: string): Element[] => scopes.flatMap((scope) => childrenNamed(scope, name));
  const texts = (name: string): string[] =>
    all(name)
      .map((e) => shortLine(textOf(e)))
      .filter(Boolean);

  const metadata: Metadata = {
    title: mainTitle(all('title'), all('meta')) || titleFromFileName(fileName),
    authors: authorsOf(all('creator'), all('meta')),
    language: texts('language').map(normalizeLanguage).find(Boolean) ?? null,
  };
  const [identifier] = texts('identifier');
  const [publisher] = texts('publisher');
  const [date] = texts('date');
  const description = descriptionOf(all('description')[0], limits);
  if (identifier !== undefined) metadata.identifier = identifier;
  if (publisher !== undefined) metadata.publisher = publisher;
  if (date !== undefined) metadata.date = date;
  if (description !== '') metadata.description = description;
  if (pack.direction !== null) metadata.direction = pack.direction;
  return metadata;
}

/** The title refined as `main`, else the first. */
function mainTitle(titles: Element[], metas: Element[]): string {
  const main = metas.find(
    (meta) => attribute(meta, 'property') === 'title-type' && textOf(meta).trim() === 'main',
  );
  const id = main && attribute(main, 'refines')?.replace(/^#/, '');
  const chosen = titles.find((title) => id !== undefined && title.attribs['id'] === id);
  const candidates = [...(chosen ? [chosen] : []), ...titles];
  return candidates.map((title) => shortLine(textOf(title))).find(Boolean) ?? '';
}

/** Creators whose role, if any, is author. If none has that role, all creators. */
function authorsOf(creators: Element[], metas: Element[]): string[] {
  const roles = new Map<string, string>();
  for (const meta of metas) {
    const refines = attribute(meta, 'refines')?.replace(/^#/, '');
    if (attribute(meta, 'property') === 'role' && refines !== undefined) {
      roles.set(refines, textOf(meta).trim());
    }
  }
  const withRoles = creators.map((creator) => ({
    name: shortLine(textOf(creator)),
    role: attribute(creator, 'role') ?? roles.get(creator.attribs['id'] ?? '') ?? 'aut',
  }));
  const authors = withRoles.filter(({ role }) => role === 'aut');
  const names = (authors.length > 0 ? authors : withRoles).map(({ name }) => name).filter(Boolean);
  return [...new Set(names)].slice(0, MAX_AUTHORS);
}

function descriptionOf(element: Element | undefined, limits: Limits): string {
  if (!element) return '';
  // Often HTML, written as text: "&lt;p&gt;A novel…".
  return plainTextOfHtml(textOf(element).slice(0, 50_000), limits);
}
