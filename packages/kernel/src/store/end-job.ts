import type { Tx } from '../db/transaction.ts';
import type { Failure } from '../errors.ts';
import type { Gap } from '../pipeline.ts';
import type { Resources } from '../resources.ts';
import { changeJob, type JobChange } from './change-job.ts';
import type { JobRow } from './job-row.ts';
import { letGoOfWorks } from './let-go.ts';
import { settleChunks } from './settle-chunks.ts';
import { lockWorks } from './work-row.ts';

/**
 * The end after a merge. `completed` means whole, or says in `gaps` what is missing; a job of which no part
 * has a result has failed.
 */
export async function completeJob(
  tx: Tx,
  resources: Resources,
  job: JobRow,
  merged: { readonly output: unknown; readonly gaps: readonly Gap[] },
  usage: NonNullable<JobChange['usage']>,
): Promise<void> {
  if (job.total_chunks > 0 && job.done_chunks === 0) {
    const first = merged.gaps[0];
    await failJob(
      tx,
      resources,
      job,
      {
        code: 'job.no_result',
        message: `None of the ${job.total_chunks} parts has a result${first === undefined ? '' : `. The first one: ${first.message}`}`,
      },
      usage,
      merged.gaps,
    );
    return;
  }
  const ended = await changeJob(
    tx,
    resources,
    job,
    { transition: 'complete', output: merged.output, gaps: merged.gaps, usage },
    [{ type: 'job.completed', data: { gaps: merged.gaps } }],
  );
  await tellPipeline(tx, resources, ended, 'completed');
}

export async function failJob(
  tx: Tx,
  resources: Resources,
  job: JobRow,
  error: Failure,
  usage: NonNullable<JobChange['usage']>,
  gaps: readonly Gap[] = job.gaps,
): Promise<void> {
  const ended = await changeJob(tx, resources, job, { transition: 'fail', error, gaps, usage }, [
    { type: 'job.failed', data: { error } },
  ]);
  await tellPipeline(tx, resources, ended, 'failed');
}

/**
 * Cancel is a terminal transition: it settles the job in one transaction and detaches it from its works.
 *
 * @param job locked by the caller
 */
export async function cancelJob(
  tx: Tx,
  resources: Resources,
  job: JobRow,
  cancelledBy: number,
): Promise<JobRow> {
  const workIds = await openWorks(tx, job);
  await lockWorks(tx, workIds);
  const skipped = await skipOpenChunks(tx, job, {
    code: 'job.cancelled',
    message: 'The job was cancelled before this part was done.',
  });
  await letGoOfWorks(tx, resources, workIds);
  const ended = await changeJob(
    tx,
    resources,
    job,
    { transition: 'cancel', cancelledBy, settled: { done: 0, failed: 0, skipped } },
    [{ type: 'job.cancelled', data: { cancelled_by: cancelledBy } }],
  );
  await tellPipeline(tx, resources, ended, 'cancelled');
  return ended;
}

/** The works a job still waits for: its plan, its merge, those of its open chunks. */
export async function openWorks(tx: Tx, job: JobRow): Promise<number[]> {
  const { rows } = await tx.query<{ work_id: number }>(
    'SELECT DISTINCT work_id FROM kernel.chunks WHERE job_id = $1 AND settled_at IS NULL',
    [job.id],
  );
  return [job.plan_work_id, job.merge_work_id, ...rows.map((row) => row.work_id)].filter(
    (id) => id !== null,
  );
}

/** Skips every open chunk of a locked job; returns how many. */
async function skipOpenChunks(tx: Tx, job: JobRow, error: Failure): Promise<number> {
  const { rows } = await tx.query<{ work_id: number }>(
    'SELECT DISTINCT work_id FROM kernel.chunks WHERE job_id = $1 AND settled_at IS NULL',
    [job.id],
  );
  const settled = await settleChunks(
    tx,
    job.id,
    rows.map((row) => ({ workId: row.work_id, status: 'skipped', error })),
  );
  return settled.length;
}

async function tellPipeline(
  tx: Tx,
  { pipelines }: Resources,
  job: JobRow,
  status: 'completed' | 'failed' | 'cancelled',
): Promise<void> {
  await pipelines.find(job.pipeline, job.recipe_version)?.onEnded?.(tx, {
    jobId: job.id,
    ownerId: job.owner_id,
    subject: job.subject,
    status,
  });
}
