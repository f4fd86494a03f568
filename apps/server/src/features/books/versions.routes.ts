import { randomUUID } from 'node:crypto';
import { routes, type Job } from '@scriptorium/contract';
import type { Kernel } from '@scriptorium/kernel';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { ownerOf } from '../../platform/access.ts';
import { answer, route } from '../../platform/routes.ts';
import { presentJob } from '../jobs/index.ts';
import { AppError } from '../../platform/errors.ts';
import { assertOwnBook } from './books.repo.ts';
import type { BooksOptions } from './books.routes.ts';
import { presentChapter, readChapterState } from './chapters.repo.ts';
import { findNewestRevision } from './revisions.repo.ts';
import { prepareBook } from './steps/prepare-book.ts';
import { nothingToUndo, reprocessChapter, undoReprocess } from './steps/reprocess-chapter.ts';

/** What people change of a book after it was read: new versions, corrections, and the rest of its chapters. */
export function addVersionRoutes(app: FastifyInstance, options: BooksOptions): void {
  const { db, kernel, writes } = options;

  route(app, routes.books.reprocess, async ({ params, body, user, reply }) => {
    await assertOwnBook(db, params.id, user.id);
    const { id: bookId, n: chapter } = params;
    const isServicePage = body?.is_service_page;
    const request = {
      bookId,
      chapter,
      owner: ownerOf(user),
      isServicePage,
      submission: randomUUID(),
    };
    const source = isServicePage === undefined ? 'request' : 'correction';
    const write = (what: string) => ({ bookId, chapters: [chapter], what });
    const { jobId, isRevision } = await kernel
      .transaction((tx) => reprocessChapter(tx, kernel, request))
      .catch((error: unknown) => {
        if (error instanceof AppError) writes.refused(source, write(error.code));
        throw error;
      });
    if (isRevision) writes.written(source, write('a revision that a person asked for'));
    const changed = presentChapter(await readChapterState(db, bookId, chapter));
    if (jobId === undefined) return answer(200, { chapter: changed, job: null });
    return answer(202, { chapter: changed, job: await acceptedJob(kernel, reply, jobId, user.id) });
  });

  route(app, routes.books.undoReprocess, async ({ params, user }) => {
    await assertOwnBook(db, params.id, user.id);
    const { id: bookId, n: chapter } = params;
    const newest = await findNewestRevision(db, bookId, chapter);
    if (newest === undefined) {
      writes.refused('request', { bookId, chapters: [chapter], what: 'nothing to undo' });
      throw nothingToUndo(bookId, chapter);
    }
    const request = { bookId, chapter, ownerId: user.id, revision: newest.number };
    const undone = await kernel.transaction((tx) => undoReprocess(tx, kernel, request));
    if (undone !== undefined) {
      const source = undone.isCorrection ? 'correction' : 'request';
      writes.written(source, { bookId, chapters: [chapter], what: 'the last revision is undone' });
    }
    return presentChapter(await readChapterState(db, bookId, chapter));
  });

  route(app, routes.books.prepare, async ({ params, user, reply }) => {
    const request = { bookId: params.id, owner: ownerOf(user), submission: randomUUID() };
    const { chapters, jobId } = await kernel.transaction((tx) => prepareBook(tx, kernel, request));
    if (jobId === undefined) return answer(200, { chapters, job: null });
    return answer(202, { chapters, job: await acceptedJob(kernel, reply, jobId, user.id) });
  });
}

async function acceptedJob(
  kernel: Kernel,
  reply: FastifyReply,
  jobId: number,
  ownerId: number,
): Promise<Job> {
  reply.headers({ location: `/api/v1/jobs/${jobId}`, 'retry-after': 1 });
  return presentJob(await kernel.job(jobId, ownerId));
}
