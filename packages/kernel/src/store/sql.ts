import type { Queryable } from '../db/queryable.ts';

/**
 * The clock of every kernel statement: the queue's own, so that the queue and the kernel agree on what "now" is, and
 * so that a test can drive both.
 */
export const NOW = 'pgboss.job_now()';

/** The same in milliseconds since 1970. */
export const NOW_MS = `(extract(epoch FROM ${NOW}) * 1000)::float8`;

/**
 * What time it is by {@link NOW}, in milliseconds since 1970. The clocks of two machines may be minutes apart, so a moment that another
 * process compares with its own "now" is never taken from the clock of this one.
 */
export async function databaseNow(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ ms: number }>(`SELECT ${NOW_MS} AS ms`);
  const [row] = rows;
  if (row === undefined) throw new Error('The database has not said what time it is.');
  return row.ms;
}
