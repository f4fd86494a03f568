import type { Archive } from '../archive/zip.ts';
import type { Book, TocSource } from '../book.ts';
import type { ReadContext } from '../read-context.ts';
import type { LeveledTarget, PlacedEntry } from './assemble.ts';
import { chapterLevel, createLocator, flatten, placeEntries } from './assemble.ts';
import { buildChapters } from './chapters.ts';
import { numberedTitle } from '../finish-chapters.ts';
import { chooseFiles, readContentFile } from './content-files.ts';
import { entriesFromFiles, entriesFromHeadings, headingTitle } from './headings.ts';
import { collectImages, findCover } from './images.ts';
import { readMetadata } from './metadata.ts';
import { readPackage } from './package.ts';
import { refuseProtected } from './protection.ts';
import { readToc } from './toc.ts';
import type { RawToc } from './toc.ts';
import type { ContentFile } from './xhtml-converter.ts';

/** Reads an EPUB 2 or 3. Throws DocumentError, or the signal's reason when it is aborted. */
export async function readEpub(archive: Archive, context: ReadContext): Promise<Book> {
  const { limits, warn, signal } = context;
  await refuseProtected(archive, limits);
  const pack = await readPackage(archive, limits, warn);
  const { toc, landmarks } = await readToc(archive, pack, limits);
  const spine = chooseFiles(archive, pack, limits, warn);
  const images = collectImages(archive, pack, limits, warn);
  const cover = findCover(pack, images);

  const level = toc ? levelOf(toc, spine.find) : 1;
  const boundaries = toc ? boundariesOf(toc, level, spine.find) : new Map<string, Set<string>>();
  const budget = { left: limits.elements };
  const files: ContentFile[] = [];
  for (const entry of spine.readable) {
    signal?.throwIfAborted();
    files.push(
      await readContentFile(archive, entry, {
        limits,
        spine,
        images,
        budget,
        warn,
        boundaries: boundaries.get(entry.name) ?? new Set(),
      }),
    );
  }

  const metadata = readMetadata(pack, limits, context.fileName);
  const locate = createLocator(files, spine.find);
  const ladder = climb(toc, level, files, {
    place: (raw) => placeEntries(raw.entries, locate),
    number: (index) => numberedTitle(index, metadata.language),
  });
  warn('toc.source', `The table of contents comes from: ${ladder.source}.`);
  const direction = metadata.direction ?? files.find((file) => file.direction)?.direction;
  if (direction === 'rtl' || direction === 'ltr') metadata.direction = direction;
  const built = buildChapters({
    files,
    entries: ladder.entries,
    level: ladder.level,
    places: [...landmarks, ...pack.guide],
    metadata,
    limits,
    locate,
  });
  return {
    format: 'epub',
    metadata,
    cover,
    ...built,
    tocSource: ladder.source,
    images: await images.read(),
    warnings: [...context.warnings],
  };
}

interface Ladder {
  source: TocSource;
  entries: PlacedEntry[];
  level: number;
}

/** Files of a book, and headings in it, from which on a table of contents of one file is no use. */
const MANY_FILES = 5;
const SOME_HEADINGS = 3;

/**
 * First rung that yields an entry: `nav` or NCX, else headings, else the files themselves. A table of
 * contents that knows one file of many ("Start") gives way to headings.
 */
function climb(
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
  if (headings.length >= (toc ? SOME_HEADINGS : 1)) {
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

function levelOf(toc: RawToc, find: (path: string) => string | null): number {
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
function boundariesOf(
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
