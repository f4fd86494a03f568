import type { Tx } from '../db/transaction.ts';
import { queueName } from '../queue/task-queue.ts';
import type { Resources } from '../resources.ts';
import { move } from '../states/transitions.ts';
import { NOW } from './sql.ts';

/**
 * A chunk that a work may pass to: the job has kept the ceiling free for it since it was released, or it costs nothing. Another one
 * would be charged what its hold may not cover.
 */
const IS_HEIR = `c.settled_at IS NULL AND (c.status = 'active' OR c.ceiling = 0)`;

/**
 * Detaches a job from works it has locked. A work that nobody else waits for leaves the queue, or is aborted where it
 * runs: its task is gone and its fence is closed, so a late result changes nothing. A work that others still wait for goes on, on behalf of
 * the one of them that came first.
 *
 * The caller has settled its own chunks already, so "somebody waits" is any open chunk that may inherit, or an open job whose plan or merge it is.
 */
export async function letGoOfWorks(
  tx: Tx,
  { queue }: Pick<Resources, 'queue'>,
  workIds: readonly number[],
): Promise<void> {
  if (workIds.length === 0) return;
  const rule = move('work', 'letGo');
  const { rows } = await tx.query<{
    id: number;
    task_id: string;
    pipeline: string;
    recipe_version: number;
  }>(
    `WITH freed AS (
       UPDATE kernel.works w
          SET ${rule.set}, not_before = NULL, waiting_for = NULL
        WHERE w.id = ANY ($1)
          AND ${rule.when('w')}
          AND NOT EXISTS (SELECT FROM kernel.chunks c WHERE c.work_id = w.id AND ${IS_HEIR})
       RETURNING w.id, w.task_id, w.pipeline, w.recipe_version
     ), ended AS (
       UPDATE kernel.attempts a
          SET outcome = 'let_go', ended_at = ${NOW}
         FROM freed
        WHERE a.work_id = freed.id
          AND a.ended_at IS NULL
     )
     SELECT * FROM freed`,
    [workIds],
  );
  await tx.query(
    `UPDATE kernel.works w
        SET job_id = heir.id, owner_id = heir.owner_id
       FROM (SELECT DISTINCT ON (c.work_id) c.work_id, j.id, j.owner_id
               FROM kernel.chunks c
               JOIN kernel.jobs j ON j.id = c.job_id
              WHERE c.work_id = ANY ($1)
                AND ${IS_HEIR}
              ORDER BY c.work_id, j.id) AS heir
      WHERE w.id = heir.work_id
        AND w.status IN ('queued', 'running')`,
    [workIds],
  );
  const tasks = rows.map((row) => ({
    id: row.task_id,
    queue: queueName(row.pipeline, row.recipe_version),
  }));
  await queue.cancel(tx, tasks);
}
