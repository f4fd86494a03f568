import type { Kernel, Tx } from '@scriptorium/kernel';
import { bookError } from '../books.errors.ts';
import { BOOKS_PIPELINE, type BooksInput } from '../books.pipeline.ts';
import { subjectOf } from '../books.repo.ts';
import { readChapterState, statusOf, type ChapterState } from '../chapters.repo.ts';
import { lockChapter } from '../locks.ts';
import { findOpenJob } from './find-open-job.ts';

export interface ChapterWish {
  readonly bookId: number;
  readonly chapter: number;
  readonly owner: { readonly id: number; readonly isPremium: boolean };
  /** Drawn once a request, so that a transaction that is run again makes no second job. */
  readonly submission: string;
}

/**
 * Sees to it that a chapter is prepared for somebody who waits for it: nothing to do if it is; else the person's own job, which
 * joins a work that is under way and raises its priority, instead of doing it a second time.
 *
 * The lock on the chapter makes impatient clicks come one after the other, so that all but the first find the job of the first.
 *
 * @returns the job, or undefined if the descriptions are there
 * @throws AppError `book.not_found`, `book.chapter_not_found`, `book.service_page`
 */
export async function extractDescriptions(
  tx: Tx,
  kernel: Pick<Kernel, 'submit'>,
  wish: ChapterWish,
): Promise<number | undefined> {
  const { bookId, chapter, owner } = wish;
  await lockChapter(tx, { bookId, chapter, ownerId: owner.id });
  const state = await readChapterState(tx, bookId, chapter);
  if (statusOf(state) === 'ready') return undefined;
  if (state.effective_class === 'service') throw servicePage(state);
  return (await joinOrSubmit(tx, kernel, wish)).jobId;
}

/**
 * The caller's job for a chapter, which has to be locked: the one that is open already, else a new one. Which version it makes is
 * decided by its plan, so a job that has not begun yet makes the newest.
 */
export async function joinOrSubmit(
  tx: Tx,
  kernel: Pick<Kernel, 'submit'>,
  wish: ChapterWish,
): Promise<{ jobId: number; isNew: boolean }> {
  const { bookId, chapter, owner } = wish;
  const filter = { bookId, ownerId: owner.id, class: 'waiting', chapters: [chapter] } as const;
  const open = await findOpenJob(tx, filter);
  if (open !== undefined) return { jobId: open, isNew: false };
  return { jobId: await submitChapter(tx, kernel, wish), isNew: true };
}

/** A new job for one chapter, for somebody who waits for it. */
export async function submitChapter(
  tx: Tx,
  kernel: Pick<Kernel, 'submit'>,
  { bookId, chapter, owner, submission }: ChapterWish,
): Promise<number> {
  const job = await kernel.submit(tx, {
    pipeline: BOOKS_PIPELINE,
    ownerId: owner.id,
    isPremium: owner.isPremium,
    input: { bookId, chapters: [chapter] } satisfies BooksInput,
    subject: subjectOf(bookId),
    class: 'waiting',
    parallel: 1,
    submission,
  });
  return job.id;
}

export function servicePage(state: ChapterState) {
  const reason = state.is_corrected ? 'somebody has corrected it' : state.page_class_reason;
  return bookError('book.service_page', {
    detail: `Chapter ${state.number}, "${state.title}", is taken for a service page (${reason}), so nobody looks for descriptions in it. If it is text to read, correct it: POST /api/v1/books/${state.book_id}/chapters/${state.number}/reprocess with {"is_service_page": false}.`,
  });
}
