import type { Queryable } from '../db/queryable.ts';
import type { Tx } from '../db/transaction.ts';
import { SNAPSHOT } from './change-job.ts';
import { attemptKey } from './claim-works.ts';
import { NOW } from './sql.ts';

/** A running attempt and what it reported since the last beat. */
export interface Beat {
  readonly workId: number;
  readonly taskId: string;
  readonly delivery: number;
  readonly fraction: number;
  readonly step: string | undefined;
}

/**
 * Writes the progress of running attempts, of those whose rows nobody is changing right now: a beat that waited for a record
 * would hold the rows it has and deadlock with it, and the leases of the whole process wait behind a beat.
 *
 * @returns the keys ({@link attemptKey}) of the attempts whose fence still stands; one that is missing must be aborted
 */
export async function beatWorks(db: Queryable, beats: readonly Beat[]): Promise<Set<string>> {
  const { rows } = await db.query<Pick<Beat, 'taskId' | 'delivery'>>(
    `WITH beat AS (
       SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::int[], $4::real[], $5::text[])
           AS b (work_id, task_id, delivery, fraction, step)
     ), standing AS (
       SELECT b.* FROM beat b JOIN kernel.works w ON ${FENCE}
     ), free AS (
       SELECT b.* FROM beat b JOIN kernel.works w ON ${FENCE}
          FOR NO KEY UPDATE OF w SKIP LOCKED
     ), beaten AS (
       UPDATE kernel.works w
          SET progress = GREATEST(w.progress, b.fraction),
              step = COALESCE(b.step, w.step)
         FROM free b
        WHERE w.id = b.work_id
     )
     SELECT task_id AS "taskId", delivery FROM standing`,
    [
      beats.map((beat) => beat.workId),
      beats.map((beat) => beat.taskId),
      beats.map((beat) => beat.delivery),
      beats.map((beat) => beat.fraction),
      beats.map((beat) => beat.step ?? null),
    ],
  );
  return new Set(rows.map(attemptKey));
}

const FENCE = `w.id = b.work_id
        AND w.task_id = b.task_id
        AND w.delivery = b.delivery
        AND w.status = 'running'`;

export interface BeatenJob {
  readonly id: number;
  readonly has_moved: boolean;
  readonly is_over_soft: boolean;
  readonly is_over_hard: boolean;
}

/**
 * The heartbeat of the jobs that these works serve, joined ones included: last beat, time used, progress, and an event where
 * the percentage or the step has changed. Rows that somebody is changing right now are left to the next beat, so a beat never
 * waits and never deadlocks.
 *
 * Time used is the time between beats, at most two seconds each: only while a work runs does it grow, however many
 * processes beat, and a job that has ended has no beats.
 */
export async function beatJobs(tx: Tx, workIds: readonly number[]): Promise<BeatenJob[]> {
  // Locked by a statement of its own: the next one then sees what others committed before the lock was granted.
  const { rows: locked } = await tx.query<{ id: number }>(
    `SELECT j.id
       FROM kernel.jobs j
      WHERE j.status = 'processing'
        AND j.id IN (SELECT c.job_id FROM kernel.chunks c WHERE c.work_id = ANY ($1) AND c.settled_at IS NULL
                     UNION
                     SELECT w.job_id FROM kernel.works w WHERE w.id = ANY ($1) AND w.kind <> 'chunk')
      ORDER BY j.id
        FOR NO KEY UPDATE OF j SKIP LOCKED`,
    [workIds],
  );
  if (locked.length === 0) return [];
  const { rows } = await tx.query<BeatenJob>(BEAT_JOBS, [locked.map((row) => row.id)]);
  return rows;
}

const BEAT_JOBS = `
  WITH running AS (
    SELECT j.id, COALESCE(sum(w.progress), 0) AS fraction,
           (array_agg(w.step ORDER BY w.id) FILTER (WHERE w.step IS NOT NULL))[1] AS step
      FROM kernel.jobs j
      LEFT JOIN kernel.works w
        ON w.status = 'running'
       AND (w.id IN (j.plan_work_id, j.merge_work_id)
            OR w.id IN (SELECT c.work_id FROM kernel.chunks c
                         WHERE c.job_id = j.id AND c.settled_at IS NULL AND c.status = 'active'))
     WHERE j.id = ANY ($1)
     GROUP BY j.id
  ), next AS (
    SELECT j.id,
           COALESCE(r.step, j.current_step) AS step,
           GREATEST(j.progress_percent, CASE j.stage
             WHEN 'plan' THEN floor(5 + 5 * r.fraction)::int
             WHEN 'chunks' THEN floor(15 + 60 * (j.done_chunks + j.failed_chunks + j.skipped_chunks + r.fraction)
                                          / GREATEST(j.total_chunks, 1))::int
             WHEN 'merge' THEN LEAST(99, floor(75 + 24 * r.fraction)::int)
             ELSE 0 END) AS percent,
           j.progress_percent AS old_percent, j.current_step AS old_step
      FROM kernel.jobs j
      JOIN running r USING (id)
  ), beaten AS (
    UPDATE kernel.jobs j
       SET last_heartbeat_at = ${NOW},
           active_seconds = j.active_seconds
             + LEAST(2, GREATEST(0, extract(epoch FROM ${NOW} - COALESCE(j.last_heartbeat_at, j.started_at)))),
           progress_percent = n.percent,
           current_step = n.step,
           last_seq = j.last_seq + (n.percent > n.old_percent OR n.step IS DISTINCT FROM n.old_step)::int
      FROM next n
     WHERE j.id = n.id
    RETURNING j.*, n.percent > n.old_percent OR n.step IS DISTINCT FROM n.old_step AS has_moved
  ), told AS (
    INSERT INTO kernel.events (job_id, seq, type, at, data)
    SELECT id, last_seq, 'job.progress', ${NOW},
           ${SNAPSHOT}
      FROM beaten
     WHERE has_moved
  )
  SELECT id, has_moved,
         active_seconds >= soft_limit_seconds AND soft_limit_hit_at IS NULL AND stage <> 'merge' AS is_over_soft,
         active_seconds - COALESCE(merge_from_seconds, 0) >= hard_limit_seconds AS is_over_hard
    FROM beaten`;
