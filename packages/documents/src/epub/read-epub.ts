import type { Archive } from '../archive/zip.ts';
import type { Book } from '../book.ts';
import type { ReadContext } from '../read-context.ts';
import { createLocator, placeEntries } from './assemble.ts';
import { buildChapters } from './chapters.ts';
import { numberedTitle } from '../finish-chapters.ts';
import { chooseFiles, readContentFile } from './content-files.ts';
import { collectImages, findCover } from './images.ts';
import { boundariesOf, climb, levelOf } from './ladder.ts';
import { readMetadata } from './metadata.ts';
import { readPackage } from './package.ts';
import { refuseProtected } from './protection.ts';
import { readToc } from './toc.ts';
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
