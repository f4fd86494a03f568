import {
  isTerminalStatus,
  routes,
  type Client,
  type Estimate,
  type Job,
  type ShorteningModel,
} from '@scriptorium/contract';
import { say, tell, type Context } from '../context.ts';
import { againLines } from '../novels/novel-lines.ts';
import { connect } from '../session/connect.ts';

export interface AgainOptions {
  /** Say what it will take, and make nothing. */
  readonly dryRun?: boolean;
  /** Of sentences that are done again: by whom. */
  readonly model?: ShorteningModel;
}

/** Makes a new job of what an ended one lacks, after saying what that will take. */
export async function retryJob(
  jobId: number,
  { dryRun = false }: AgainOptions,
  context: Context,
): Promise<number> {
  const { signal } = context;
  const params = { id: jobId };
  return await doAgain(context, {
    dryRun,
    estimate: async (client) => await estimateRetry(client, jobId, signal),
    free: `What job ${jobId} lacks costs no credits.`,
    start: async (client) => await client.call(routes.jobs.retry, { params, signal }),
    done: (job) => `Job ${job.id} does again what job ${jobId} lacks.`,
  });
}

/** Makes a new job of the sentences that an ended one left over the limit, after saying what that will take. */
export async function redoSentences(
  jobId: number,
  { dryRun = false, model }: AgainOptions,
  context: Context,
): Promise<number> {
  const { signal } = context;
  const params = { id: jobId };
  const body = model === undefined ? {} : { gemini_model: model };
  return await doAgain(context, {
    dryRun,
    estimate: async (client) =>
      await client.call(routes.novels.estimateRedo, { params, body, signal }),
    free: `What job ${jobId} left over the limit costs no credits.`,
    start: async (client) => await client.call(routes.novels.redo, { params, body, signal }),
    done: (job) => `Job ${job.id} does again what job ${jobId} left over the limit.`,
  });
}

interface Again {
  readonly dryRun: boolean;
  /** Null for what needs no credits. */
  estimate(client: Client): Promise<Estimate | null>;
  /** Said where there is no estimate. */
  readonly free: string;
  start(client: Client): Promise<Job>;
  done(job: Job): string;
}

async function doAgain(context: Context, again: Again): Promise<number> {
  await using place = await connect(context, context.environment);
  const estimate = await again.estimate(place.client);
  say(context, estimate === null ? [] : againLines(estimate));
  if (again.dryRun) {
    tell(context, { estimate });
    say(context, estimate === null ? [again.free] : []);
    return 0;
  }
  const job = await again.start(place.client);
  tell(context, job);
  const next = isTerminalStatus(job.status) ? [] : [`To see it: scriptorium watch ${job.id}`];
  say(context, [again.done(job), ...next]);
  return 0;
}

async function estimateRetry(
  client: Client,
  jobId: number,
  signal: AbortSignal,
): Promise<Estimate | null> {
  const params = { id: jobId };
  const { pipeline } = await client.call(routes.jobs.get, { params, signal });
  if (pipeline !== 'novels') return null;
  return await client.call(routes.novels.estimateRetry, { params, signal });
}
