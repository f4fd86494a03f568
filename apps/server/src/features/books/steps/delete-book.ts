import { query } from '../../../platform/database.ts';
import { assertOwnBook, subjectOf } from '../books.repo.ts';
import { lockBook } from '../locks.ts';
import type { UploadResources } from './accept-upload.ts';

/**
 * Deletes a book: its jobs are stopped and go with all that only they refer to, its rows go, and its original falls due: the
 * kernel's sweeper removes it within a minute, or when nobody reads it any more.
 *
 * Whether it is there is asked before the transaction, which may be run again after a lost connection and then finds its own
 * work done.
 *
 * @throws AppError `book.not_found`, also for another user's book
 */
export async function deleteBook(
  { db, kernel }: Pick<UploadResources, 'db' | 'kernel'>,
  bookId: number,
  ownerId: number,
): Promise<void> {
  await assertOwnBook(db, bookId, ownerId);
  await kernel.transaction(async (tx) => {
    if (!(await lockBook(tx, bookId, ownerId, 'delete'))) return;
    await kernel.deleteJobs(tx, { ownerId, subject: subjectOf(bookId) });
    await query(tx, 'DELETE FROM books WHERE id = $1', [bookId]);
  });
}
