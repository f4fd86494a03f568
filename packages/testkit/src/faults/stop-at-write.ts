import type { Pool, PoolClient } from 'pg';

/** The n-th durable write of a process, and on which side of its commit the process ends. */
export interface WritePoint {
  /** From 1. */
  readonly write: number;
  /** `before`: the database never hears of it. `after`: it is committed, and nobody hears of that. */
  readonly moment: 'before' | 'after';
}

/** How many durable writes there were, and whether the fault has come. */
export interface WriteFault {
  readonly writes: number;
  readonly hasFired: boolean;
}

type Query = (...parameters: unknown[]) => unknown;
/** What is to happen to a durable write. The second parameter is there where the caller waits by a callback. */
type Meet = (
  send: () => unknown,
  replaceCallback: ((callback: () => void) => void) | undefined,
) => unknown;

/** Locks are no writes; everything else with one of these words is. */
const LOCK = /\bFOR\s+(?:NO\s+KEY\s+)?UPDATE\b/giu;
const WRITE = /\b(?:INSERT|UPDATE|DELETE|MERGE|TRUNCATE|CREATE|ALTER|DROP)\b/iu;
const BEGIN = /^\s*(?:BEGIN|START\s+TRANSACTION)\b/iu;
const COMMIT = /\bCOMMIT\b/iu;
const ROLLBACK = /^\s*ROLLBACK\b(?!\s+TO\b)/iu;

/**
 * Ends a process at its n-th durable write: a commit of a transaction that writes, or a statement that writes outside of one. What the
 * process sends there is not sent (`before`) or not answered (`after`), for ever.
 *
 * Statements are watched where the pool hands out its connections, so writes on connections of other kinds are not counted.
 *
 * @param pool of the process; no transaction may be open on it
 * @param die ends the process: called once, and nothing of the process may run afterwards
 */
export function stopAtWrite(pool: Pool, point: WritePoint, die: () => void): WriteFault {
  const fault = { writes: 0, hasFired: false };
  const fire = () => {
    fault.hasFired = true;
    die();
  };
  const meet: Meet = (send, replaceCallback) => {
    fault.writes += 1;
    if (fault.writes !== point.write) return send();
    if (point.moment === 'before') {
      fire();
      return never();
    }
    if (replaceCallback === undefined) return Promise.resolve(send()).then(fire).then(never);
    replaceCallback(fire);
    return send();
  };
  const watched = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    watch(client, meet);
  });
  return fault;
}

function never(): Promise<never> {
  return new Promise(() => {});
}

function watch(client: PoolClient, meet: Meet): void {
  const query: Query = client.query.bind(client);
  let hasWritten: boolean | undefined;
  const isDurable = (text: string): boolean => {
    const isWrite = WRITE.test(text.replaceAll(LOCK, ''));
    const ends = COMMIT.test(text);
    if (BEGIN.test(text) && !ends) {
      hasWritten = false;
      return false;
    }
    if (hasWritten === undefined) return isWrite;
    hasWritten ||= isWrite;
    if (!ends && !ROLLBACK.test(text)) return false;
    const isCommitted = ends && hasWritten;
    hasWritten = undefined;
    return isCommitted;
  };
  const watchedQuery: Query = (...parameters) => {
    if (!isDurable(textOf(parameters[0]))) return query(...parameters);
    const last = parameters.at(-1);
    const send = () => query(...parameters);
    // With a callback, pg returns nothing to wait for.
    if (typeof last !== 'function') return meet(send, undefined);
    return meet(send, (replaced) => void parameters.splice(-1, 1, replaced));
  };
  Object.assign(client, { query: watchedQuery });
}

function textOf(statement: unknown): string {
  if (typeof statement === 'string') return statement;
  const text: unknown =
    typeof statement === 'object' && statement !== null ? Reflect.get(statement, 'text') : '';
  return typeof text === 'string' ? text : '';
}
