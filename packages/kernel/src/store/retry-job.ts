import type { Tx } from '../db/transaction.ts';
import { TransitionError } from '../errors.ts';
import type { Resources } from '../resources.ts';
import { move } from '../states/transitions.ts';
import { hasEnded } from './change-job.ts';
import type { JobRow } from './job-row.ts';
import { submitJob, type JobRequest } from './submit-job.ts';
import { lockWorks } from './work-row.ts';

/**
 * Retry makes a new job with the same input: it takes what is finished by key, and does only what is not.
 *
 * It has a hold of its own, or none: what the first one had left is its owner's again.
 *
 * @param replay gives quarantined works another chance, too: a person has decided so
 */
export async function retryJob(
  tx: Tx,
  resources: Resources,
  job: JobRow,
  { replay, ...more }: { replay: boolean } & Pick<JobRequest, 'submission' | 'id' | 'credits'>,
): Promise<JobRow> {
  if (!hasEnded(job)) throw new TransitionError('retry the job', job.status, { jobId: job.id });
  const retry = await submitJob(tx, resources, {
    pipeline: job.pipeline,
    ownerId: job.owner_id,
    input: job.input,
    ...(job.subject === null ? {} : { subject: job.subject }),
    class: job.class,
    isPremium: job.is_premium,
    parallel: job.parallel,
    scope: job.scope,
    generation: job.generation,
    softLimitSeconds: job.soft_limit_seconds,
    hardLimitSeconds: job.hard_limit_seconds,
    retryOf: { id: job.id, retryCount: job.retry_count },
    ...more,
  });
  if (replay) await replayQuarantined(tx, job);
  return retry;
}

/** Nothing enters the queue yet: the retry's plan does that, if it gets so far. */
async function replayQuarantined(tx: Tx, job: JobRow): Promise<void> {
  const { rows } = await tx.query<{ work_id: number }>(
    `SELECT DISTINCT c.work_id
       FROM kernel.chunks c
       JOIN kernel.works w ON w.id = c.work_id
      WHERE c.job_id = $1
        AND w.status = 'quarantined'`,
    [job.id],
  );
  const ids = rows.map((row) => row.work_id);
  await lockWorks(tx, ids);
  const rule = move('work', 'replay');
  await tx.query(
    `UPDATE kernel.works w
        SET ${rule.set}, finished_at = NULL, error = NULL
      WHERE w.id = ANY ($1)
        AND ${rule.when('w')}`,
    [ids],
  );
}
