import { randomUUID } from 'node:crypto';
import type { Tx } from '../db/transaction.ts';
import type { Failure } from '../errors.ts';
import { move } from '../states/transitions.ts';
import { NOW } from './sql.ts';

/** How a part of a job ended. */
export interface Verdict {
  readonly workId: number;
  readonly status: 'done' | 'failed' | 'skipped';
  readonly error?: Failure;
  /** The result was there before this job wanted it. */
  readonly isReused?: boolean;
}

export interface SettledRow {
  readonly index: number;
  readonly work_id: number;
  readonly status: 'done' | 'failed' | 'skipped';
  readonly is_reused: boolean;
  readonly error: Failure | null;
  readonly label: string | null;
}

/**
 * Settles the open chunks of one job (whose row is locked) that wait for these works. Chunks that are settled already stay as
 * they are.
 *
 * @returns the chunks settled by this call, by index
 */
export async function settleChunks(
  tx: Tx,
  jobId: number,
  verdicts: readonly Verdict[],
): Promise<SettledRow[]> {
  const settled: SettledRow[] = [];
  for (const [status, transition] of [
    ['done', 'finish'],
    ['failed', 'fail'],
    ['skipped', 'skip'],
  ] as const) {
    const group = verdicts.filter((verdict) => verdict.status === status);
    if (group.length === 0) continue;
    const rule = move('chunk', transition);
    const { rows } = await tx.query<SettledRow>(
      `UPDATE kernel.chunks c
          SET ${rule.set}, settled_at = ${NOW}, error = v.error, is_reused = v.is_reused
         FROM unnest($2::bigint[], $3::jsonb[], $4::boolean[]) AS v (work_id, error, is_reused)
        WHERE c.job_id = $1
          AND c.work_id = v.work_id
          AND ${rule.when('c')}
       RETURNING c.index, c.work_id, c.status, c.is_reused, c.error, c.label`,
      [
        jobId,
        group.map((verdict) => verdict.workId),
        group.map((verdict) =>
          verdict.error === undefined ? null : JSON.stringify(verdict.error),
        ),
        group.map((verdict) => verdict.isReused ?? false),
      ],
    );
    settled.push(...rows);
  }
  return settled.sort((a, b) => a.index - b.index);
}

/** The queue whose tasks settle the chunks of other jobs once a work they joined has ended. */
export const SETTLE_QUEUE = 'kernel.settle';

/** The tasks that settle, one job a transaction, what other jobs wait for. */
export function settleTasks(workIds: readonly number[], ownerId: number) {
  return workIds.map((workId) => ({
    id: randomUUID(),
    queue: SETTLE_QUEUE,
    workId,
    ownerId,
    priority: 0,
  }));
}
