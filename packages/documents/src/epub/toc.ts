import type { Archive } from '../archive/zip.ts';
import type { TocSource } from '../book.ts';
import { shortLine } from '../content/clean.ts';
import { decodeText } from '../encoding/decode-text.ts';
import { tocTooDeep, tooManyTocEntries } from '../finish-chapters.ts';
import type { Limits } from '../limits.ts';
import type { Element } from '../markup/dom.ts';
import {
  attribute,
  childElements,
  childNamed,
  childrenNamed,
  descendantsNamed,
  firstNamed,
  semanticTypes,
  textOf,
} from '../markup/dom.ts';
import { parseXml } from '../markup/parse-markup.ts';
import type { Package, TypedPlace } from './package.ts';
import type { Reference } from './paths.ts';
import { resolveHref } from './paths.ts';

/** An entry as the book writes it; `target` is null for group titles and external links. */
export interface RawTocEntry {
  label: string;
  target: Reference | null;
  children: RawTocEntry[];
}

export interface RawToc {
  source: TocSource;
  entries: RawTocEntry[];
}

/** The first two rungs of the ladder: `nav`, then NCX. Null when neither has an entry. */
export async function readToc(
  archive: Archive,
  pack: Package,
  limits: Limits,
): Promise<{ toc: RawToc | null; landmarks: TypedPlace[] }> {
  let landmarks: TypedPlace[] = [];
  const budget = { left: limits.tocEntries, limits };
  const navItems = pack.manifest.filter((item) => item.properties.includes('nav'));
  // By the specification there is one; a hostile book could name thousands.
  for (const item of navItems.slice(0, 3)) {
    const name = archive.find(item.path);
    if (name === null) continue;
    const document = parseXml(decodeText(await archive.read(name)).text, limits);
    const navs = descendantsNamed(document, 'nav');
    landmarks = readLandmarks(navs, item.path);
    const toc = navs.find((nav) => semanticTypes(nav).includes('toc'));
    const entries = toc ? readNavList(toc, item.path, 1, budget) : [];
    if (entries.length > 0) return { toc: { source: 'nav', entries }, landmarks };
  }
  const ncx = findNcx(archive, pack);
  if (ncx !== null) {
    const document = parseXml(decodeText(await archive.read(ncx)).text, limits);
    const map = firstNamed(document, 'navmap');
    const entries = map ? readNavPoints(map, ncx, 1, budget) : [];
    if (entries.length > 0) return { toc: { source: 'ncx', entries }, landmarks };
  }
  return { toc: null, landmarks };
}

function findNcx(archive: Archive, pack: Package): string | null {
  const named = pack.manifest.filter((item) => item.id === pack.tocId);
  const typed = pack.manifest.filter((item) => item.mediaType === 'application/x-dtbncx+xml');
  for (const item of [...named, ...typed]) {
    const name = archive.find(item.path);
    if (name !== null) return name;
  }
  return null;
}

interface Budget {
  left: number;
  limits: Limits;
}

/** `ol > li > (a | span), ol?`; other wrappers around the list occur and are looked through. */
function readNavList(parent: Element, base: string, depth: number, budget: Budget): RawTocEntry[] {
  const list = childNamed(parent, 'ol') ?? (depth === 1 ? firstNamed(parent, 'ol') : null);
  if (!list) return [];
  return childrenNamed(list, 'li').map((item) => {
    spend(budget, depth);
    const label = childElements(item).find((e) => !/^(ol|ul)$/.test(e.local));
    const link = label && (label.local === 'a' ? label : firstNamed(label, 'a'));
    const href = link ? attribute(link, 'href') : null;
    return {
      label: label ? shortLine(textOf(label)) : '',
      target: href === null ? null : resolveHref(href, base),
      children: readNavList(item, base, depth + 1, budget),
    };
  });
}

function readNavPoints(
  parent: Element,
  base: string,
  depth: number,
  budget: Budget,
): RawTocEntry[] {
  return childrenNamed(parent, 'navpoint').map((point) => {
    spend(budget, depth);
    const label = childNamed(point, 'navlabel');
    const content = childNamed(point, 'content');
    const src = content && attribute(content, 'src');
    return {
      label: label ? shortLine(textOf(label)) : '',
      target: src ? resolveHref(src, base) : null,
      children: readNavPoints(point, base, depth + 1, budget),
    };
  });
}

function spend(budget: Budget, depth: number): void {
  budget.left -= 1;
  if (budget.left < 0) throw tooManyTocEntries(budget.limits);
  if (depth > budget.limits.tocDepth) throw tocTooDeep(budget.limits);
}

function readLandmarks(navs: Element[], base: string): TypedPlace[] {
  const places: TypedPlace[] = [];
  for (const nav of navs.filter((n) => semanticTypes(n).includes('landmarks'))) {
    for (const link of descendantsNamed(nav, 'a')) {
      const target = resolveHref(attribute(link, 'href') ?? '', base);
      if (target) for (const type of semanticTypes(link)) places.push({ type, target });
    }
  }
  return places;
}
