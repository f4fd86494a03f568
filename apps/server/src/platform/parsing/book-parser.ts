import { createHash } from 'node:crypto';
import {
  parseBook,
  renderText,
  type Book,
  type BookFormat,
  type PageClass,
  type ReasonCode,
  type TocSource,
  type Warning,
} from '@scriptorium/documents';
import { guessLanguage } from './guess-language.ts';
import type { FileFacts } from './parsers.ts';

/** A chapter as its row holds it. `content`, `notes` and `path` are JSON. */
export interface ParsedChapter {
  /** 1-based. */
  readonly number: number;
  readonly title: string;
  readonly path: string;
  readonly language: string | null;
  readonly content: string;
  readonly notes: string;
  readonly text: string;
  /** sha256 of `text`, hex. */
  readonly textHash: string;
  readonly words: number;
  readonly pageClass: PageClass;
  readonly pageClassReason: string;
  readonly pageClassCode: ReasonCode;
  /** JSON. */
  readonly pageClassParams: string;
}

export interface ParsedImage {
  readonly image: string;
  readonly mediaType: string;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** A book as its row holds it. `authors`, `toc`, `cover` and `warnings` are JSON. */
export interface ParsedBook {
  readonly format: BookFormat;
  readonly title: string;
  readonly authors: string;
  readonly language: string | null;
  readonly toc: string;
  readonly tocSource: TocSource;
  readonly cover: string | null;
  readonly warnings: string;
  readonly chapters: readonly ParsedChapter[];
  readonly images: readonly ParsedImage[];
}

/**
 * Reads a book: EPUB, FB2, MOBI or plain text.
 *
 * @throws DocumentError for a file that cannot be read
 */
export async function parseStoredBook(
  bytes: Uint8Array,
  { fileName, maxBytes }: FileFacts,
): Promise<ParsedBook> {
  const limits = { documentBytes: maxBytes };
  return toStored(await parseBook(bytes, { fileName, limits }));
}

/** As JSON already, which the server hands to the database as it is. */
function toStored(book: Book): ParsedBook {
  const chapters = book.chapters.map((chapter) => {
    const text = renderText(chapter.content);
    return {
      number: chapter.index + 1,
      title: chapter.title,
      path: JSON.stringify(chapter.path),
      language: chapter.language ?? null,
      content: JSON.stringify(chapter.content),
      notes: JSON.stringify(chapter.notes),
      text,
      textHash: createHash('sha256').update(text).digest('hex'),
      words: chapter.words,
      pageClass: chapter.pageClass,
      pageClassReason: chapter.pageClassReason,
      pageClassCode: chapter.pageClassCode,
      pageClassParams: JSON.stringify(chapter.pageClassParams),
    };
  });
  const { language, warnings } = languageOf(book, chapters);
  return {
    format: book.format,
    title: book.metadata.title,
    authors: JSON.stringify(book.metadata.authors),
    language,
    toc: JSON.stringify(book.toc),
    tocSource: book.tocSource,
    cover: coverOf(book),
    warnings: JSON.stringify(warnings),
    chapters,
    images: book.images.map(({ id, mediaType, bytes }) => ({
      image: id,
      mediaType,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes,
    })),
  };
}

/** A cover that could not be read is none. */
function coverOf({ cover, images }: Book): string | null {
  const isThere = cover !== null && images.some(({ id }) => id === cover.image);
  return isThere ? JSON.stringify(cover) : null;
}

/** What the book says, else what its text looks like, with a warning that it is a guess. */
function languageOf(book: Book, chapters: ParsedBook['chapters']) {
  const { language } = book.metadata;
  if (language !== null) return { language, warnings: book.warnings };
  const story = chapters.filter(({ pageClass }) => pageClass === 'chapter');
  const guess = guessLanguage(story.map(({ text }) => text).join('\n'));
  return { language: guess, warnings: [...book.warnings, guessWarning(guess)] };
}

function guessWarning(guess: string | null): Warning {
  if (guess === null) {
    return {
      code: 'language.unknown',
      message: 'The book does not name its language, and its text does not make it clear.',
    };
  }
  return {
    code: 'language.guessed',
    message: `The book does not name its language; by its commonest words it is "${guess}".`,
    params: { language: guess },
  };
}
