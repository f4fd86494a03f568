import { createHash } from 'node:crypto';
import type { Descriptions } from '@scriptorium/contract';
import type { JobView, Kernel, Queryable } from '@scriptorium/kernel';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { presentJob } from '../jobs/index.ts';
import { readChapterState, statusOf, type ChapterState } from './chapters.repo.ts';
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
  // A ready chapter needs no job any more; a failed one has its reason there.
  const isJobShown = (status === 'preparing' || status === 'failed') && jobId !== null;
  const job = isJobShown ? await kernel.job(jobId, ownerId) : undefined;
  if (status !== 'preparing') {
    reply.headers({ etag: entityTag(state, job), 'cache-control': 'private, no-cache' });
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

/** Made of versions that were read from the database, so that no process can confirm an answer another has outdated. */
function entityTag(state: ChapterState, job: JobView | undefined): string {
  const versions = [
    state.book_id,
    state.number,
    state.text_hash,
    state.work_id,
    statusOf(state),
    job?.id,
    job?.last_seq,
  ];
  return `"${createHash('sha256').update(JSON.stringify(versions)).digest('base64url').slice(0, 27)}"`;
}

/** For people, who should not take the finds of rules for those of a model. */
function labelOf(engine: string): string {
  return engine.startsWith('offline-rules') ? 'offline rules, no model' : engine;
}

/** Answers 304 to whoever has the current version already (RFC 9110, section 13.1.2). */
export function addConditionalAnswers(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const etag = reply.getHeader('etag');
    const { 'if-none-match': known } = request.headers;
    if (request.method !== 'GET' || reply.statusCode !== 200 || known === undefined) return payload;
    const tags = known.split(',').map((tag) => tag.trim().replace(/^W\//u, ''));
    if (etag === undefined || !tags.some((tag) => tag === etag || tag === '*')) return payload;
    reply.code(304).removeHeader('content-length').removeHeader('content-type');
    return '';
  });
}
