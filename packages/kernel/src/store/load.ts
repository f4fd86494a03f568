import type { Queryable } from '../db/queryable.ts';
import type { JobStatus } from '../states/transitions.ts';
import { NOW } from './sql.ts';

/** Tasks of one pipeline, all its versions together; `kernel.settle` is the kernel's own queue. */
export interface QueueLoad {
  readonly pipeline: string;
  /** Waiting for a free place. Not those that stand behind all that may run of their job at once: no more workers would begin them. */
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

/**
 * 20 ms for 100,000 ended jobs, 12 ms for 20,000 tasks.
 *
 * @param pipelines those that are listed also when nothing of theirs is in the queue
 */
export async function readLoad(db: Queryable, pipelines: readonly string[]): Promise<Load> {
  const { rows: jobs } = await db.query<{ status: JobStatus; count: number }>(
    'SELECT status, count(*)::int AS count FROM kernel.jobs GROUP BY status',
  );
  const { rows: queues } = await db.query<QueueLoad>(
    `WITH full_job AS (
       SELECT j.id
         FROM kernel.works w
         JOIN kernel.jobs j ON j.id = w.job_id
        WHERE w.status = 'running'
        GROUP BY j.id
       HAVING count(*) >= j.parallel
     ), ahead AS (
       SELECT w.task_id AS id
         FROM kernel.works w
         JOIN full_job ON full_job.id = w.job_id
        WHERE w.status = 'queued'
          AND w.not_before IS NULL
     ), queue AS (
       SELECT name,
              count(*) FILTER (WHERE start_after <= ${NOW}) AS ready,
              count(*) FILTER (WHERE start_after > ${NOW}) AS delayed,
              min(start_after) AS oldest
         FROM pgboss.job
        WHERE state < 'active'
          AND NOT blocked
          AND id NOT IN (SELECT id FROM ahead)
        GROUP BY name
     ), task AS (
       SELECT regexp_replace(name, '\\.v\\d+$', '') AS pipeline, ready, delayed, oldest
         FROM queue
     )
     SELECT pipeline,
            COALESCE(sum(ready), 0)::int AS ready,
            COALESCE(sum(delayed), 0)::int AS delayed,
            GREATEST(0, COALESCE(extract(epoch FROM ${NOW} - min(oldest)), 0))::float8 AS "oldestSeconds"
       FROM task
       FULL JOIN (SELECT DISTINCT unnest($1::text[]) AS pipeline) AS known USING (pipeline)
      GROUP BY pipeline
      ORDER BY pipeline`,
    [pipelines],
  );
  return { jobs: Object.fromEntries(jobs.map(({ status, count }) => [status, count])), queues };
}
