import { randomUUID } from 'node:crypto';
import { processPdfForm, routes } from '@scriptorium/contract';
import { toCredits, type JobRow } from '@scriptorium/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ownerOf, type Caller } from '../../platform/access.ts';
import { answer, route } from '../../platform/routes.ts';
import { withForm, type UploadedForm } from '../../platform/uploads.ts';
import { preferredWait, presentJob, readerGone, submissionOf, waitForEnd } from '../jobs/index.ts';
import { assembleResult } from './assemble-result.ts';
import { chooseModel, layerOf } from './choose-model.ts';
import { noFile } from './novels.errors.ts';
import type { NovelsOptions } from './novels.options.ts';
import { readNovel, type NovelRow } from './novels.repo.ts';
import { acceptNovel } from './steps/accept-novel.ts';
import { confirmJob } from './steps/confirm-job.ts';
import { estimateRetry } from './steps/estimate-retry.ts';
import { estimateRedo, redoSentences } from './steps/redo-sentences.ts';
import { startJob } from './steps/start-job.ts';

const processFields = processPdfForm.omit({ pdf_file: true });
type ProcessForm = UploadedForm<z.output<typeof processFields>>;

interface Started {
  readonly job: JobRow;
  readonly novel: NovelRow;
}

/** Without `Prefer: wait`, so many seconds: less than any proxy's patience. */
const PRESET_WAIT_SECONDS = 20;

/** From a novel to a job: confirm, start, do again. */
export function addProcessingRoutes(app: FastifyInstance, options: NovelsOptions): void {
  const { db, kernel } = options;
  const stopping = new AbortController();
  app.addHook('preClose', async () => stopping.abort());

  route(app, routes.novels.confirm, async ({ body, user }) => {
    const { jobId, estimate, held, expiresAt } = await confirmJob(options, {
      novelId: body.novel_id,
      ownerId: user.id,
      maxWords: body.sentence_length_limit,
      model: body.gemini_model,
    });
    return {
      job_id: jobId,
      estimate,
      credits_held: toCredits(held),
      expires_at: expiresAt.toISOString(),
    };
  });

  route(app, routes.novels.processAsync, async ({ user, request, reply }) => {
    const started = await start(options, request, user);
    return await presentStarted(options, reply, started);
  });

  route(app, routes.novels.process, async ({ user, request, reply }) => {
    const started = await start(options, request, user);
    const { id } = started.job;
    const signal = AbortSignal.any([stopping.signal, readerGone(reply)]);
    await waitForEnd(kernel, id, preferredWait(request) || PRESET_WAIT_SECONDS, signal);
    const { status } = await kernel.job(id, user.id);
    if (status !== 'completed') return answer(202, await presentStarted(options, reply, started));
    return answer(200, await assembleResult({ db, kernel }, id, user.id));
  });

  route(app, routes.novels.estimateRedo, ({ params, body, user }) =>
    estimateRedo(options, {
      jobId: params.id,
      ownerId: user.id,
      sentenceIds: body.sentence_ids,
      model: body.gemini_model,
    }),
  );

  route(app, routes.novels.estimateRetry, ({ params, user }) =>
    estimateRetry(options, params.id, user.id),
  );

  route(app, routes.novels.redo, async ({ params, body, user, request, reply }) => {
    const redo = await redoSentences(options, {
      jobId: params.id,
      owner: ownerOf(user),
      sentenceIds: body.sentence_ids,
      model: body.gemini_model,
      submission: submissionOf(request, user.id) ?? randomUUID(),
    });
    reply.header('location', `/api/v1/jobs/${redo.id}`);
    return presentJob(await kernel.job(redo.id, user.id));
  });
}

/** Takes the form of both `process-pdf` routes and starts its job. */
async function start(
  options: NovelsOptions,
  request: FastifyRequest,
  user: Caller,
): Promise<Started> {
  const { db, kernel, limits, shorteners } = options;
  const admit = (bytes: number) => kernel.admitBytes(bytes, user.id);
  const form = { limits, fileField: 'pdf_file', fields: processFields, admit };
  return await withForm(request, form, async (filled) => {
    const { fields } = filled;
    const choice = chooseModel(shorteners, fields.gemini_model);
    const novel = await readNovel(db, await novelIdOf(options, filled, user), user.id);
    const job = await startJob(kernel, {
      db,
      novel,
      owner: ownerOf(user),
      maxWords: fields.sentence_length_limit,
      layers: [layerOf(choice)],
      submission: submissionOf(request, user.id) ?? randomUUID(),
      confirmedJobId: fields.job_id,
    });
    return { job, novel };
  });
}

/** The file of the form, made a novel if it is none yet, or the novel that the form names. */
async function novelIdOf(
  options: NovelsOptions,
  { file, fields }: ProcessForm,
  user: Caller,
): Promise<number> {
  if (file !== undefined) {
    const { novelId } = await acceptNovel(options, { file, password: fields.password }, user.id);
    return novelId;
  }
  if (fields.novel_id === undefined) throw noFile('pdf_file');
  return fields.novel_id;
}

async function presentStarted(
  { kernel }: NovelsOptions,
  reply: FastifyReply,
  { job, novel }: Started,
) {
  const { task_id: taskId, status } = await kernel.job(job.id, job.owner_id);
  reply.headers({ location: `/api/v1/jobs/${job.id}`, 'retry-after': 1 });
  return {
    job_id: job.id,
    novel_id: novel.id,
    task_id: taskId,
    status,
    message: `Accepted: ${novel.title}, ${novel.page_count} pages. GET /api/v1/jobs/${job.id} tells how far it is.`,
  };
}
