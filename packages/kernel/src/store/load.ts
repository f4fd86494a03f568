import type { Queryable } from '../db/transaction.ts';
import type { JobStatus } from '../states/transitions.ts';
import { NOW } from './sql.ts';

/** Tasks of one pipeline, all its versions together; `kernel.settle` is the kernel's own queue. */
export interface QueueLoad {
  readonly pipeline: string;
  /** Waiting for a free place. */
  readonly ready: number;
  /** Waiting for their moment. */
  readonly delayed: number;
  /** How long the one that waits longest for a place has waited, in seconds. */
  readonly oldestSeconds: number;
}

/** How much there is to do. */
export interface Load {
  readonly jobs: Readonly<Partial<Record<JobStatus, number>>>;
  readonly queues: readonly QueueLoad[];
}

/** Two look-ups in indexes; jobs that have ended cost 0.1 ms a thousand. */
export async function readLoad(db: Queryable): Promise<Load> {
  const { rows: jobs } = await db.query<{ status: JobStatus; count: number }>(
    'SELECT status, count(*)::int AS count FROM kernel.jobs GROUP BY status',
  );
  const { rows: queues } = await db.query<QueueLoad>(
    `SELECT regexp_replace(name, '\\.v\\d+$', '') AS pipeline,
            count(*) FILTER (WHERE start_after <= ${NOW})::int AS ready,
            count(*) FILTER (WHERE start_after > ${NOW})::int AS delayed,
            GREATEST(0, COALESCE(extract(epoch FROM ${NOW} - min(start_after)), 0))::float8 AS "oldestSeconds"
       FROM pgboss.job
      WHERE state < 'active'
      GROUP BY 1
      ORDER BY 1`,
  );
  return { jobs: Object.fromEntries(jobs.map(({ status, count }) => [status, count])), queues };
}
