import type { Queryable } from '../db/transaction.ts';
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
}

export async function registerWorker(db: Queryable, worker: WorkerFacts): Promise<void> {
  await db.query(
    `INSERT INTO kernel.workers (id, name, host, pid, slots, started_at, last_beat_at)
     VALUES ($1, $2, $3, $4, $5, ${NOW}, ${NOW})`,
    [worker.id, worker.name, worker.host, worker.pid, worker.slots],
  );
}

export async function beatWorker(
  db: Queryable,
  workerId: string,
  running: WorkerView['running'],
): Promise<void> {
  await db.query(`UPDATE kernel.workers SET last_beat_at = ${NOW}, running = $2 WHERE id = $1`, [
    workerId,
    JSON.stringify(running),
  ]);
}

export async function unregisterWorker(db: Queryable, workerId: string): Promise<void> {
  await db.query(`UPDATE kernel.workers SET stopped_at = ${NOW}, running = '[]' WHERE id = $1`, [
    workerId,
  ]);
}

/** Workers that have not said that they stopped, newest first. */
export async function listWorkers(db: Queryable): Promise<WorkerView[]> {
  const { rows } = await db.query<WorkerView>(
    `SELECT id, name, host, pid, slots, running, started_at AS "startedAt", last_beat_at AS "lastBeatAt"
       FROM kernel.workers
      WHERE stopped_at IS NULL
      ORDER BY started_at DESC`,
  );
  return rows;
}
