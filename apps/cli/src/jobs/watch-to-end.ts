import { isTerminalStatus, type Client, type Job } from '@scriptorium/contract';
import { say, type Context } from '../context.ts';
import { awaitJob, showJob } from './show-job.ts';

/** Shows a job until it ends. Whoever leaves before hears that it goes on. */
export async function watchToEnd(
  client: Client,
  job: Job,
  isOurs: boolean,
  context: Context,
): Promise<Job> {
  if (isTerminalStatus(job.status)) return job;
  const options = { client, jobId: job.id, signal: context.signal };
  try {
    return context.isJson
      ? await awaitJob(options)
      : await showJob({ ...options, out: context.out });
  } catch (error) {
    if (context.signal.aborted) {
      say(context, [
        isOurs
          ? `Job ${job.id} is kept, and goes on when a server runs on this folder again.`
          : `Job ${job.id} goes on without you. To see it: scriptorium watch ${job.id}`,
      ]);
    }
    throw error;
  }
}
