import type { Tx } from '../db/transaction.ts';
import type { Failure } from '../errors.ts';
import type { Gap } from '../pipeline.ts';
import type { Resources } from '../resources.ts';
import { changeJob, type JobChange } from './change-job.ts';
import { callEnded } from './hooks.ts';
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
      merged.gaps,
    );
    return;
  }
  const ended = await changeJob(
    tx,
    resources,
    job,
    { transition: 'complete', output: merged.output, gaps: merged.gaps },
    [{ type: 'job.completed', data: { gaps: merged.gaps } }],
  );
  await callEnded(tx, resources, ended, 'completed');
}

export async function failJob(
  tx: Tx,
  resources: Resources,
  job: JobRow,
  error: Failure,
  gaps: readonly Gap[] = job.gaps,
  settled: NonNullable<JobChange['settled']> = { done: 0, failed: 0, skipped: 0 },
): Promise<void> {
  const ended = await changeJob(tx, resources, job, { transition: 'fail', error, gaps, settled }, [
    { type: 'job.failed', data: { error } },
  ]);
  await callEnded(tx, resources, ended, 'failed');
}

/**
 * Cancel is a terminal transition: it settles the job in one transaction and detaches it from its works.
 *
 * @param job locked by the caller
 * @param hook without consent: for a caller who deletes what the job works on
 */
export async function cancelJob(
  tx: Tx,
  resources: Resources,
  job: JobRow,
  cancelledBy: number,
  hook: { needsConsent?: boolean } = {},
): Promise<JobRow> {
  const workIds = await openWorks(tx, job);
  await lockWorks(tx, workIds);
  const skipped = await skipOpenChunks(tx, job, {
    code: 'job.cancelled',
    message: 'The job was cancelled before this part was done.',
  });
  const ended = await changeJob(
    tx,
    resources,
    job,
    { transition: 'cancel', cancelledBy, settled: { done: 0, failed: 0, skipped } },
    [{ type: 'job.cancelled', data: { cancelled_by: cancelledBy } }],
  );
  // After the accounts: this is where rows of the queue are locked.
  await letGoOfWorks(tx, resources, workIds);
  await callEnded(tx, resources, ended, 'cancelled', hook);
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

/** Ends a job whose hooks have failed too often. What its works come to is stored all the same, for a retry. */
export async function giveUp(tx: Tx, resources: Resources, job: JobRow): Promise<void> {
  const workIds = await openWorks(tx, job);
  await lockWorks(tx, workIds);
  const error: Failure = {
    code: 'hook.failed',
    message: `What the pipeline "${job.pipeline}" does in the database when parts or jobs end has failed ${job.hook_failures} times. The log of the process says why; retry the job once that is mended.`,
  };
  const skipped = await skipOpenChunks(tx, job, error);
  const settled = { done: 0, failed: 0, skipped };
  await failJob(tx, resources, job, error, job.gaps, settled);
  await letGoOfWorks(tx, resources, workIds);
}
