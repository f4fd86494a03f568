import type { Queryable } from '../db/queryable.ts';

/**
 * True while a person waits for this work: its own job's person, or one whose job has joined it. Asked when it matters
 * instead of noted at the claim, because the person may come while the work runs.
 */
export async function isAwaited(
  db: Queryable,
  { workId, jobId }: { readonly workId: number; readonly jobId: number },
): Promise<boolean> {
  const { rows } = await db.query<{ is_awaited: boolean }>(
    `SELECT EXISTS (
              SELECT FROM kernel.jobs j
               WHERE j.class = 'waiting'
                 AND j.finished_at IS NULL
                 AND j.id IN (SELECT $2::bigint
                              UNION ALL
                              SELECT c.job_id FROM kernel.chunks c WHERE c.work_id = $1 AND c.settled_at IS NULL)
            ) AS is_awaited`,
    [workId, jobId],
  );
  return rows[0]?.is_awaited ?? false;
}
