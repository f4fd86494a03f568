import type { Descriptions } from '@scriptorium/contract';
import type { Kernel, Queryable } from '@scriptorium/kernel';
import type { FastifyReply } from 'fastify';
import { presentJob } from '../jobs/index.ts';
import { readChapterState, statusOf } from './chapters.repo.ts';
import { setEntityTag } from './conditional-answers.ts';
import { readDescriptions } from './descriptions.repo.ts';

export interface DescriptionsRequest {
  readonly db: Queryable;
  readonly kernel: Kernel;
  readonly bookId: number;
  readonly chapter: number;
  readonly ownerId: number;
}

/**
 * The descriptions of a chapter and where they stand. Sets the entity tag of an answer that stays as it is until a row changes; one
 * with a job under way differs from second to second and has none.
 *
 * @throws AppError `book.chapter_not_found`
 */
export async function presentDescriptions(
  { db, kernel, bookId, chapter, ownerId }: DescriptionsRequest,
  reply: FastifyReply,
): Promise<Descriptions> {
  const state = await readChapterState(db, bookId, chapter);
  const status = statusOf(state);
  const { work_id: workId, engine, job_id: jobId } = state;
  const set = workId === null || engine === null ? undefined : { workId, engine };
  // A ready chapter needs no job any more, unless it is prepared anew; a failed one has its reason there.
  const isChanging = state.is_wanted === true;
  const isJobShown = (isChanging || status === 'failed') && jobId !== null;
  const job = isJobShown ? await kernel.job(jobId, ownerId) : undefined;
  if (!isChanging) {
    const { text_hash: textHash, found } = state;
    setEntityTag(reply, [bookId, chapter, textHash, workId, found, status, job?.id, job?.last_seq]);
  }
  return {
    status,
    engine,
    engine_label: engine === null ? null : labelOf(engine),
    descriptions: set === undefined ? [] : await readDescriptions(db, set),
    rejects_count: state.rejects_count ?? 0,
    job: job === undefined ? null : presentJob(job),
  };
}

/** For people, who should not take the finds of rules for those of a model. */
function labelOf(engine: string): string {
  return engine.startsWith('offline-rules') ? 'offline rules, no model' : engine;
}
