import type { Kernel, ReceivedFile, Tx } from '@scriptorium/kernel';
import { query, queryOne } from '../../../platform/database.ts';
import type { ParsedBook } from '../../../platform/parsing/book-parser.ts';
import { bookError } from '../books.errors.ts';
import { BOOKS_PIPELINE, type BooksInput } from '../books.pipeline.ts';
import { subjectOf } from '../books.repo.ts';
import { insertImages } from '../images.repo.ts';
import type { UploadedFile } from '../../../platform/uploads.ts';

/** How many chapters are prepared before anybody opens one. */
const PRELOADED_CHAPTERS = 5;
/** Raised whenever the same file may give other chapters. */
const PARSER_VERSION = 1;

export interface BookToStore {
  readonly owner: { readonly id: number; readonly isPremium: boolean };
  readonly upload: UploadedFile;
  /** In the store, and without a row as yet. */
  readonly original: ReceivedFile;
  readonly book: ParsedBook;
  /** Drawn once an upload, so that a transaction that is run again makes no second job. */
  readonly submission: string;
}

/** The book and whether this call has made it; another upload of the same file may have been faster. */
export interface StoredBook {
  readonly bookId: number;
  readonly isNew: boolean;
}

/**
 * Stores a book: its row, its original, its chapters with their verdicts, and the job that prepares the first ones, all or nothing. No task can
 * run before the rows it needs are there, and no rows can be there without their task.
 */
export async function storeBook(
  tx: Tx,
  kernel: Pick<Kernel, 'submit' | 'keep'>,
  toStore: BookToStore,
): Promise<StoredBook> {
  const { owner, book, original, submission } = toStore;
  const bookId = await insertBook(tx, toStore);
  if (bookId === undefined) return await findStored(tx, toStore);
  await kernel.keep(tx, original, { subject: subjectOf(bookId) });
  await insertChapters(tx, bookId, book.chapters);
  await insertImages(tx, bookId, book.images);
  const preloaded = await chaptersToPreload(tx, bookId);
  if (preloaded.length > 0) {
    await kernel.submit(tx, {
      pipeline: BOOKS_PIPELINE,
      ownerId: owner.id,
      isPremium: owner.isPremium,
      input: { bookId, chapters: preloaded } satisfies BooksInput,
      subject: subjectOf(bookId),
      class: 'preload',
      parallel: PRELOADED_CHAPTERS,
      submission,
    });
  }
  return { bookId, isNew: true };
}

/** Undefined if the owner has the book already. */
async function insertBook(
  tx: Tx,
  { owner, upload, original, book }: BookToStore,
): Promise<number | undefined> {
  const row = await queryOne<{ id: number }>(
    tx,
    `INSERT INTO books (owner_id, sha256, file_name, file_bytes, format, title, authors, language, toc, toc_source,
                        cover, warnings, words, parser_version, original_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         ON CONFLICT (owner_id, sha256) DO NOTHING
     RETURNING id`,
    [
      owner.id,
      upload.sha256,
      upload.fileName,
      upload.bytes,
      book.format,
      book.title,
      book.authors,
      book.language,
      book.toc,
      book.tocSource,
      book.cover,
      book.warnings,
      book.chapters.reduce((sum, chapter) => sum + chapter.words, 0),
      PARSER_VERSION,
      original.id,
    ],
  );
  return row?.id;
}

/** A transaction that was committed and, its connection lost, is run again finds its own book, which is known by its file. */
async function findStored(tx: Tx, { owner, upload, original }: BookToStore): Promise<StoredBook> {
  const row = await queryOne<{ id: number; original_id: string | null }>(
    tx,
    'SELECT id, original_id FROM books WHERE owner_id = $1 AND sha256 = $2',
    [owner.id, upload.sha256],
  );
  if (row === undefined) {
    throw bookError('book.deleted_meanwhile', {
      detail: 'The same book was deleted while it came again. Hand it in once more.',
    });
  }
  return { bookId: row.id, isNew: row.original_id === original.id };
}

async function insertChapters(
  tx: Tx,
  bookId: number,
  chapters: ParsedBook['chapters'],
): Promise<void> {
  await query(
    tx,
    `INSERT INTO chapters (book_id, number, title, path, language, content, notes, text, text_hash, words,
                           page_class, page_class_reason, page_class_reason_code, page_class_reason_params)
     SELECT $1, c.*
       FROM unnest($2::integer[], $3::text[], $4::jsonb[], $5::text[], $6::jsonb[], $7::jsonb[], $8::text[], $9::text[],
                   $10::integer[], $11::text[], $12::text[], $13::text[], $14::jsonb[]) AS c`,
    [
      bookId,
      chapters.map((chapter) => chapter.number),
      chapters.map((chapter) => chapter.title),
      chapters.map((chapter) => chapter.path),
      chapters.map((chapter) => chapter.language),
      chapters.map((chapter) => chapter.content),
      chapters.map((chapter) => chapter.notes),
      chapters.map((chapter) => chapter.text),
      chapters.map((chapter) => chapter.textHash),
      chapters.map((chapter) => chapter.words),
      chapters.map((chapter) => chapter.pageClass),
      chapters.map((chapter) => chapter.pageClassReason),
      chapters.map((chapter) => chapter.pageClassCode),
      chapters.map((chapter) => chapter.pageClassParams),
    ],
  );
}

async function chaptersToPreload(tx: Tx, bookId: number): Promise<number[]> {
  const rows = await query<{ number: number }>(
    tx,
    `SELECT number
       FROM chapters
      WHERE book_id = $1
        AND effective_class = 'chapter'
      ORDER BY number
      LIMIT $2`,
    [bookId, PRELOADED_CHAPTERS],
  );
  return rows.map((row) => row.number);
}
