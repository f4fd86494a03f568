import type { ChapterSummary } from '@scriptorium/contract';
import type { Kernel, Tx } from '@scriptorium/kernel';
import { bookError } from '../books.errors.ts';
import { readChapterState } from '../chapters.repo.ts';
import { lockChapter } from '../locks.ts';
import {
  addRevision,
  findNewestRevision,
  readVersion,
  undoRevision,
  type ChapterVersion,
} from '../revisions.repo.ts';
import {
  joinOrSubmit,
  servicePage,
  submitChapter,
  type ChapterWish,
} from './extract-descriptions.ts';

type PageClass = ChapterSummary['page_class'];

export interface ReprocessRequest extends ChapterWish {
  /** What the person says the page is; absent: no word about it. */
  readonly isServicePage: boolean | undefined;
}

export interface Reprocessed {
  /** Absent when there is nothing to prepare: the chapter is a service page now. */
  readonly jobId: number | undefined;
  readonly isCorrection: boolean;
  /** False: what was asked for is under way already, or was so before. */
  readonly isRevision: boolean;
}

/**
 * A new version of a chapter's descriptions, beside the one that is there, and a correction of its class if the person says so.
 *
 * A version is new only if the wanted one is there: whoever asks again before that joins the one that is being made.
 *
 * @throws AppError `book.not_found`, `book.chapter_not_found`, `book.service_page`
 */
export async function reprocessChapter(
  tx: Tx,
  kernel: Pick<Kernel, 'submit'>,
  request: ReprocessRequest,
): Promise<Reprocessed> {
  const { bookId, chapter, owner, isServicePage } = request;
  await lockChapter(tx, { bookId, chapter, ownerId: owner.id });
  const state = await readChapterState(tx, bookId, chapter);
  const version = await readVersion(tx, bookId, chapter);
  if (version === undefined) throw new Error(`Chapter ${chapter} of book ${bookId} vanished.`);
  const override = correctionOf(version, isServicePage);
  const isCorrection = override !== version.page_class_override;
  const revision = { bookId, chapter, override, createdBy: owner.id };
  if ((override ?? version.page_class) === 'service') {
    if (isServicePage !== true) throw servicePage(state);
    if (isCorrection) await addRevision(tx, { ...revision, generation: null, jobId: null });
    return { jobId: undefined, isCorrection, isRevision: isCorrection };
  }
  const isNewVersion = version.is_wanted_there;
  const { jobId, isNew } = isNewVersion
    ? { jobId: await submitChapter(tx, kernel, request), isNew: true }
    : await joinOrSubmit(tx, kernel, request);
  if (isNewVersion || isCorrection) {
    const generation = isNewVersion ? version.next_generation : null;
    // Cancelled by its undo only if nobody else has asked for it.
    await addRevision(tx, { ...revision, generation, jobId: isNew ? jobId : null });
  }
  return { jobId, isCorrection, isRevision: isNewVersion || isCorrection };
}

/** What has to stand beside the verdict so that the page is what the person says; null: the verdict will do. */
function correctionOf(
  { page_class, page_class_override, effective_class }: ChapterVersion,
  isServicePage: boolean | undefined,
): PageClass | null {
  const isKnown = isServicePage === undefined || isServicePage === (effective_class === 'service');
  if (isKnown) return page_class_override;
  if ((page_class === 'service') === isServicePage) return null;
  return isServicePage ? 'service' : 'chapter';
}

export interface UndoRequest {
  readonly bookId: number;
  readonly chapter: number;
  readonly ownerId: number;
  /** The newest revision when the person asked; see {@link undoReprocess}. */
  readonly revision: number;
}

/**
 * Takes back the newest revision of a chapter: its correction, its version, and the job for it if that still runs.
 *
 * `revision` was read before the transaction. When the transaction is run again after a lost connection, or the button was
 * pressed twice, that one is undone already, and no older one is.
 *
 * @returns whether it was a correction; undefined if nothing was left to do
 */
export async function undoReprocess(
  tx: Tx,
  kernel: Pick<Kernel, 'cancelIn'>,
  { bookId, chapter, ownerId, revision }: UndoRequest,
): Promise<{ isCorrection: boolean } | undefined> {
  await lockChapter(tx, { bookId, chapter, ownerId });
  const newest = await findNewestRevision(tx, bookId, chapter);
  if (newest === undefined || newest.number < revision) return undefined;
  await undoRevision(tx, bookId, chapter, newest.number);
  if (newest.job_id !== null) await kernel.cancelIn(tx, newest.job_id, ownerId);
  return { isCorrection: newest.is_correction };
}

export function nothingToUndo(bookId: number, chapter: number) {
  return bookError('book.nothing_to_undo', {
    detail: `Nobody has corrected chapter ${chapter} of book ${bookId} or asked for another version of it, or all of that is undone.`,
  });
}
