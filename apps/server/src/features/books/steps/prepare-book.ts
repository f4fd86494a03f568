import type { Kernel, Tx } from '@scriptorium/kernel';
import { bookNotFound } from '../books.errors.ts';
import { BOOKS_PIPELINE, type BooksInput } from '../books.pipeline.ts';
import { subjectOf } from '../books.repo.ts';
import { readChapterStates } from '../chapters.repo.ts';
import { lockBook } from '../locks.ts';
import { findOpenJob } from './find-open-job.ts';

export interface PrepareRequest {
  readonly bookId: number;
  readonly owner: { readonly id: number; readonly isPremium: boolean };
  readonly submission: string;
}

/** How many of a book's chapters are worked on at once: enough to keep a worker busy, without a queue full of one book. */
const PARALLEL = 5;

/**
 * One job for all chapters that are not ready, those under way included: it joins them, so that its progress is the book's.
 *
 * @returns the chapters, and the job unless there are none
 * @throws AppError `book.not_found`
 */
export async function prepareBook(
  tx: Tx,
  kernel: Pick<Kernel, 'submit'>,
  { bookId, owner, submission }: PrepareRequest,
): Promise<{ chapters: number[]; jobId: number | undefined }> {
  if (!(await lockBook(tx, bookId, owner.id, 'alone'))) throw bookNotFound(bookId);
  const chapters = (await readChapterStates(tx, bookId))
    .filter((state) => state.effective_class === 'chapter' && state.work_id === null)
    .map((state) => state.number);
  if (chapters.length === 0) return { chapters, jobId: undefined };
  const open = await findOpenJob(tx, { bookId, ownerId: owner.id, class: 'bulk', chapters });
  if (open !== undefined) return { chapters, jobId: open };
  const job = await kernel.submit(tx, {
    pipeline: BOOKS_PIPELINE,
    ownerId: owner.id,
    isPremium: owner.isPremium,
    input: { bookId, chapters } satisfies BooksInput,
    subject: subjectOf(bookId),
    class: 'bulk',
    parallel: PARALLEL,
    submission,
  });
  return { chapters, jobId: job.id };
}
