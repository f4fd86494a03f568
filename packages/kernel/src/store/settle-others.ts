import { inTransaction, isConnectionLoss } from '../db/transaction.ts';
import type { FetchedTask } from '../queue/task-queue.ts';
import type { Resources } from '../resources.ts';
import { advanceJob, knownVerdict } from './advance-job.ts';
import { hasEnded } from './change-job.ts';
import { giveUp } from './end-job.ts';
import { HookFailedError, isGivenUp, noteHookFailure } from './hooks.ts';
import { lockJob } from './job-row.ts';
import { settleTasks, type Verdict } from './settle-chunks.ts';
import { databaseNow } from './sql.ts';
import { lockWorksAhead, type WorkRow } from './work-row.ts';

/**
 * Settles the chunks of every job that waits for a work which has ended: one job a transaction. One that cannot be settled, because of
 * a bug in its pipeline's own statements, does not hold up the others.
 *
 * @throws AggregateError of what went wrong, after all have been tried
 */
export async function settleJobsWaitingFor(resources: Resources, workId: number): Promise<void> {
  const { rows } = await resources.pool.query<{ job_id: number }>(
    'SELECT DISTINCT job_id FROM kernel.chunks WHERE work_id = $1 AND settled_at IS NULL ORDER BY job_id',
    [workId],
  );
  const errors: unknown[] = [];
  for (const { job_id: jobId } of rows) {
    try {
      await settleJob(resources, jobId, workId);
    } catch (error) {
      if (isConnectionLoss(error)) throw error;
      if (error instanceof HookFailedError) await noteHookFailure(resources, error);
      errors.push(error);
    }
  }
  if (errors.length > 0) {
    throw new AggregateError(errors, `${errors.length} of ${rows.length} jobs were not settled.`);
  }
}

async function settleJob(resources: Resources, jobId: number, workId: number): Promise<void> {
  await inTransaction(
    resources.pool,
    async (tx) => {
      const job = await lockJob(tx, jobId);
      if (job === undefined || hasEnded(job)) return;
      if (isGivenUp(job)) return await giveUp(tx, resources, job);
      const works = await lockWorksAhead(tx, job, [workId]);
      const work = works.get(workId);
      const verdict = work === undefined ? undefined : verdictOf(work);
      await advanceJob(tx, resources, job, works, verdict === undefined ? [] : [verdict]);
    },
    resources.onRerun,
  );
}

/** Unlike a newcomer, who gives a failed work another chance, whoever waited for this very run shares its failure. */
function verdictOf(work: WorkRow): Verdict | undefined {
  if (work.status === 'failed') {
    return {
      workId: work.id,
      status: 'failed',
      error: work.error ?? { code: 'work.failed', message: 'It failed without a stored reason.' },
    };
  }
  return knownVerdict(work);
}

/**
 * False if this process lacks the recipe version of a work, and so the hooks of the jobs that wait for it: a key names its version,
 * so those who share a work share the version. Settled here, they would never learn of it.
 */
export async function canSettle(
  { pool, pipelines }: Pick<Resources, 'pool' | 'pipelines'>,
  workId: number,
): Promise<boolean> {
  const { rows } = await pool.query<Pick<WorkRow, 'pipeline' | 'recipe_version'>>(
    'SELECT pipeline, recipe_version FROM kernel.works WHERE id = $1',
    [workId],
  );
  return rows.every((work) => pipelines.find(work.pipeline, work.recipe_version) !== undefined);
}

export const PUT_OFF_MS = 2000;

/** Leaves a settlement to a process that can: this one would only find it again. */
export async function putOffSettling(
  { pool, queue, onRerun }: Pick<Resources, 'pool' | 'queue' | 'onRerun'>,
  task: FetchedTask,
): Promise<void> {
  const startAfter = new Date((await databaseNow(pool)) + PUT_OFF_MS);
  await inTransaction(
    pool,
    async (tx) => {
      await queue.complete(tx, [task]);
      const again = settleTasks([task.workId], task.ownerId);
      await queue.insert(
        tx,
        again.map((each) => ({ ...each, startAfter })),
      );
    },
    onRerun,
  );
}
