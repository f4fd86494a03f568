import type { Book, BookSummary } from '@scriptorium/contract';
import type { Queryable } from '@scriptorium/kernel';
import { query, queryOne } from '../../platform/database.ts';
import { pageOf } from '../../platform/pages.ts';
import { bookNotFound } from './books.errors.ts';
import { BOOKS_PIPELINE } from './books.pipeline.ts';
import { presentChapter, readChapterStates } from './chapters.repo.ts';

/** How the kernel's rows name a book. */
export function subjectOf(bookId: number): string {
  return `book:${bookId}`;
}

interface BookRow {
  readonly id: number;
  readonly title: string;
  readonly authors: string[];
  readonly language: string | null;
  readonly format: Book['format'];
  readonly words: number;
  readonly toc_source: string;
  readonly warnings: Book['warnings'];
  readonly created_at: Date;
  readonly job_id: number | null;
  readonly is_processing: boolean;
  readonly has_cover: boolean;
}

/** `j`: the job that prepares the book, else the one that did so last. */
const COLUMNS = `b.id, b.title, b.authors, b.language, b.format, b.words, b.toc_source, b.warnings, b.created_at,
            b.cover IS NOT NULL AS has_cover,
            j.id AS job_id, COALESCE(j.is_open, false) AS is_processing`;

const LAST_JOB = `LEFT JOIN LATERAL (
              SELECT id, finished_at IS NULL AS is_open
                FROM kernel.jobs
               WHERE subject = 'book:' || b.id
                 AND pipeline = '${BOOKS_PIPELINE}'
               ORDER BY is_open DESC, id DESC
               LIMIT 1) j ON true`;

/** @throws AppError `book.not_found`, also for another user's book */
export async function readBook(db: Queryable, bookId: number, ownerId: number): Promise<Book> {
  const row = await queryOne<BookRow>(
    db,
    `SELECT ${COLUMNS}
       FROM books b
       ${LAST_JOB}
      WHERE b.id = $1
        AND b.owner_id = $2`,
    [bookId, ownerId],
  );
  if (row === undefined) throw bookNotFound(bookId);
  const chapters = await readChapterStates(db, bookId);
  return { ...presentBook(row), chapters: chapters.map(presentChapter) };
}

/** The id of the owner's book with this content. */
export async function findBookByContent(
  db: Queryable,
  ownerId: number,
  sha256: string,
): Promise<number | undefined> {
  const row = await queryOne<{ id: number }>(
    db,
    'SELECT id FROM books WHERE owner_id = $1 AND sha256 = $2',
    [ownerId, sha256],
  );
  return row?.id;
}

/** @throws AppError `book.not_found`, also for another user's book */
export async function assertOwnBook(db: Queryable, bookId: number, ownerId: number): Promise<void> {
  const row = await queryOne(db, 'SELECT 1 FROM books WHERE id = $1 AND owner_id = $2', [
    bookId,
    ownerId,
  ]);
  if (row === undefined) throw bookNotFound(bookId);
}

/** A page of the library, newest first, and where the next one begins. */
export async function listBooks(
  db: Queryable,
  ownerId: number,
  page: {
    readonly limit: number;
    readonly before?: number | undefined;
    /** Of this content alone. */
    readonly sha256?: string | undefined;
  },
): Promise<{ books: BookSummary[]; next_before: number | null }> {
  const rows = await query<BookRow & { chapters_total: number; chapters_ready: number }>(
    db,
    `SELECT ${COLUMNS},
            (SELECT count(*) FROM chapters c WHERE c.book_id = b.id) AS chapters_total,
            (SELECT count(*)
               FROM current_description_sets s
               JOIN chapters c ON c.book_id = s.book_id AND c.number = s.chapter
              WHERE s.book_id = b.id
                AND c.effective_class <> 'service') AS chapters_ready
       FROM books b
       ${LAST_JOB}
      WHERE b.owner_id = $1
        AND ($2::bigint IS NULL OR b.id < $2)
        AND ($4::text IS NULL OR b.sha256 = $4)
      ORDER BY b.id DESC
      LIMIT $3`,
    [ownerId, page.before ?? null, page.limit + 1, page.sha256 ?? null],
  );
  const { rows: shown, nextBefore } = pageOf(rows, page.limit);
  const books = shown.map((row) => ({
    ...presentBook(row),
    chapters_total: row.chapters_total,
    chapters_ready: row.chapters_ready,
  }));
  return { books, next_before: nextBefore };
}

function presentBook(row: BookRow) {
  return {
    id: row.id,
    title: row.title,
    authors: row.authors,
    language: row.language,
    format: row.format,
    // A file that cannot be parsed is refused at its upload.
    is_parsed: true,
    is_processing: row.is_processing,
    words: row.words,
    toc_source: row.toc_source,
    warnings: row.warnings,
    ...(row.has_cover ? { cover_url: `/api/v1/books/${row.id}/cover` } : {}),
    created_at: row.created_at.toISOString(),
    ...(row.job_id === null ? {} : { job_id: row.job_id }),
  };
}
