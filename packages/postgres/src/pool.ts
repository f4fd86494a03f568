import { Pool, types } from 'pg';
import type { PoolConfig } from 'pg';

import { PostgresError } from './errors.ts';
import type { Log } from './log.ts';

export interface PoolOptions {
  readonly log: Log;
  /** Shown in `pg_stat_activity`, so that an operator sees whose connection it is. */
  readonly applicationName: string;
  /** Most connections at once; 10 by default. */
  readonly max?: number;
  /** The server ends a statement that runs longer, in milliseconds; no limit by default. */
  readonly statementTimeoutMs?: number;
}

/** A server that does not answer within this time is an outage that the caller should hear of. */
const CONNECT_TIMEOUT_MS = 10_000;
/** No transaction stays open during work, so one that idles this long is a bug that holds locks. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;

function parseBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new PostgresError(
      'database.integer_too_large',
      `The bigint ${text} does not fit a JavaScript number exactly; select it as text (column::text).`,
      { value: text },
    );
  }
  return value;
}

/** The elements of a bigint[], which may be nested and may be null. */
function parseBigints(elements: unknown): unknown {
  if (Array.isArray(elements)) {
    return elements.map(parseBigints);
  }
  return typeof elements === 'string' ? parseBigint(elements) : elements;
}

/** Object identifiers of types, the same in every PostgreSQL (pg_type.dat). */
const BIGINT = 20;
const BIGINT_ARRAY = 1016;
const DATE = 1082;

const typeParsers: NonNullable<PoolConfig['types']> = {
  getTypeParser(id, format = 'text') {
    const parse: (text: string) => unknown = types.getTypeParser(id, format);
    const oid: number = id;
    if (format === 'text' && oid === BIGINT) {
      return parseBigint;
    }
    if (format === 'text' && oid === BIGINT_ARRAY) {
      return (text: string): unknown => parseBigints(parse(text));
    }
    if (format === 'text' && oid === DATE) {
      // pg would make midnight in the process's time zone of it, which is another day elsewhere.
      return (text: string): unknown => text;
    }
    return parse;
  },
};

/**
 * Opens a pool of connections. `bigint` arrives as a number (an unsafe one is refused with
 * `database.integer_too_large`), `timestamptz` as a Date, `date` and `numeric` as text. This holds
 * for this pool alone: pg's global parsers stay as they are.
 *
 * A connection that breaks (the server restarted) is logged and replaced by the next query; without
 * listeners pg would end the process.
 */
export function openPool(connectionString: string, options: PoolOptions): Pool {
  const pool = new Pool({
    connectionString,
    application_name: options.applicationName,
    max: options.max ?? 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
    types: typeParsers,
    ...(options.statementTimeoutMs === undefined
      ? {}
      : { statement_timeout: options.statementTimeoutMs }),
  });
  pool.on('connect', (client) => {
    // Also heard while the connection is lent out and nothing runs on it, when the pool does not
    // listen.
    client.on('error', (error) => {
      options.log.warn({ err: error, pool: options.applicationName }, 'database connection lost');
    });
  });
  pool.on('error', () => {
    // The same event once more, from the pool: without a listener it would end the process.
  });
  return pool;
}
