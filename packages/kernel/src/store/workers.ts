import type { Queryable } from '../db/queryable.ts';
import { workerMetricsSchema, type WorkerMetrics } from '../metrics.ts';
import { NOW } from './sql.ts';

export interface WorkerFacts {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly slots: number;
}

/** What the operator sees of a worker. Silent for more than a few seconds and not stopped: it is dead or cut off. */
export interface WorkerView extends WorkerFacts {
  readonly running: readonly { workId: number; jobId: number; step?: string }[];
  readonly startedAt: Date;
  readonly lastBeatAt: Date;
  /** Since its last beat, by the database's clock. */
  readonly silentSeconds: number;
  /** What its process has counted. Null before its first report, and from a version with other counters. */
  readonly metrics: WorkerMetrics | null;
}

export async function registerWorker(db: Queryable, worker: WorkerFacts): Promise<void> {
  await db.query(
    `INSERT INTO kernel.workers (id, name, host, pid, slots, started_at, last_beat_at)
     VALUES ($1, $2, $3, $4, $5, ${NOW}, ${NOW})`,
    [worker.id, worker.name, worker.host, worker.pid, worker.slots],
  );
}

/** @param metrics undefined: the last report stands */
export async function beatWorker(
  db: Queryable,
  workerId: string,
  running: WorkerView['running'],
  metrics: WorkerMetrics | undefined,
): Promise<void> {
  await db.query(
    `UPDATE kernel.workers
        SET last_beat_at = ${NOW}, running = $2, metrics = COALESCE($3, metrics)
      WHERE id = $1`,
    [workerId, JSON.stringify(running), metrics === undefined ? null : JSON.stringify(metrics)],
  );
}

export async function unregisterWorker(db: Queryable, workerId: string): Promise<void> {
  await db.query(`UPDATE kernel.workers SET stopped_at = ${NOW}, running = '[]' WHERE id = $1`, [
    workerId,
  ]);
}

/** Workers that have not said that they stopped, newest first. */
export async function listWorkers(db: Queryable): Promise<WorkerView[]> {
  const { rows } = await db.query<WorkerView>(
    `SELECT id, name, host, pid, slots, running, started_at AS "startedAt", last_beat_at AS "lastBeatAt",
            GREATEST(0, extract(epoch FROM ${NOW} - last_beat_at))::float8 AS "silentSeconds", metrics
       FROM kernel.workers
      WHERE stopped_at IS NULL
      ORDER BY started_at DESC`,
  );
  return rows.map((row) => ({
    ...row,
    metrics: workerMetricsSchema.safeParse(row.metrics).data ?? null,
  }));
}

/**
 * Deletes the rows of workers that stopped, or were last heard of, more than a day ago: time enough for an operator to see
 * who died.
 *
 * @returns how many were deleted
 */
export async function deleteOldWorkers(db: Queryable): Promise<number> {
  const { rowCount } = await db.query(
    `DELETE FROM kernel.workers WHERE last_beat_at < ${NOW} - interval '1 day'`,
  );
  return rowCount ?? 0;
}
