import type { Queryable } from '@scriptorium/kernel';
import type { QueryResultRow } from 'pg';

export type { Queryable };

/** The rows of a statement. */
export async function query<Row extends QueryResultRow>(
  db: Queryable,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const { rows } = await db.query<Row>(text, [...values]);
  return rows;
}

/** The first row of a statement that gives at most one. */
export async function queryOne<Row extends QueryResultRow>(
  db: Queryable,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row | undefined> {
  const [row] = await query<Row>(db, text, values);
  return row;
}

const DISK_FULL_CODES = new Set(['ENOSPC', 'EDQUOT', '53100']);

/** True when a file or the database could not grow. */
export function isDiskFull(error: unknown): boolean {
  return DISK_FULL_CODES.has(codeOf(error));
}

const UNAVAILABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT', // the socket of a database that is being restarted
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  '40001', // serialization_failure, after the last of its re-runs
  '40P01', // deadlock_detected, likewise
  '53300', // too_many_connections
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
]);

/** True for errors that say the database is away or overloaded, rather than that a statement is wrong. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (UNAVAILABLE_CODES.has(code) || code.startsWith('08')) return true;
  // pg gives these two no code: the pool's timeout, and a connection that died under a statement.
  return (
    error instanceof Error &&
    /^(?:timeout exceeded when trying to connect|Connection terminated)/u.test(error.message)
  );
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
