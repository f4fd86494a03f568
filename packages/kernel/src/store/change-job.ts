import { settleHold } from '../credits/holds.ts';
import type { Tx } from '../db/transaction.ts';
import { TransitionError, type Failure } from '../errors.ts';
import type { EventType } from '../events/event.ts';
import type { Gap } from '../pipeline.ts';
import type { Resources } from '../resources.ts';
import { isTerminal, move, type Transition } from '../states/transitions.ts';
import { JOB_COLUMNS, type JobRow, type JobStage } from './job-row.ts';
import { NOW } from './sql.ts';

/** What a transaction changes about a job whose row it has locked. Everything absent stays as it is. */
export interface JobChange {
  readonly transition?: Transition<'job'>;
  readonly stage?: JobStage;
  readonly step?: string;
  readonly totalChunks?: number;
  readonly settled?: { readonly done: number; readonly failed: number; readonly skipped: number };
  readonly planWorkId?: number;
  readonly mergeWorkId?: number;
  readonly gaps?: readonly Gap[];
  readonly output?: unknown;
  readonly error?: Failure;
  readonly cancelledBy?: number;
  readonly softLimitHit?: boolean;
}

/** An event to append: what is special about it. The snapshot of the job is added to each. */
export interface NewEvent {
  readonly type: EventType;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What every event says about the job, so that the latest one alone is the state. */
export const SNAPSHOT = `jsonb_build_object(
              'status', status, 'progress_percent', progress_percent, 'current_step', current_step,
              'total_chunks', total_chunks, 'processed_chunks', done_chunks + failed_chunks + skipped_chunks)`;

/**
 * The one statement that changes a job, and the events that tell of it.
 *
 * The guard refuses every change of a job that has ended. What ends a job settles its hold: there is no other way to either. `seq` is allocated here, under the row's lock, in the transaction
 * that changes the state: no gaps, no reordering. Progress never falls, whatever the callers compute.
 *
 * @returns the job as it now is
 * @throws TransitionError if the job's status does not allow it
 */
export async function changeJob(
  tx: Tx,
  { notifier }: Pick<Resources, 'notifier'>,
  job: JobRow,
  change: JobChange,
  events: readonly NewEvent[],
): Promise<JobRow> {
  const ends = change.transition !== undefined && change.transition !== 'start';
  const settled = change.settled ?? { done: 0, failed: 0, skipped: 0 };
  const next = {
    hasStarted: change.transition === 'start' || job.status === 'processing',
    stage: ends ? 'ended' : (change.stage ?? job.stage),
    total: change.totalChunks ?? job.total_chunks,
    done: job.done_chunks + settled.done,
    failed: job.failed_chunks + settled.failed,
    skipped: job.skipped_chunks + settled.skipped,
  };
  const { rows } = await tx.query<JobRow>(changeStatement(change.transition), [
    job.id,
    next.stage,
    next.total,
    next.done,
    next.failed,
    next.skipped,
    change.transition === 'complete' ? 100 : progressOf(next),
    ends,
    change.step ?? null,
    change.planWorkId ?? null,
    change.mergeWorkId ?? null,
    json(change.gaps),
    json(change.output),
    json(change.error),
    change.transition === 'cancel',
    change.cancelledBy ?? null,
    change.softLimitHit ?? false,
    change.transition === 'start',
    events.map((event) => event.type),
    events.map((event) => JSON.stringify(event.data ?? {})),
  ]);
  const changed = rows[0];
  if (changed === undefined) {
    throw new TransitionError(change.transition ?? 'change', job.status, { jobId: job.id });
  }
  if (ends && changed.has_hold) await settleHold(tx, job.id);
  tx.afterCommit(() => notifier.signal('jobs', String(job.id)));
  return changed;
}

/** One text for each transition, so that a change of columns cannot forget the guard of one of them. */
function changeStatement(transition: JobChange['transition']): string {
  const rule = transition === undefined ? undefined : move('job', transition);
  return `
     WITH changed AS (
     UPDATE kernel.jobs j
        SET ${rule === undefined ? '' : `${rule.set},`}
            stage = $2,
            total_chunks = $3,
            done_chunks = $4,
            failed_chunks = $5,
            skipped_chunks = $6,
            progress_percent = GREATEST(progress_percent, $7),
            current_step = CASE WHEN $8::boolean THEN NULL ELSE COALESCE($9, current_step) END,
            plan_work_id = COALESCE($10, plan_work_id),
            merge_work_id = COALESCE($11, merge_work_id),
            gaps = COALESCE($12::jsonb, gaps),
            output = COALESCE($13::jsonb, output),
            error = COALESCE($14::jsonb, error),
            cancelled_at = CASE WHEN $15::boolean THEN ${NOW} ELSE cancelled_at END,
            cancelled_by = COALESCE($16, cancelled_by),
            soft_limit_hit_at = CASE WHEN $17::boolean THEN ${NOW} ELSE soft_limit_hit_at END,
            merge_from_seconds = CASE WHEN $2 = 'merge' THEN COALESCE(merge_from_seconds, active_seconds)
                                      ELSE merge_from_seconds END,
            started_at = CASE WHEN $18::boolean THEN ${NOW} ELSE started_at END,
            finished_at = CASE WHEN $8::boolean THEN ${NOW} ELSE finished_at END,
            last_seq = last_seq + cardinality($19::text[])
      WHERE j.id = $1
        AND ${rule === undefined ? 'j.finished_at IS NULL' : rule.when('j')}
      RETURNING ${JOB_COLUMNS}
     ), told AS (
     INSERT INTO kernel.events (job_id, seq, type, at, data)
     SELECT c.id, c.last_seq - cardinality($19::text[]) + e.place, e.type, ${NOW},
            ${SNAPSHOT} || e.data
       FROM changed c
      CROSS JOIN unnest($19::text[], $20::jsonb[]) WITH ORDINALITY AS e (type, data, place)
     )
     SELECT * FROM changed`;
}

/**
 * The percentage a stage stands for: accepted 0, planning 5 to 10, split 15, chunks 15 to 75, merging 75 to 99.
 * 100 belongs to `completed` alone.
 *
 * @param running the sum of the fractions of the works at work now
 */
export function progressOf(
  job: {
    hasStarted: boolean;
    stage: string;
    total: number;
    done: number;
    failed: number;
    skipped: number;
  },
  running = 0,
): number {
  switch (job.stage) {
    case 'plan':
      return job.hasStarted ? Math.floor(5 + 5 * running) : 0;
    case 'chunks': {
      const settled = job.done + job.failed + job.skipped;
      return job.total === 0 ? 15 : Math.floor(15 + (60 * (settled + running)) / job.total);
    }
    case 'merge':
      return Math.min(99, Math.floor(75 + 24 * running));
    default:
      return 0;
  }
}

/** True once the job may not be changed; reads better than the negation of a guard. */
export function hasEnded(job: JobRow): boolean {
  return isTerminal(job.status);
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
