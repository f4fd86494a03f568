import type { AttemptOutcome, ChunkStatus } from '@scriptorium/contract';
import type { Queryable } from '@scriptorium/kernel';
import { query } from '../../platform/database.ts';

/** One run of one part, or a part without a run, or (all of it null) a job without parts. */
export interface TimelineRow {
  readonly now: Date;
  readonly retried_by: readonly number[];
  readonly index: number | null;
  readonly label: string | null;
  readonly status: ChunkStatus;
  readonly is_reused: boolean;
  readonly worker: string | null;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly outcome: AttemptOutcome | null;
  readonly code: string | null;
  readonly waiting_for: string | null;
  readonly waits_until: Date | null;
}

/** Given a job and an owner. */
export const TIMELINE_SQL = `WITH job AS MATERIALIZED (
   SELECT j.id, COALESCE(p.finished_at, j.started_at, j.created_at) AS planned_at,
          COALESCE((SELECT jsonb_agg(r.id ORDER BY r.id)
                      FROM kernel.jobs r
                     WHERE r.retry_of = j.id
                       AND r.owner_id = j.owner_id), '[]') AS retried_by
     FROM kernel.jobs j
     LEFT JOIN kernel.works p ON p.id = j.plan_work_id
    WHERE j.id = $1
      AND j.owner_id = $2
 )
 SELECT pgboss.job_now() AS now, job.retried_by, c.index, c.label, c.status, c.is_reused, v.name AS worker,
        CASE WHEN a.work_id IS NOT NULL THEN GREATEST(a.started_at, job.planned_at) END AS started_at,
        LEAST(a.ended_at, c.settled_at) AS ended_at,
        CASE WHEN o.is_outlived THEN 'let_go' ELSE a.outcome END AS outcome,
        CASE WHEN NOT o.is_outlived THEN a.error ->> 'code' END AS code,
        CASE WHEN o.waits THEN w.waiting_for END AS waiting_for,
        CASE WHEN o.waits THEN w.not_before END AS waits_until
   FROM job
   LEFT JOIN kernel.chunks c ON c.job_id = job.id
   LEFT JOIN kernel.works w ON w.id = c.work_id
   LEFT JOIN kernel.attempts a
          ON a.work_id = c.work_id
         AND NOT c.is_reused
         AND (a.ended_at IS NULL OR a.ended_at > job.planned_at)
         AND (c.settled_at IS NULL OR a.started_at < c.settled_at)
   LEFT JOIN kernel.workers v ON v.id = a.worker_id
  CROSS JOIN LATERAL (
        SELECT c.settled_at IS NOT NULL
               AND COALESCE(a.ended_at > c.settled_at, a.started_at IS NOT NULL) AS is_outlived,
               c.settled_at IS NULL AND w.status = 'queued' AND w.not_before > pgboss.job_now() AS waits) AS o
  ORDER BY c.index, a.started_at`;

/**
 * The runs of a job's parts, by part and time; no row at all for a job that is none of this owner's.
 *
 * A part may share its work with jobs of other people. It shows what the part itself has seen: nothing from before it was planned or
 * after it was settled, nothing of a result that was there already, and a run that outlived it ends with it, without its outcome.
 */
export function readTimeline(
  db: Queryable,
  jobId: number,
  ownerId: number,
): Promise<TimelineRow[]> {
  return query<TimelineRow>(db, TIMELINE_SQL, [jobId, ownerId]);
}
