import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Program } from '../../apps/server/src/testing-installation.ts';
import { measure, type Gauge } from './soak-process.ts';

/** What both processes and the database hold at one moment. */
export interface Holding {
  readonly server: Gauge;
  readonly worker: Gauge;
  /** To PostgreSQL, of everybody. */
  readonly connections: number;
}

interface Held {
  readonly server: Program;
  readonly worker: Program;
  readonly pool: Pool;
}

/**
 * How much more may be held at the end. The heap: what V8 keeps of code and statistics moves by some megabytes; a kilobyte lost with each of
 * 10,000 jobs is ten. Timers and files: a pool that has just lent a connection, a beat that has just begun.
 */
const TOLERANCE: Gauge = { heapBytes: 8_000_000, handles: 4, timers: 4, sockets: 4, listeners: 0 };
const HELD = ['heapBytes', 'handles', 'timers', 'sockets', 'listeners'] as const;
const MORE_CONNECTIONS = 4;
/** Idle connections of a pool end after ten seconds, those of HTTP after less. */
const IDLE_MS = 12_000;
const LOOKS = 5;

/** What is held once nobody asks for anything any more; with `before`, looked at until it is no more than that. */
export async function calm(held: Held, before?: Holding): Promise<Holding> {
  for (let look = 1; ; look += 1) {
    await delay(IDLE_MS);
    const now = await takeStock(held);
    if (before === undefined || look >= LOOKS || excessesOf(before, now).length === 0) return now;
  }
}

async function takeStock({ server, worker, pool }: Held): Promise<Holding> {
  const { rows } = await pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE backend_type = 'client backend'`,
  );
  return {
    server: await measure(server),
    worker: await measure(worker),
    connections: rows[0]?.count ?? 0,
  };
}

/** What is held beyond what was held before and a tolerance. */
export function excessesOf(before: Holding, after: Holding): string[] {
  const excesses = (['server', 'worker'] as const).flatMap((role) =>
    HELD.filter((what) => after[role][what] > before[role][what] + TOLERANCE[what]).map(
      (what) => `${role}, ${what}: ${before[role][what]} became ${after[role][what]}`,
    ),
  );
  if (after.connections > before.connections + MORE_CONNECTIONS)
    excesses.push(`connections: ${before.connections} became ${after.connections}`);
  return excesses;
}
