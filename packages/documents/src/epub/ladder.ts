import type { TocSource } from '../book.ts';
import type { LeveledTarget, PlacedEntry } from './assemble.ts';
import { chapterLevel, flatten } from './assemble.ts';
import { entriesFromFiles, entriesFromHeadings, headingTitle } from './headings.ts';
import type { RawToc } from './toc.ts';
import type { ContentFile } from './xhtml-converter.ts';

export interface Ladder {
  source: TocSource;
  entries: PlacedEntry[];
  level: number;
}

/**
 * In a book of this many files a table of contents of one file is no use, and fewer headings than these
 * are no table of contents: the title page and the first words of an appendix.
 */
const MANY_FILES = 5;
const SOME_HEADINGS = 3;

/**
 * First rung that yields an entry: the table of contents (`nav`, NCX, guide), else headings, else the
 * files themselves. A table of contents that knows one file of many ("Start") gives way to headings.
 */
export function climb(
  toc: RawToc | null,
  level: number,
  files: readonly ContentFile[],
  make: { place: (toc: RawToc) => PlacedEntry[]; number: (index: number) => string },
): Ladder {
  const placed = toc ? make.place(toc) : [];
  const reached = new Set(flatten(placed).map((entry) => entry.place?.file ?? null));
  const isPoor = reached.size <= 1 && files.length >= MANY_FILES;
  if (toc && !isPoor) return { source: toc.source, entries: placed, level };
  const headings = entriesFromHeadings(files);
  const isEnough = toc || files.length >= MANY_FILES ? SOME_HEADINGS : 1;
  if (flatten(headings).length >= isEnough) {
    const flat = flatten(headings).map((entry) => ({
      level: entry.level,
      file: String(entry.place?.file),
      fragment: String(entry.place?.leaf),
    }));
    return { source: 'headings', entries: headings, level: chapterLevel(flat) };
  }
  if (toc) return { source: toc.source, entries: placed, level };
  const title = (file: ContentFile, index: number): string =>
    headingTitle(file, 0, file.flow.leaves.length) || file.title || make.number(index);
  return { source: 'spine', entries: entriesFromFiles(files, title), level: 1 };
}

/** The chapter level of a table of contents, see `chapterLevel`. */
export function levelOf(toc: RawToc, find: (path: string) => string | null): number {
  const entries: LeveledTarget[] = [];
  const walk = (list: RawToc['entries'], level: number): void => {
    for (const { target, children } of list) {
      const file = target && find(target.path);
      entries.push({ level, file, fragment: target?.fragment ?? null });
      walk(children, level + 1);
    }
  };
  walk(toc.entries, 1);
  return chapterLevel(entries);
}

/** For each file the identifiers at which a chapter may begin. */
export function boundariesOf(
  toc: RawToc,
  level: number,
  find: (path: string) => string | null,
): Map<string, Set<string>> {
  const boundaries = new Map<string, Set<string>>();
  const walk = (list: RawToc['entries'], depth: number): void => {
    for (const { target, children } of list) {
      const file = target && find(target.path);
      if (file && target.fragment !== null && depth <= level) {
        const ids = boundaries.get(file) ?? new Set<string>();
        boundaries.set(file, ids.add(target.fragment));
      }
      walk(children, depth + 1);
    }
  };
  walk(toc.entries, 1);
  return boundaries;
}
