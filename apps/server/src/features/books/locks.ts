import type { Tx } from '@scriptorium/kernel';
import { queryOne } from '../../platform/database.ts';
import { bookNotFound } from './books.errors.ts';

/**
 * The locks of the books: the book's row, then its chapter's, then, inside of the kernel, jobs and works.
 *
 * `present` keeps a book from being deleted; `alone` also makes those come one after the other who decide on the book as a whole;
 * `delete` waits for both, so that nobody submits a job for a book that is going.
 */
const STRENGTH = { present: 'KEY SHARE', alone: 'NO KEY UPDATE', delete: 'UPDATE' } as const;

/** True if the book is there and the owner's. */
export async function lockBook(
  tx: Tx,
  bookId: number,
  ownerId: number,
  strength: keyof typeof STRENGTH,
): Promise<boolean> {
  const row = await queryOne(
    tx,
    `SELECT 1 FROM books WHERE id = $1 AND owner_id = $2 FOR ${STRENGTH[strength]}`,
    [bookId, ownerId],
  );
  return row !== undefined;
}

/**
 * Makes those who decide on one chapter come one after the other. The worker's writes take a weaker lock and are not held up.
 *
 * @throws AppError `book.not_found`; a chapter that is not there locks nothing
 */
export async function lockChapter(
  tx: Tx,
  chapter: { readonly bookId: number; readonly chapter: number; readonly ownerId: number },
): Promise<void> {
  const { bookId, ownerId } = chapter;
  if (!(await lockBook(tx, bookId, ownerId, 'present'))) throw bookNotFound(bookId);
  await queryOne(
    tx,
    'SELECT 1 FROM chapters WHERE book_id = $1 AND number = $2 FOR NO KEY UPDATE',
    [bookId, chapter.chapter],
  );
}
