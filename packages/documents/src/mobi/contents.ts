import { shortLine } from '../content/clean.ts';
import type { TypedPlace } from '../epub/package.ts';
import type { RawToc, RawTocEntry } from '../epub/toc.ts';
import { tooManyTocEntries } from '../finish-chapters.ts';
import type { Limits } from '../limits.ts';
import type { Element } from '../markup/dom.ts';
import { attribute, childElements, descendantsNamed, textOf } from '../markup/dom.ts';
import { parseXhtml } from '../markup/parse-markup.ts';
import type { Pages } from './pages.ts';
import { anchorName, parseFilepos } from './pages.ts';

/** The places that the `guide` in the head of the text names: `toc`, `cover`, `text`… */
export function readGuide(pages: Pages, limits: Limits): TypedPlace[] {
  const [first] = pages.list;
  const end = first?.html.search(/<\/guide>/i) ?? -1;
  if (!first || end < 0) return [];
  const head = parseXhtml(first.html.slice(0, end), limits);
  return descendantsNamed(head, 'reference').flatMap((element) => {
    const target = placeOf(element, pages);
    const type = (attribute(element, 'type') ?? '').toLowerCase();
    return target && type !== '' ? [{ type, target }] : [];
  });
}

/** A page with fewer links is no table of contents. */
const MIN_ENTRIES = 2;

/**
 * The table of contents: the links from the place that the guide calls `toc` to the end of its page, or
 * to the first place they lead to. Lists and quotes around a link are its level.
 * Throws DocumentError `document.too_many_toc_entries`.
 */
export function readContents(
  pages: Pages,
  guide: readonly TypedPlace[],
  limits: Limits,
): RawToc | null {
  const target = guide.find(({ type }) => type === 'toc')?.target;
  const page = pages.list.find(({ path }) => path === target?.path);
  if (!target || !page) return null;
  const links = linksFrom(parseXhtml(page.html, limits), target.fragment, pages);
  if (links.length > limits.tocEntries) throw tooManyTocEntries(limits);
  return links.length < MIN_ENTRIES ? null : { source: 'guide', entries: nest(links) };
}

interface ContentsLink {
  depth: number;
  entry: RawTocEntry;
}

function linksFrom(page: Element, start: string | null, pages: Pages): ContentsLink[] {
  const links: ContentsLink[] = [];
  const targets = new Set<string>();
  let state: 'before' | 'in' | 'after' = 'before';
  const walk = (parent: Element, depth: number): void => {
    for (const element of childElements(parent)) {
      const id = element.attribs['id'];
      if (state === 'before' && id === start) state = 'in';
      if (state === 'in' && id !== undefined && targets.has(id)) state = 'after';
      if (state === 'after') return;
      const name = element.local;
      const link = state === 'in' && name === 'a' ? placeOf(element, pages) : null;
      const label = link ? shortLine(textOf(element)) : '';
      if (link && label !== '') {
        links.push({ depth, entry: { label, target: link, children: [] } });
        targets.add(link.fragment);
      }
      walk(element, depth + (/^([uo]l|blockquote)$/.test(name) ? 1 : 0));
    }
  };
  walk(page, 0);
  return links;
}

function nest(links: readonly ContentsLink[]): RawTocEntry[] {
  const roots: RawTocEntry[] = [];
  const open: ContentsLink[] = [];
  for (const link of links) {
    while ((open.at(-1)?.depth ?? -1) >= link.depth) open.pop();
    (open.at(-1)?.entry.children ?? roots).push(link.entry);
    open.push(link);
  }
  return roots;
}

function placeOf(element: Element, pages: Pages): { path: string; fragment: string } | null {
  const filepos = parseFilepos(element.attribs['filepos']);
  const path = filepos === null ? null : pages.pathOf(filepos);
  return filepos === null || path === null ? null : { path, fragment: anchorName(filepos) };
}
