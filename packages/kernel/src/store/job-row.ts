import type { Queryable } from '../db/queryable.ts';
import type { Failure } from '../errors.ts';
import type { Gap } from '../pipeline.ts';
import type { PriorityClass } from '../queue/priority.ts';
import type { JobStatus } from '../states/transitions.ts';

export type JobStage = 'plan' | 'chunks' | 'merge' | 'ended';

/** A row of `kernel.jobs`. Seconds and counts as in the columns; times as dates. */
export interface JobRow {
  readonly id: number;
  readonly owner_id: number;
  readonly pipeline: string;
  readonly recipe_version: number;
  readonly scope: string;
  readonly generation: number;
  readonly subject: string | null;
  readonly input: unknown;
  readonly class: PriorityClass;
  readonly is_premium: boolean;
  readonly parallel: number;
  readonly soft_limit_seconds: number;
  readonly hard_limit_seconds: number;
  readonly status: JobStatus;
  readonly stage: JobStage;
  readonly progress_percent: number;
  readonly current_step: string | null;
  readonly total_chunks: number;
  readonly done_chunks: number;
  readonly failed_chunks: number;
  readonly skipped_chunks: number;
  readonly plan_work_id: number | null;
  readonly merge_work_id: number | null;
  readonly gaps: readonly Gap[];
  readonly output: unknown;
  readonly error: Failure | null;
  readonly retry_of: number | null;
  readonly retry_count: number;
  readonly llm_calls: number;
  readonly tokens_used: number;
  readonly active_seconds: number;
  /** What `active_seconds` was when the merge entered the queue. */
  readonly merge_from_seconds: number | null;
  readonly hook_failures: number;
  /** Credits are held for it. */
  readonly has_hold: boolean;
  readonly soft_limit_hit_at: Date | null;
  readonly last_heartbeat_at: Date | null;
  readonly last_seq: number;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly cancelled_at: Date | null;
  readonly cancelled_by: number | null;
}

export const JOB_COLUMNS = `id, owner_id, pipeline, recipe_version, scope, generation, subject, input, class, is_premium,
  parallel, soft_limit_seconds, hard_limit_seconds, status, stage, progress_percent, current_step, total_chunks,
  done_chunks, failed_chunks, skipped_chunks, plan_work_id, merge_work_id, gaps, output, error, retry_of, retry_count,
  llm_calls, tokens_used, active_seconds, merge_from_seconds, hook_failures, has_hold, soft_limit_hit_at, last_heartbeat_at, last_seq, created_at, started_at,
  finished_at, cancelled_at, cancelled_by`;

/** The first lock of every transaction that touches a job. `undefined` if there is no such job. */
export async function lockJob(db: Queryable, jobId: number): Promise<JobRow | undefined> {
  const { rows } = await db.query<JobRow>(
    `SELECT ${JOB_COLUMNS} FROM kernel.jobs WHERE id = $1 FOR UPDATE`,
    [jobId],
  );
  return rows[0];
}

/** A job of this owner; other owners' jobs do not exist for the caller. `ownerId` null: the operator's view. */
export async function findJob(
  db: Queryable,
  jobId: number,
  ownerId: number | null,
): Promise<JobRow | undefined> {
  const { rows } = await db.query<JobRow>(
    `SELECT ${JOB_COLUMNS} FROM kernel.jobs WHERE id = $1 AND ($2::bigint IS NULL OR owner_id = $2)`,
    [jobId, ownerId],
  );
  return rows[0];
}

export async function findJobBySubmission(
  db: Queryable,
  submission: string,
): Promise<JobRow | undefined> {
  const { rows } = await db.query<JobRow>(
    `SELECT ${JOB_COLUMNS} FROM kernel.jobs WHERE submission = $1`,
    [submission],
  );
  return rows[0];
}

export interface JobFilter {
  /** null: jobs of everybody, for the operator. */
  readonly ownerId: number | null;
  readonly status?: readonly JobStatus[];
  readonly pipeline?: string;
  readonly subject?: string;
  /** Only jobs with a smaller id: the next page. */
  readonly before?: number;
  readonly limit: number;
}

/** Newest first. */
export async function listJobs(db: Queryable, filter: JobFilter): Promise<JobRow[]> {
  const { rows } = await db.query<JobRow>(
    `SELECT ${JOB_COLUMNS}
       FROM kernel.jobs
      WHERE ($1::bigint IS NULL OR owner_id = $1)
        AND ($2::text[] IS NULL OR status = ANY ($2))
        AND ($3::text IS NULL OR pipeline = $3)
        AND ($4::text IS NULL OR subject = $4)
        AND ($5::bigint IS NULL OR id < $5)
      ORDER BY id DESC
      LIMIT $6`,
    [
      filter.ownerId,
      filter.status ?? null,
      filter.pipeline ?? null,
      filter.subject ?? null,
      filter.before ?? null,
      filter.limit,
    ],
  );
  return rows;
}
