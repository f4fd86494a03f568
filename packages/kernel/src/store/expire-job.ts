import { inTransaction } from '../db/transaction.ts';
import type { Resources } from '../resources.ts';
import { advanceJob } from './advance-job.ts';
import { changeJob, hasEnded } from './change-job.ts';
import { failJob, giveUp, openWorks } from './end-job.ts';
import { isGivenUp, notingHookFailures } from './hooks.ts';
import { lockJob, type JobRow } from './job-row.ts';
import { letGoOfWorks } from './let-go.ts';
import { outOfTime, type TimeLimit } from './out-of-time.ts';
import { lockWorks, lockWorksAhead } from './work-row.ts';

/**
 * A job has used up its time. Soft: what has not begun is skipped, also what a plan still brings. Hard: what runs is aborted, too.
 * Then what is there is merged, with gaps; a job that is not yet split fails.
 *
 * A merge has the hard limit's time anew, from its own beginning, because what begins at the limit could never end otherwise. If that is
 * over as well, the job fails; its parts stay for a retry.
 */
export async function expireJob(
  resources: Resources,
  jobId: number,
  limit: TimeLimit,
): Promise<void> {
  await notingHookFailures(resources, () => expire(resources, jobId, limit));
}

async function expire(resources: Resources, jobId: number, limit: TimeLimit): Promise<void> {
  await inTransaction(
    resources.pool,
    async (tx) => {
      const job = await lockJob(tx, jobId);
      if (job === undefined || hasEnded(job)) return;
      if (isGivenUp(job)) return await giveUp(tx, resources, job);
      if (limit === 'soft' && (job.soft_limit_hit_at !== null || job.stage === 'merge')) return;
      if (job.stage !== 'chunks') {
        if (limit === 'soft') await changeJob(tx, resources, job, { softLimitHit: true }, []);
        else if (isOverHardLimit(job)) {
          const works = await openWorks(tx, job);
          await lockWorks(tx, works);
          await failJob(tx, resources, job, outOfTime(job, limit));
          await letGoOfWorks(tx, resources, works);
        }
        return;
      }
      const { rows } = await tx.query<{ work_id: number }>(
        `SELECT DISTINCT c.work_id
           FROM kernel.chunks c
           JOIN kernel.works w ON w.id = c.work_id
          WHERE c.job_id = $1
            AND c.settled_at IS NULL
            -- A result that somebody else's work has come to is about to be settled.
            AND w.status <> 'done'
            AND ($2 OR w.status <> 'running')`,
        [job.id, limit === 'hard'],
      );
      const expired = rows.map((row) => row.work_id);
      const works = await lockWorksAhead(tx, job, expired);
      await advanceJob(
        tx,
        resources,
        job,
        works,
        expired.map((workId) => ({ workId, status: 'skipped', error: outOfTime(job, limit) })),
        { softLimitHit: true },
      );
      await letGoOfWorks(tx, resources, expired);
    },
    resources.onRerun,
  );
}

/** Read anew under the lock: between the beat and this the job may have come to its merge, whose time has just begun. */
function isOverHardLimit(job: JobRow): boolean {
  return job.active_seconds - (job.merge_from_seconds ?? 0) >= job.hard_limit_seconds;
}
