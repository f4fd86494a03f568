import { insertUsages, type Usage } from '../credits/usage.ts';
import type { Tx } from '../db/transaction.ts';

/**
 * Adds to what jobs and works have used. Facts: not fenced, and also of jobs that have ended. Rows that somebody is changing right
 * now are passed over, so this neither waits nor deadlocks, whatever the caller holds.
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
  const kept = await insertUsages(tx, uses.filter(isFree));
  await add(tx, 'jobs', kept, ({ jobId }) => jobId);
  await add(tx, 'works', kept, ({ workId }) => workId);
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

async function add(
  tx: Tx,
  table: 'jobs' | 'works',
  uses: readonly Usage[],
  idOf: (use: Usage) => number,
): Promise<void> {
  if (uses.length === 0) return;
  await tx.query(
    `UPDATE kernel.${table} t
        SET llm_calls = t.llm_calls + u.calls, tokens_used = t.tokens_used + u.tokens
       FROM (SELECT id, sum(calls)::int AS calls, sum(tokens)::bigint AS tokens
               FROM unnest($1::bigint[], $2::int[], $3::bigint[]) AS n (id, calls, tokens)
              GROUP BY id) AS u
      WHERE t.id = u.id`,
    [uses.map(idOf), uses.map(({ calls }) => calls), uses.map(({ tokens }) => tokens)],
  );
}
