import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pool, PoolClient } from 'pg';
import { OpenTransactionError } from '../errors.ts';
import { prepared, type Queryable } from './queryable.ts';

/** A transaction in progress. Only SQL may happen inside: no file, no model, no HTTP call; see {@link refuseInTransaction}. */
export interface Tx extends Queryable {
  /** Runs `action` once, after this transaction has been committed; never if it is rolled back. */
  afterCommit(action: () => void): void;
}

/** Whether the code that asks was called, directly or not, by the body of a transaction that is still open. */
const current = new AsyncLocalStorage<{ isOpen: boolean }>();

/**
 * Whatever may take long, a file, a model, a parser, asks this first: a transaction that waits for it would hold its locks, and a
 * connection, for just as long. (Rejected: trusting reviews. Such a call looks harmless, and works until the model is slow.)
 *
 * @param what completes "Cannot …"
 * @throws OpenTransactionError inside the body of a transaction
 */
export function refuseInTransaction(what: string): void {
  if (current.getStore()?.isOpen === true) throw new OpenTransactionError(what);
}

/** Told about every run that is started again, for the metric and the log. */
export type RerunListener = (error: unknown, run: number) => void;

const MAX_RUNS = 8;

/**
 * Runs `body` in one transaction and commits it.
 *
 * Deadlocks, serialisation failures and lost connections run the whole body again, at most 8 times in all, so a body
 * must keep no state between runs. A pool that has no connection in time does not: its caller hears of it. When the connection is
 * lost during COMMIT nobody knows whether it happened: bodies are therefore written so that a second run recognises its own
 * first one (a submission's id, a record's fence) instead of doing it twice.
 */
export async function inTransaction<T>(
  pool: Pool,
  body: (tx: Tx) => Promise<T>,
  onRerun?: RerunListener,
): Promise<T> {
  for (let run = 1; ; run += 1) {
    try {
      return await runOnce(pool, body);
    } catch (error) {
      if (run >= MAX_RUNS || !isWorthAnotherRun(error)) throw error;
      onRerun?.(error, run);
      await pause(run);
    }
  }
}

/**
 * The same for one statement outside of a transaction, after a conflict only: then it has certainly changed nothing, which
 * nobody knows after a lost connection.
 */
export async function rerunOnConflict<T>(
  statement: () => Promise<T>,
  onRerun?: RerunListener,
): Promise<T> {
  for (let run = 1; ; run += 1) {
    try {
      return await statement();
    } catch (error) {
      if (run >= MAX_RUNS || !isConflict(error)) throw error;
      onRerun?.(error, run);
      await pause(run);
    }
  }
}

async function runOnce<T>(pool: Pool, body: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const actions: (() => void)[] = [];
  const broken = rememberConnectionError(client);
  const tx: Tx = {
    ...prepared(client),
    afterCommit: (action) => void actions.push(action),
  };
  // What a body starts and leaves running, such as a timer, is inside only until its end.
  const state = { isOpen: true };
  let result: T;
  try {
    await client.query('BEGIN');
    result = await current.run(state, () => body(tx)).finally(() => (state.isOpen = false));
    await client.query('COMMIT');
  } catch (error) {
    await rollBack(client, broken, error);
    throw error;
  }
  broken.forget();
  client.release();
  for (const action of actions) action();
  return result;
}

/** A connection that fails a ROLLBACK is closed instead of handed to the next one with an open transaction. */
async function rollBack(
  client: PoolClient,
  broken: ConnectionWatch,
  cause: unknown,
): Promise<void> {
  let unusable = broken.error() !== undefined || isConnectionLoss(cause);
  if (!unusable) {
    unusable = await client.query('ROLLBACK').then(
      () => false,
      () => true,
    );
  }
  broken.forget();
  client.release(unusable);
}

interface ConnectionWatch {
  error(): Error | undefined;
  forget(): void;
}

/** The pool takes its listener off a client it hands out; unheard, a socket that dies would end the process. */
function rememberConnectionError(client: PoolClient): ConnectionWatch {
  let seen: Error | undefined;
  const listener = (error: Error) => {
    seen = error;
  };
  client.on('error', listener);
  return { error: () => seen, forget: () => void client.off('error', listener) };
}

/** Exponential with full jitter, 10 ms to 1 s: long enough for a restarted database on the later runs. */
function pause(run: number): Promise<void> {
  const ceiling = Math.min(1000, 10 * 2 ** run);
  return new Promise((resolve) => setTimeout(resolve, ceiling / 2 + (Math.random() * ceiling) / 2));
}

const RERUN_CODES = new Set(['40001', '40P01']);

function isConflict(error: unknown): boolean {
  return RERUN_CODES.has(codeOf(error));
}

/**
 * True for errors of a database that is away, overloaded, or had to choose between two: they say nothing against what was asked, which
 * may well succeed later.
 */
export function isTransient(error: unknown): boolean {
  return isConflict(error) || isConnectionLoss(error);
}

const NO_CONNECTION =
  /^(?:timeout exceeded when trying to connect|Connection terminated due to connection timeout)/u;

/** Whoever has got no connection for as long as the pool waits is to hear of it: eight such waits kept people waiting for 80 s. */
function isWorthAnotherRun(error: unknown): boolean {
  return isTransient(error) && !(error instanceof Error && NO_CONNECTION.test(error.message));
}

const CONNECTION_CODES = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ENOENT', // the socket of a database that is being restarted
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN', // a name server that is away with it
  '25006', // read_only_sql_transaction: it has become a standby
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
]);

/** connection_exception, insufficient_resources (no connection left, its disk is full), system_error */
const CONNECTION_CLASSES = new Set(['08', '53', '58']);

/** True for errors that say the database went away, or cannot serve anybody now, rather than that it refused the statement. */
export function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error);
  if (CONNECTION_CODES.has(code)) return true;
  if (/^[0-9A-Z]{5}$/u.test(code) && CONNECTION_CLASSES.has(code.slice(0, 2))) return true;
  return (
    error instanceof Error &&
    /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/u.test(
      error.message,
    )
  );
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
