import type { Queryable } from '../db/queryable.ts';
import type { Failure } from '../errors.ts';
import type { ChunkStatus } from '../states/transitions.ts';
import type { JobRow } from './job-row.ts';
import { NOW } from './sql.ts';

/** A part of a job as its watcher sees it. A joined work's progress shows as well. */
export interface ChunkView {
  readonly index: number;
  readonly label: string | null;
  readonly status: ChunkStatus;
  readonly progress: number;
  readonly step: string | null;
  readonly is_reused: boolean;
  readonly error: Failure | null;
}

/** What a job that does not move is waiting for. */
export interface WaitingFor {
  readonly reason: string;
  readonly until: Date | null;
}

export interface JobView extends JobRow {
  readonly chunks: readonly ChunkView[];
  readonly waiting_for: WaitingFor | null;
  readonly task_id: string | null;
}

/**
 * The parts of a job and what it waits for, computed from the rows themselves: a stored answer could be out of
 * date.
 */
export async function viewJob(db: Queryable, job: JobRow): Promise<JobView> {
  const { rows: chunks } = await db.query<ChunkView>(
    // What has not begun, and stands in the queue behind all that may run at once, begins only when one of those has ended.
    `SELECT c.index, c.label, c.is_reused, c.error,
            CASE WHEN c.status = 'active'
                  AND w.status = 'queued'
                  AND w.progress = 0
                  AND row_number() OVER (PARTITION BY c.status ORDER BY w.status = 'queued', c.index) > $2
                 THEN 'waiting' ELSE c.status END AS status,
            CASE WHEN c.status IN ('done', 'failed', 'skipped') THEN 1 ELSE w.progress END AS progress,
            CASE WHEN w.status = 'running' THEN w.step END AS step
       FROM kernel.chunks c
       JOIN kernel.works w ON w.id = c.work_id
      WHERE c.job_id = $1
      ORDER BY c.index`,
    [job.id, job.parallel],
  );
  return { ...job, chunks, ...(await currentTask(db, job)) };
}

async function currentTask(
  db: Queryable,
  job: JobRow,
): Promise<{ waiting_for: WaitingFor | null; task_id: string | null }> {
  if (job.finished_at !== null) return { waiting_for: null, task_id: null };
  const { rows } = await db.query<{
    task_id: string;
    is_running: boolean;
    until: Date | null;
    reason: string | null;
  }>(
    `SELECT w.task_id, w.status = 'running' AS is_running, w.waiting_for AS reason,
            CASE WHEN w.not_before > ${NOW} THEN w.not_before END AS until
       FROM kernel.works w
      WHERE w.status IN ('queued', 'running')
        AND (w.id IN ($2, $3)
             OR w.id IN (SELECT work_id FROM kernel.chunks WHERE job_id = $1 AND status = 'active'))
      ORDER BY is_running DESC, until NULLS FIRST
      LIMIT 1`,
    [job.id, job.plan_work_id, job.merge_work_id],
  );
  const task = rows[0];
  if (task === undefined) return { waiting_for: null, task_id: null };
  if (task.is_running) return { waiting_for: null, task_id: task.task_id };
  const reason = task.until === null ? 'a free place' : (task.reason ?? 'its time');
  return { waiting_for: { reason, until: task.until }, task_id: task.task_id };
}
