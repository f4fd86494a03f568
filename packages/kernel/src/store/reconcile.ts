import { releaseUnusedHolds } from '../credits/holds.ts';
import { inTransaction } from '../db/transaction.ts';
import { queueName } from '../queue/task-queue.ts';
import type { Resources } from '../resources.ts';
import { advanceJob } from './advance-job.ts';
import { hasEnded } from './change-job.ts';
import { giveUp } from './end-job.ts';
import { enqueueWorks } from './enqueue-works.ts';
import { isGivenUp, notingHookFailures } from './hooks.ts';
import { lockJob } from './job-row.ts';
import { settleJobsWaitingFor } from './settle-others.ts';
import { lockWorks, lockWorksAhead } from './work-row.ts';

const BATCH = 100;

/**
 * Whatever is open and has no live task gets one. In an undisturbed database this finds nothing, ever; it is here for
 * what no transaction can foresee: a queue's row deleted by hand, a restored backup of one schema only.
 */
export async function reconcile(resources: Resources): Promise<void> {
  await resendLostTasks(resources);
  await settleForgotten(resources);
  await advanceIdleJobs(resources);
  await releaseUnusedHolds(resources);
}

/** Works that are queued or running although the queue has no live task for them. */
async function resendLostTasks(resources: Resources): Promise<void> {
  const { rows } = await resources.pool.query<{ id: number; job_id: number }>(
    `SELECT w.id, w.job_id
       FROM kernel.works w
      WHERE w.status IN ('queued', 'running')
        AND NOT EXISTS (SELECT FROM pgboss.job t
                         WHERE t.id = w.task_id
                           AND t.name = w.pipeline || '.v' || w.recipe_version
                           AND t.state < 'completed')
      ORDER BY w.id
      LIMIT ${BATCH}`,
  );
  for (const { id, job_id: jobId } of rows) {
    await inTransaction(
      resources.pool,
      async (tx) => {
        const job = await lockJob(tx, jobId);
        const work = (await lockWorks(tx, [id])).get(id);
        if (job === undefined || work === undefined) return;
        if (work.status !== 'queued' && work.status !== 'running') return;
        if (await hasLiveTask(tx, work.task_id, queueName(work.pipeline, work.recipe_version)))
          return;
        await enqueueWorks(tx, resources, [work], job, 'resend');
        resources.log.warn({ workId: id, jobId }, 'A work had lost its task; it was sent anew');
      },
      resources.onRerun,
    );
  }
}

async function hasLiveTask(
  tx: Parameters<Parameters<typeof inTransaction>[1]>[0],
  taskId: string | null,
  queue: string,
): Promise<boolean> {
  const { rows } = await tx.query<{ live: boolean }>(
    `SELECT EXISTS (SELECT FROM pgboss.job WHERE id = $1 AND name = $2 AND state < 'completed') AS live`,
    [taskId, queue],
  );
  return rows[0]?.live ?? false;
}

/**
 * Chunks that still wait for a work which has ended some time ago. One that waits behind others gives a failed work its chance later.
 *
 * MATERIALIZED and OFFSET keep it to the open chunks and one look-up for each: with some thousand of them PostgreSQL read all
 * chunks that there have ever been, in the order of their works.
 */
async function settleForgotten(resources: Resources): Promise<void> {
  const { pool, pipelines, log } = resources;
  const { rows } = await pool.query<{ work_id: number }>(
    `WITH open AS MATERIALIZED (SELECT work_id, status FROM kernel.chunks WHERE settled_at IS NULL)
     SELECT DISTINCT c.work_id
       FROM open c
      CROSS JOIN LATERAL (SELECT * FROM kernel.works WHERE id = c.work_id OFFSET 0) AS w
      WHERE ${isKnown('w')}
        AND (c.status = 'active' OR w.status <> 'failed')
        AND w.finished_at < pgboss.job_now() - interval '10 seconds'
      LIMIT ${BATCH}`,
    versionsOf(pipelines),
  );
  for (const { work_id: workId } of rows) {
    await settleJobsWaitingFor(resources, workId).catch((error: unknown) =>
      log.warn({ err: error, workId }, 'What waits for a work could not be settled'),
    );
  }
}

/** Of a version that this process has: it calls the pipeline's hooks. */
function isKnown(alias: 'j' | 'w'): string {
  return `(${alias}.pipeline, ${alias}.recipe_version) IN (SELECT * FROM unnest($1::text[], $2::int[]))`;
}

function versionsOf(pipelines: Resources['pipelines']): [string[], number[]] {
  const all = pipelines.all();
  return [all.map(({ name }) => name), all.map(({ recipeVersion }) => recipeVersion)];
}

/** Jobs with waiting chunks and nothing active, or with no open chunk and no merge. */
async function advanceIdleJobs(resources: Resources): Promise<void> {
  const { rows } = await resources.pool.query<{ id: number }>(
    `SELECT j.id
       FROM kernel.jobs j
      WHERE j.finished_at IS NULL
        AND j.stage = 'chunks'
        AND ${isKnown('j')}
        AND NOT EXISTS (SELECT FROM kernel.chunks c
                         WHERE c.job_id = j.id AND c.settled_at IS NULL AND c.status = 'active')
      ORDER BY j.id
      LIMIT ${BATCH}`,
    versionsOf(resources.pipelines),
  );
  for (const { id } of rows) {
    await notingHookFailures(resources, () =>
      inTransaction(
        resources.pool,
        async (tx) => {
          const job = await lockJob(tx, id);
          if (job === undefined || hasEnded(job)) return;
          if (isGivenUp(job)) await giveUp(tx, resources, job);
          else await advanceJob(tx, resources, job, await lockWorksAhead(tx, job, []), []);
        },
        resources.onRerun,
      ),
    );
  }
}
