/** A process of {@link ParserProcesses}: reads file after file and answers with what is stored of it, or with why not. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { DocumentError, parseBook, renderText, type Book } from '@scriptorium/documents';
import { guessLanguage } from './guess-language.ts';
import type { ParseAnswer, ParsedBook, ParseTask } from './parser-processes.ts';
import { WARM_UP, warmUp } from './warm-up.ts';

let isWanted = false;

// A defect of the parser ends the process, by a rejection that nobody handles; the server hears of it and starts another.
process.on('message', (task: ParseTask) => {
  isWanted = true;
  void answer(task).then((result) => process.send?.(result));
});

if (process.argv.includes(WARM_UP)) await warmUp(() => isWanted);

async function answer(task: ParseTask): Promise<ParseAnswer> {
  try {
    const book = await parseBook(await readFile(task.path), {
      fileName: task.fileName,
      limits: { documentBytes: task.maxBytes },
    });
    return { book: toStored(book) };
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return { refusal: { code: error.code, message: error.message, details: error.details } };
  }
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
  const message =
    guess === null
      ? 'The book does not name its language, and its text does not make it clear.'
      : `The book does not name its language; by its commonest words it is "${guess}".`;
  return { language: guess, warnings: [...book.warnings, { code: 'language.guessed', message }] };
}
