import { routes, type JobEvent } from '@scriptorium/contract';
import { say, tell, type Context } from '../context.ts';
import { jobTable } from '../jobs/job-table.ts';
import { showJob, verdictOf } from '../jobs/show-job.ts';
import { connect } from '../session/connect.ts';

/** Lists jobs, newest first. */
export async function listJobs(
  filter: { readonly isOpen: boolean; readonly limit: number },
  context: Context,
): Promise<number> {
  await using place = await connect(context, context.environment);
  const query = { limit: filter.limit, ...(filter.isOpen ? { is_open: true } : {}) };
  const page = await place.client.call(routes.jobs.list, { query, signal: context.signal });
  tell(context, page);
  const isCut = page.next_before !== null;
  say(context, [
    ...(page.jobs.length === 0
      ? [filter.isOpen ? 'No job is open.' : 'There are no jobs. Begin with: scriptorium run FILE']
      : jobTable(page.jobs)),
    ...(isCut ? [`There are more: --limit ${filter.limit * 2}`] : []),
  ]);
  return 0;
}

/** Shows a job until it ends; as JSON, every event on a line of its own. Returns 0 only if it is completed. */
export async function watchJob(jobId: number, context: Context): Promise<number> {
  const { signal, out, isJson } = context;
  await using place = await connect(context, context.environment);
  const { client } = place;
  if (isJson) {
    let last: JobEvent | undefined;
    for await (const event of client.events(jobId, { signal })) {
      tell(context, event);
      last = event;
    }
    return last?.data.status === 'completed' ? 0 : 1;
  }
  const job = await showJob({ client, jobId, signal, out });
  say(context, [verdictOf(job)]);
  return job.status === 'completed' ? 0 : 1;
}

/** Cancels a job. What was finished before is kept. */
export async function cancelJob(jobId: number, context: Context): Promise<number> {
  await using place = await connect(context, context.environment);
  const params = { id: jobId };
  const job = await place.client.call(routes.jobs.cancel, { params, signal: context.signal });
  tell(context, job);
  say(context, [verdictOf(job)]);
  return 0;
}
