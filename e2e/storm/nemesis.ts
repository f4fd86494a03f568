import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, routes } from '@scriptorium/contract';
import type { Pool } from 'pg';
import { fileOf } from '../../apps/server/src/features/books/tiny-epub.ts';
import type { Role } from '../installation.ts';
import { shortNovel } from './novels.ts';
import { handInLargeNovel, handInPoison, type World } from './people.ts';
import type { SmallDisk } from './small-disk.ts';
import { unannounced } from './uploads.ts';
import type { ModelWeather } from './weather.ts';

/** A database that can be brought down and comes back at the same address. */
export interface Database {
  crash(): Promise<void>;
  pool(): Pool;
}

/** What was done, and which work it interrupted. */
export interface Fault {
  readonly kind: string;
  readonly at: Date;
  /** Works whose attempts ran in a process that was killed. */
  readonly workIds: readonly number[];
  /** How many workers it met. */
  readonly workers: number;
  /** How long it took until what was harmed was back, of harm that is waited for. */
  readonly seconds: number;
}

interface Targets extends World {
  readonly database: Database;
  readonly disk: SmallDisk;
  readonly weather: ModelWeather;
}

/** Workers take two seconds to come back: with less peace than this there would be none to recover anything. */
const LONGEST_PEACE_MS = 6000;
/** A lease lasts ten seconds: whoever sleeps longer has lost it, and what it writes then must change nothing. */
const FREEZE_MS = 13_000;
/** Shorter than anybody's patience. */
const FULL_MS = 8000;
/** What takes long to get over is not done any more when so little is left. */
const LATE_MS = 60_000;

const WORKERS_MET = {
  'kill worker': 1,
  'kill server': 0,
  'freeze worker': 1,
  'crash database': 3,
  'cut connections': 3,
  'change weather': 0,
  'fill disk': 0,
  'exhaust worker': 1,
  'hand in poison': 1,
} as const;
type Kind = keyof typeof WORKERS_MET;
const KINDS: readonly (readonly [weight: number, kind: Kind])[] = [
  [34, 'kill worker'],
  [13, 'kill server'],
  [8, 'freeze worker'],
  [7, 'crash database'],
  [13, 'cut connections'],
  [13, 'change weather'],
  [4, 'fill disk'],
  [6, 'exhaust worker'],
  [2, 'hand in poison'],
];
const LENGTHY: ReadonlySet<Kind> = new Set(['fill disk', 'hand in poison']);

/** Does harm until it is enough, each kind once before any comes again, then calms the weather. */
export async function nemesis(targets: Targets, untilMs: number): Promise<Fault[]> {
  const { random, weather } = targets;
  const faults: Fault[] = [];
  const lasting: Promise<void>[] = [];
  const first = new Set<Kind>(KINDS.map(([, kind]) => kind));
  for (let left = untilMs - Date.now(); left > 0; left = untilMs - Date.now()) {
    const kinds = first.size > 0 ? KINDS.filter(([, kind]) => first.has(kind)) : KINDS;
    const kind = random.weighted(kinds);
    first.delete(kind);
    if (left < LATE_MS && LENGTHY.has(kind)) continue;
    const at = new Date();
    const workIds = await strike(kind, targets, lasting);
    const seconds = (Date.now() - at.getTime()) / 1000;
    faults.push({ kind, at, workIds, workers: WORKERS_MET[kind], seconds });
    await delay(random.below(LONGEST_PEACE_MS));
  }
  weather.change('fair');
  await Promise.all(lasting);
  return faults;
}

/** @param lasting harm that goes on beside what comes next */
async function strike(kind: Kind, targets: Targets, lasting: Promise<void>[]): Promise<number[]> {
  const { installation, database, weather, random } = targets;
  const someOf = (wanted: Role['kind']): Role => {
    const [first, ...others] = installation.roles.filter((role) => role.kind === wanted);
    if (first === undefined) throw new Error(`There is no ${wanted} to harm.`);
    return random.pick([first, ...others]);
  };
  switch (kind) {
    case 'kill worker':
      return await end(targets, someOf('worker'), 'SIGKILL');
    case 'exhaust worker':
      return await end(targets, someOf('worker'), 'SIGUSR2');
    case 'kill server':
      await installation.kill(someOf('server'));
      return [];
    case 'freeze worker':
      lasting.push(installation.freeze(someOf('worker'), FREEZE_MS));
      return [];
    case 'crash database':
      await database.crash();
      return [];
    case 'cut connections':
      await cutConnections(database.pool());
      return [];
    case 'fill disk':
      lasting.push(fillDisk(targets));
      return [];
    case 'hand in poison':
      lasting.push(handInPoison(targets));
      return [];
    case 'change weather':
      weather.change(random.pick(['fair', 'busy', 'broken', 'slow']));
      return [];
  }
}

/** @returns the works that ran in it */
async function end(
  { installation, database }: Targets,
  role: Role,
  signal: NodeJS.Signals,
): Promise<number[]> {
  const workIds = await runningIn(database.pool(), installation.pid(role));
  await installation.kill(role, signal);
  return workIds;
}

async function cutConnections(pool: Pool): Promise<void> {
  await pool.query(
    `SELECT pg_terminate_backend(pid)
       FROM pg_stat_activity
      WHERE datname = current_database()
        AND pid <> pg_backend_pid()
        AND backend_type = 'client backend'`,
  );
}

/** While a worker needs room for a large result, and somebody hands in one file after the other, of which nobody knows the size before. */
async function fillDisk(targets: Targets): Promise<void> {
  const { disk, installation, history } = targets;
  await handInLargeNovel(targets);
  await disk.fill();
  const until = Date.now() + FULL_MS;
  try {
    while (Date.now() < until) {
      const form = { file: fileOf(shortNovel(), 'novel.pdf') };
      await installation
        .client(unannounced)
        .then((client) => client.call(routes.novels.upload, { form }))
        .catch((error: unknown) => {
          if (error instanceof ApiError) history.hear(error);
        });
      await delay(LONGEST_PEACE_MS / 10);
    }
  } finally {
    await disk.makeRoom();
  }
}

async function runningIn(pool: Pool, pid: number): Promise<number[]> {
  const { rows } = await pool.query<{ work_id: number }>(
    `SELECT a.work_id
       FROM kernel.attempts a
       JOIN kernel.workers w ON w.id = a.worker_id
      WHERE w.pid = $1
        AND w.stopped_at IS NULL
        AND a.ended_at IS NULL`,
    [pid],
  );
  return rows.map((row) => row.work_id);
}
