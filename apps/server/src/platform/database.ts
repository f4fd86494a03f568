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

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
