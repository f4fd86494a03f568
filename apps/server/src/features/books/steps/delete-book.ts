import type { Kernel } from '@scriptorium/kernel';
import { query } from '../../../platform/database.ts';
import { bookNotFound } from '../books.errors.ts';
import { findFileKey, subjectOf } from '../books.repo.ts';
import { lockBook } from '../locks.ts';
import { removeOriginal, type FileStore } from './receive-upload.ts';
import type { UploadResources } from './accept-upload.ts';

/**
 * Deletes a book: its jobs are stopped and go with all that only they refer to, then its rows, then, once that is certain, its
 * file.
 *
 * Whether it is there is asked before the transaction, which may be run again after a lost connection and then finds its own
 * work done.
 *
 * @throws AppError `book.not_found`, also for another user's book
 */
export async function deleteBook(
  { db, kernel, files }: Pick<UploadResources, 'db'> & { kernel: Kernel; files: FileStore },
  bookId: number,
  ownerId: number,
): Promise<void> {
  const fileKey = await findFileKey(db, bookId, ownerId);
  if (fileKey === undefined) throw bookNotFound(bookId);
  await kernel.transaction(async (tx) => {
    if (!(await lockBook(tx, bookId, ownerId, 'delete'))) return;
    await kernel.deleteJobs(tx, { ownerId, subject: subjectOf(bookId) });
    await query(tx, 'DELETE FROM books WHERE id = $1', [bookId]);
  });
  await removeOriginal(files, fileKey);
}
