import type { Kernel, Tx } from '@scriptorium/kernel';
import { queryOne } from '../../../platform/database.ts';
import { bookError } from '../books.errors.ts';
import { BOOKS_PIPELINE, type BooksInput } from '../books.pipeline.ts';
import { subjectOf } from '../books.repo.ts';
import { readChapterState, statusOf, type ChapterState } from '../chapters.repo.ts';

export interface ExtractRequest {
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
 * @throws AppError `book.chapter_not_found`, `book.service_page`
 */
export async function extractDescriptions(
  tx: Tx,
  kernel: Pick<Kernel, 'submit'>,
  { bookId, chapter, owner, submission }: ExtractRequest,
): Promise<number | undefined> {
  await queryOne(
    tx,
    'SELECT 1 FROM chapters WHERE book_id = $1 AND number = $2 FOR NO KEY UPDATE',
    [bookId, chapter],
  );
  const state = await readChapterState(tx, bookId, chapter);
  if (statusOf(state) === 'ready') return undefined;
  assertIsNoServicePage(state);
  const open = await findOpenJob(tx, bookId, chapter, owner.id);
  if (open !== undefined) return open;
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

function assertIsNoServicePage(state: ChapterState): void {
  if (state.effective_class !== 'service') return;
  throw bookError('book.service_page', {
    detail: `Chapter ${state.number}, "${state.title}", is taken for a service page (${state.page_class_reason}), so nobody looks for descriptions in it. If it is text to read, correct its page class to "chapter" and ask again.`,
  });
}

/** A job of the caller's for this very chapter. The preload does not count: a person who waits is more urgent than it. */
async function findOpenJob(
  tx: Tx,
  bookId: number,
  chapter: number,
  ownerId: number,
): Promise<number | undefined> {
  const row = await queryOne<{ id: number }>(
    tx,
    `SELECT id
       FROM kernel.jobs
      WHERE subject = $1
        AND pipeline = $2
        AND owner_id = $3
        AND class = 'waiting'
        AND input -> 'chapters' @> to_jsonb($4::integer)
        AND finished_at IS NULL
      ORDER BY id DESC
      LIMIT 1`,
    [subjectOf(bookId), BOOKS_PIPELINE, ownerId, chapter],
  );
  return row?.id;
}
