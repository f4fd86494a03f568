import { inTransaction } from '../db/transaction.ts';
import type { Failure } from '../errors.ts';
import type { Resources } from '../resources.ts';
import { advanceJob } from './advance-job.ts';
import { changeJob, hasEnded } from './change-job.ts';
import { failJob, openWorks } from './end-job.ts';
import { lockJob, type JobRow } from './job-row.ts';
import { letGoOfWorks } from './let-go.ts';
import { lockWorks, lockWorksAhead } from './work-row.ts';

type Limit = 'soft' | 'hard';

/**
 * A job has used up its time. Soft: what has not started is skipped. Hard: what runs is aborted, too. Then what is there is
 * merged, with gaps; a job that is not yet split fails.
 *
 * A merge has the time of its own attempts, whatever the job has used: to abort it would throw away all that it puts together.
 */
export async function expireJob(resources: Resources, jobId: number, limit: Limit): Promise<void> {
  await inTransaction(
    resources.pool,
    async (tx) => {
      const job = await lockJob(tx, jobId);
      if (job === undefined || hasEnded(job) || job.stage === 'merge') return;
      if (limit === 'soft' && job.soft_limit_hit_at !== null) return;
      if (job.stage !== 'chunks') {
        if (limit === 'soft') await changeJob(tx, resources, job, { softLimitHit: true }, []);
        else {
          const works = await openWorks(tx, job);
          await lockWorks(tx, works);
          await letGoOfWorks(tx, resources, works);
          await failJob(tx, resources, job, reason(job, limit), { calls: 0, tokens: 0 });
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
        expired.map((workId) => ({ workId, status: 'skipped', error: reason(job, limit) })),
        { softLimitHit: true },
      );
      await letGoOfWorks(tx, resources, expired);
    },
    resources.onRerun,
  );
}

function reason(job: JobRow, limit: Limit): Failure {
  const seconds = limit === 'soft' ? job.soft_limit_seconds : job.hard_limit_seconds;
  return {
    code: `job.${limit}_limit`,
    message: `The job's time of ${seconds} seconds was over before this was done.`,
  };
}
