import { keepUsages, type Usage } from '../credits/usage.ts';
import type { Tx } from '../db/transaction.ts';

/**
 * Keeps what running attempts have used. Rows that somebody is changing right now are passed over, so this neither waits nor
 * deadlocks.
 *
 * @returns what is still to be written
 */
export async function addUsage(tx: Tx, uses: readonly Usage[]): Promise<Usage[]> {
  if (uses.length === 0) return [];
  const jobs = await lockFree(
    tx,
    'jobs',
    uses.map(({ jobId }) => jobId),
  );
  const works = await lockFree(
    tx,
    'works',
    uses.map(({ workId }) => workId),
  );
  // A row that is gone (undefined) is no reason to wait.
  const isFree = ({ jobId, workId }: Usage) =>
    jobs.get(jobId) !== false && works.get(workId) !== false;
  await keepUsages(tx, uses.filter(isFree));
  return uses.filter((use) => !isFree(use));
}

async function lockFree(
  tx: Tx,
  table: 'jobs' | 'works',
  ids: readonly number[],
): Promise<Map<number, boolean>> {
  const { rows } = await tx.query<{ id: number; is_free: boolean }>(
    `WITH free AS (
       SELECT id FROM kernel.${table} WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
     )
     SELECT t.id, free.id IS NOT NULL AS is_free
       FROM kernel.${table} t
       LEFT JOIN free USING (id)
      WHERE t.id = ANY ($1)`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.is_free]));
}
