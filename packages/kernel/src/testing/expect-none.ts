import type { Pool } from 'pg';
import { expect } from 'vitest';

/** Sentences that must not be true, each with a query that finds the rows which make it so. */
export async function expectNone(pool: Pool, sentences: Record<string, string>): Promise<void> {
  const queries = Object.entries(sentences).map(
    ([sentence, query]) =>
      `SELECT $$${sentence}$$ AS sentence, to_jsonb(found) AS found FROM (${query}) AS found`,
  );
  const { rows } = await pool.query(queries.join(' UNION ALL '));
  expect(rows).toEqual([]);
}
