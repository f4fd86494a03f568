import type { Book } from '../book.ts';
import { createLocator, placeEntries } from '../epub/assemble.ts';
import { buildChapters } from '../epub/chapters.ts';
import { boundariesOf, climb, levelOf } from '../epub/ladder.ts';
import { convertDocument } from '../epub/xhtml.ts';
import type { ContentFile } from '../epub/xhtml-converter.ts';
import { numberedTitle } from '../finish-chapters.ts';
import { parseXhtml } from '../markup/parse-markup.ts';
import type { ReadContext } from '../read-context.ts';
import { readContents, readGuide } from './contents.ts';
import { usualSize } from './font-sizes.ts';
import { readHeader } from './header.ts';
import type { MobiImages } from './images.ts';
import { collectImages } from './images.ts';
import { IMAGE_PATH, restoreXhtml } from './markup.ts';
import { coverIndex, readMetadata } from './metadata.ts';
import type { MobiPage, Pages } from './pages.ts';
import { cutPages } from './pages.ts';
import { readRecords } from './palm-database.ts';
import { readText } from './text-records.ts';

/**
 * Reads a MOBI of version 6. Its text is one HTML document, cut into pages at its page breaks; from
 * there on the pages are what the files of the spine are in an EPUB.
 * Throws DocumentError, or the signal's reason when it is aborted.
 */
export function readMobi(bytes: Uint8Array, context: ReadContext): Book {
  const { limits, warn } = context;
  const records = readRecords(bytes);
  const header = readHeader(records, bytes.byteLength);
  const text = readText(records, header, limits);
  if (text.length < header.textLength) {
    warn('mobi.text_shorter', `The text has ${text.length} bytes of ${header.textLength}.`, {
      bytes: text.length,
      expected_bytes: header.textLength,
    });
  }
  const pages = cutPages(text, header.encoding, limits, warn);
  const metadata = readMetadata(header, pages.encoding, limits, context.fileName);
  const pictures = header.firstImage === null ? [] : records.slice(header.firstImage);
  const images = collectImages(pictures, limits, warn);
  const cover = coverOf(coverIndex(header), images);

  const guide = readGuide(pages, limits);
  const toc = readContents(pages, guide, limits);
  const findPage = pageFinder(pages);
  const level = toc ? levelOf(toc, findPage) : 1;
  const boundaries = toc ? boundariesOf(toc, level, findPage) : new Map<string, Set<string>>();
  const files = convertPages(pages, { context, images, findPage, boundaries });

  const locate = createLocator(files, findPage);
  const ladder = climb(toc, level, files, {
    place: (raw) => placeEntries(raw.entries, locate),
    number: (index) => numberedTitle(index, metadata.language),
  });
  warn('toc.source', `The table of contents comes from: ${ladder.source}.`);
  const built = buildChapters({
    files,
    entries: ladder.entries,
    level: ladder.level,
    places: guide,
    metadata,
    limits,
    locate,
  });
  return {
    format: 'mobi',
    metadata,
    cover,
    ...built,
    tocSource: ladder.source,
    images: images.list(),
    warnings: [...context.warnings],
  };
}

function coverOf(index: number | null, images: MobiImages): Book['cover'] {
  const image = index === null ? null : images.add(index);
  return image === null ? null : { image, alt: '' };
}

type FindPage = (path: string) => string | null;

function pageFinder({ list }: Pages): FindPage {
  const paths = new Set(list.map(({ path }) => path));
  return (path) => (paths.has(path) ? path : null);
}

function convertPages(
  pages: Pages,
  made: {
    context: ReadContext;
    images: MobiImages;
    findPage: FindPage;
    boundaries: ReadonlyMap<string, ReadonlySet<string>>;
  },
): ContentFile[] {
  const { limits, signal } = made.context;
  const budget = { left: limits.elements };
  const style = { pathOf: pages.pathOf, usualSize: usualSize(pages.list) };
  const imageId = (path: string): string | null => {
    const number = IMAGE_PATH.exec(path)?.[1];
    // Numbered from 1.
    return number === undefined ? null : made.images.add(Number(number) - 1);
  };
  return pages.list.map(({ path, html }: MobiPage) => {
    signal?.throwIfAborted();
    const document = parseXhtml(html, limits, budget);
    restoreXhtml(document, style);
    return convertDocument(document, path, {
      limits,
      budget,
      findFile: made.findPage,
      imageId,
      boundaries: made.boundaries.get(path) ?? new Set(),
    });
  });
}
