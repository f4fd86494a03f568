import { randomUUID } from 'node:crypto';
import { processPdfForm, routes } from '@scriptorium/contract';
import type { JobRow } from '@scriptorium/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf, type Caller } from '../../platform/access.ts';
import { answer, route } from '../../platform/routes.ts';
import { withForm, type UploadedForm } from '../../platform/uploads.ts';
import { preferredWait, presentJob, readerGone, submissionOf, waitForEnd } from '../jobs/index.ts';
import { assembleResult, inputOf } from './assemble-result.ts';
import { noFile, novelError } from './novels.errors.ts';
import type { NovelsOptions } from './novels.options.ts';
import { novelIdOf, readNovel, type NovelRow } from './novels.repo.ts';
import { chooseModel, layerOf } from './choose-model.ts';
import { acceptNovel } from './steps/accept-novel.ts';
import { startJob } from './steps/start-job.ts';

const processFields = processPdfForm.omit({ pdf_file: true });
type ProcessFields = z.output<typeof processFields>;

/** Without `Prefer: wait`, so many seconds: less than any proxy's patience. */
const PRESET_WAIT_SECONDS = 20;

/** From a novel to a job: confirm, start, do again. */
export function addProcessingRoutes(app: FastifyInstance, options: NovelsOptions): void {
  const { db, kernel, limits, shorteners } = options;
  const stopping = new AbortController();
  app.addHook('preClose', async () => stopping.abort());

  /** Takes the form of both `process-pdf` routes and starts its job. */
  const start = async (request: FastifyRequest, user: Caller) => {
    const form = { limits, fileField: 'pdf_file', fields: processFields };
    return await withForm(request, form, async ({ fields, file }) => {
      const novel = await novelOf({ fields, file }, user);
      const choice = chooseModel(shorteners, fields.gemini_model);
      const submission = submissionOf(request, user.id) ?? randomUUID();
      const job = await kernel.transaction((tx) =>
        startJob(tx, kernel, {
          novel,
          owner: ownerOf(user),
          maxWords: fields.sentence_length_limit,
          layers: [layerOf(choice)],
          submission,
        }),
      );
      return { job, novel };
    });
  };

  const novelOf = async ({ fields, file }: UploadedForm<ProcessFields>, user: Caller) => {
    if (file === undefined && fields.novel_id === undefined) throw noFile('pdf_file');
    const { novelId } =
      file === undefined
        ? { novelId: fields.novel_id ?? 0 }
        : await acceptNovel(options, { file, password: fields.password }, user.id);
    return await readNovel(db, novelId, user.id);
  };

  const started = async (reply: FastifyReply, job: JobRow, novel: NovelRow) => {
    const view = await kernel.job(job.id, job.owner_id);
    reply.headers({ location: `/api/v1/jobs/${job.id}`, 'retry-after': 1 });
    return {
      job_id: job.id,
      novel_id: novel.id,
      task_id: view.task_id,
      status: view.status,
      message: `Accepted: ${novel.title}, ${novel.page_count} pages. GET /api/v1/jobs/${job.id} tells how far it is.`,
    };
  };

  route(app, routes.novels.processAsync, async ({ user, request, reply }) => {
    const { job, novel } = await start(request, user);
    return await started(reply, job, novel);
  });

  route(app, routes.novels.process, async ({ user, request, reply }) => {
    const { job, novel } = await start(request, user);
    const signal = AbortSignal.any([stopping.signal, readerGone(reply)]);
    await waitForEnd(kernel, job.id, preferredWait(request) || PRESET_WAIT_SECONDS, signal);
    const { status } = await kernel.job(job.id, user.id);
    if (status !== 'completed') return answer(202, await started(reply, job, novel));
    return answer(200, await assembleResult({ db, kernel }, job.id, user.id));
  });

  route(app, routes.novels.redo, async ({ params, body, user, request, reply }) => {
    const job = await kernel.job(params.id, user.id);
    const { layers, maxWords, novelId } = inputOf(job);
    assertEnded(job);
    const { sentences } = await assembleResult({ db, kernel }, job.id, user.id);
    const wanted = new Set(body.sentence_ids);
    const again = sentences.filter(({ id, label }) =>
      body.sentence_ids === undefined ? label === 'over_limit' : wanted.has(id),
    );
    if (again.length === 0) throw nothingToRedo(job.id);
    const novel = await readNovel(db, novelIdOf(job.subject) ?? novelId, user.id);
    const layer = {
      ...layerOf(chooseModel(shorteners, body.gemini_model)),
      sentenceIds: again.map(({ id }) => id),
    };
    const redo = await kernel.transaction((tx) =>
      startJob(tx, kernel, {
        novel,
        owner: ownerOf(user),
        maxWords,
        layers: [...layers, layer],
        submission: submissionOf(request, user.id) ?? randomUUID(),
        retryOf: { id: job.id, retryCount: job.retry_count },
      }),
    );
    reply.header('location', `/api/v1/jobs/${redo.id}`);
    return presentJob(await kernel.job(redo.id, user.id));
  });
}

function assertEnded(job: Pick<JobRow, 'id' | 'status' | 'finished_at'>): void {
  if (job.finished_at !== null) return;
  throw novelError('novel.job_open', {
    detail: `Job ${job.id} is ${job.status}. Wait for its end, or cancel it; what it has made stays.`,
  });
}

function nothingToRedo(jobId: number) {
  return novelError('novel.nothing_to_redo', {
    detail: `No sentence of job ${jobId} is over the limit. Name others in sentence_ids to have them done again.`,
  });
}
