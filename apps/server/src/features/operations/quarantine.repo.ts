import type { Queryable } from '@scriptorium/kernel';
import { query, queryOne } from '../../platform/database.ts';
import { codedLabel } from '../jobs/index.ts';

interface QuarantinedRow {
  readonly id: number;
  readonly pipeline: string;
  readonly kind: 'plan' | 'chunk' | 'merge';
  readonly label: string | null;
  readonly attempts: number;
  readonly crashes: number;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly finished_at: Date;
  readonly jobs: readonly { readonly id: number; readonly owner_id: number }[];
}

/** Its plan or its merge, or a part that is not done. A job that was tried again lacks nothing: the new one does. */
const LACKS = `(j.plan_work_id = w.id OR j.merge_work_id = w.id
                OR EXISTS (SELECT FROM kernel.chunks c WHERE c.job_id = j.id AND c.work_id = w.id AND c.status <> 'done'))
           AND NOT EXISTS (SELECT FROM kernel.jobs r WHERE r.retry_of = j.id)`;

/** The jobs a work is known to: of a plan or a merge the one, of a chunk all that have it as a part. */
const JOBS = `SELECT j.id, j.owner_id, j.finished_at
              FROM kernel.jobs j
             WHERE j.id IN (SELECT w.job_id UNION SELECT c.job_id FROM kernel.chunks c WHERE c.work_id = w.id)
               AND ${LACKS}`;

/** A plan or a merge is run again under another number, and so stays as it is when its job has been tried again. */
const IN_QUARANTINE = `w.status = 'quarantined'
        AND (w.kind = 'chunk' OR NOT EXISTS (SELECT FROM kernel.jobs r WHERE r.retry_of = w.job_id))`;

/** More than anybody looks through. */
const MAX_LISTED = 200;

/** Newest first. */
export async function listQuarantined(db: Queryable) {
  const rows = await query<QuarantinedRow>(
    db,
    `SELECT w.id, w.pipeline, w.kind, w.attempts, w.crashes, w.error, w.finished_at,
            (SELECT c.label FROM kernel.chunks c WHERE c.work_id = w.id ORDER BY c.job_id DESC LIMIT 1) AS label,
            COALESCE((SELECT jsonb_agg(jsonb_build_object('id', l.id, 'owner_id', l.owner_id) ORDER BY l.id DESC)
                        FROM (${JOBS}) AS l), '[]') AS jobs
       FROM kernel.works w
      WHERE ${IN_QUARANTINE}
      ORDER BY w.finished_at DESC
      LIMIT ${MAX_LISTED}`,
  );
  return rows.map(({ id, finished_at: at, jobs, ...row }) => ({
    ...row,
    work_id: id,
    at: at.toISOString(),
    jobs: [...jobs],
    ...codedLabel(row.label),
  }));
}

export async function countQuarantined(db: Queryable): Promise<number> {
  const row = await queryOne<{ count: number }>(
    db,
    `SELECT count(*)::int AS count FROM kernel.works w WHERE ${IN_QUARANTINE}`,
  );
  return row?.count ?? 0;
}

export async function isQuarantined(db: Queryable, workId: number): Promise<boolean> {
  const row = await queryOne(
    db,
    `SELECT 1 FROM kernel.works w WHERE w.id = $1 AND ${IN_QUARANTINE}`,
    [workId],
  );
  return row !== undefined;
}

/** The newest ended job of each owner that lacks the work. One that is open gets it by the others' replay. */
export function findJobsToReplay(
  db: Queryable,
  workId: number,
): Promise<{ id: number; owner_id: number }[]> {
  return query(
    db,
    `SELECT DISTINCT ON (l.owner_id) l.id, l.owner_id
       FROM kernel.works w
      CROSS JOIN LATERAL (${JOBS}) AS l
      WHERE w.id = $1
        AND l.finished_at IS NOT NULL
      ORDER BY l.owner_id, l.id DESC`,
    [workId],
  );
}
