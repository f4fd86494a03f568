import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { routes, type Client } from '@scriptorium/contract';
import { openPool } from '@scriptorium/postgres';
import type { Pool } from 'pg';
import { checkAftermath, checkProcesses } from './aftermath.ts';
import { startModelServer } from '../../packages/testkit/src/model-server/index.ts';
import { startTestCluster } from '../../packages/testkit/src/test-cluster.ts';
import {
  checkAccepted,
  checkBooks,
  checkCalls,
  checkDatabase,
  checkPoison,
  recoveries,
} from './check.ts';
import { harmful } from './harm-settings.ts';
import { recordHistory, type History } from './history.ts';
import { startInstallation } from '../installation.ts';
import { nemesis, type Database, type Fault } from './nemesis.ts';
import { person, type Shelf, type World } from './people.ts';
import { choices, type Choices } from '../../packages/testkit/src/choices.ts';
import { openSmallDisk, type SmallDisk } from './small-disk.ts';
import { modelWeather } from './weather.ts';

export interface StormOptions {
  /** Repeats the choices, as far as processes let it. */
  readonly seed: number;
  readonly seconds: number;
  readonly people?: number;
}

/** What a storm came to. */
export interface StormReport {
  readonly seed: number;
  readonly seconds: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly actions: number;
  readonly jobs: number;
  /** How often somebody was told that there is no room. */
  readonly full: number;
  readonly calls: { readonly made: number; readonly again: number; readonly allowed: number };
  /** Seconds from each `kill -9` until a work that it interrupted ran again, in order. */
  readonly recoveries: readonly number[];
  /** Each crash of the database, and how long it was away. */
  readonly outages: readonly { readonly atSecond: number; readonly seconds: number }[];
  /** Every promise that was broken. */
  readonly breaches: readonly string[];
}

/** With the one that is kept for waiting persons. */
const SLOTS = 6;
/** One that is under way, and one whose answer is just being written down. */
const CALLS_A_SLOT = 2;
const CREDITS = 100_000_000;
/** How far the clock of a process may be ahead, or behind. It gets another one at each start. */
const CLOCKS_AHEAD_S = [-240, -60, -7, 0, 7, 60, 240] as const;
/** After the last fault everything has to be over by then. */
const CALM_MS = 180_000;
const LOOK_MS = 500;

/**
 * Two servers, three workers, a database and a model, people who use them, and a nemesis that kills, freezes and cuts off whatever it
 * likes. Afterwards everything that was promised is looked at.
 */
export async function runStorm({ seed, seconds, people = 4 }: StormOptions): Promise<StormReport> {
  await using stack = new AsyncDisposableStack();
  const random = choices(seed);
  const weather = modelWeather(random.fork());
  const model = stack.adopt(
    await startModelServer((request) => weather.answer(request)),
    (server) => server.close(),
  );
  const database = stack.adopt(await openStormDatabase(), (open) => open.close());
  const disk = stack.adopt(await openSmallDisk((people * seconds) / 60), (open) => open.close());
  const hear: Pick<History, 'hear'>[] = [];
  const installation = stack.adopt(
    await startInstallation({
      databaseUrl: database.url,
      modelUrl: model.url,
      servers: 2,
      workers: 3,
      choices: random.fork(),
      dataDir: disk.dataDir,
      environment: harm(disk, random.fork()),
      onError: (error) => hear.forEach((history) => history.hear(error)),
    }),
    (running) => running.stop(),
  );
  const history = stack.adopt(
    recordHistory({ installation, disk, random: random.fork() }),
    (recorded) => recorded.stop(),
  );
  hear.push(history);
  const shelf: Shelf = { books: new Map(), novels: new Set(), poisoned: new Set() };
  await grantCredits(await installation.client());
  const from = Date.now();
  const until = from + seconds * 1000;
  const world = () => ({ installation, history, shelf, random: random.fork() });
  const worlds = Array.from({ length: people }, world);
  const [faults, { actions, unanswered }] = await Promise.all([
    nemesis({ ...world(), database, disk, weather }, until),
    live(worlds, from, seconds),
  ]);
  const pool = database.pool();
  const late = await untilCalm(pool, history);
  const calls = checkCalls(model.requests, {
    inFlight: faults.reduce((sum, { workers }) => sum + workers * SLOTS * CALLS_A_SLOT, 0),
    modelFaults: weather.faults(),
  });
  const report = {
    seed,
    seconds,
    faults: countKinds(faults),
    actions,
    jobs: await countJobs(pool),
    full: history.full(),
    calls: { made: model.requests.length, again: calls.again, allowed: calls.allowed },
    outages: outagesOf(faults, from),
    recoveries: (await recoveries(pool, faults)).toSorted((a, b) => a - b),
  };
  const breaches = [
    ...unanswered,
    ...late,
    ...calls.breaches,
    ...(await checkDatabase(pool)),
    ...(await checkAccepted(pool, history.accepted)),
    ...(await checkBooks(pool, shelf)),
    ...(await checkPoison(pool, shelf)),
  ];
  await history.stop();
  await installation.stop();
  breaches.push(
    ...history.breaches,
    ...(await checkProcesses(disk.dataDir)),
    ...(await checkAftermath(database.url, disk)),
  );
  if (report.faults['fill disk'] !== undefined && report.full === 0)
    breaches.push('the disk was full, and nobody was told');
  return { ...report, breaches };
}

function harm(disk: SmallDisk, random: Choices): () => NodeJS.ProcessEnv {
  return () => ({
    ...harmful({ clockAheadMs: random.pick(CLOCKS_AHEAD_S) * 1000, fullFlag: disk.fullFlag }),
    TMPDIR: disk.temporaryDir,
    NODE_COMPILE_CACHE: path.join(os.tmpdir(), 'node-compile-cache'),
    MIN_FREE_DISK_MB: '0',
  });
}

/** What it has confirmed must outlive a crash, unlike in tests that need to be fast. */
const SETTINGS = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

async function openStormDatabase(): Promise<Database & { url: string; close(): Promise<void> }> {
  let cluster = await startTestCluster({ settings: SETTINGS });
  const open = (): Pool =>
    openPool(cluster.connectionString, {
      applicationName: 'storm',
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
  let pool = open();
  return {
    url: cluster.connectionString,
    pool: () => pool,
    crash: async () => {
      await cluster.kill();
      await pool.end();
      cluster = await startTestCluster({ folder: cluster.folder, settings: SETTINGS });
      pool = open();
    },
    close: async () => {
      await pool.end();
      await cluster.remove();
    },
  };
}

async function grantCredits(client: Client): Promise<void> {
  const { user } = await client.call(routes.auth.me, {});
  await client.call(routes.people.grant, { params: { id: user.id }, body: { credits: CREDITS } });
}

/** Waits until no job is open and every log has been read to its end. */
async function untilCalm(pool: Pool, history: History): Promise<string[]> {
  const until = Date.now() + CALM_MS;
  for (;;) {
    const open = await openJobs(pool);
    const unread = history.reading();
    if (open.length === 0 && unread.length === 0) return [];
    if (Date.now() > until) {
      return [
        `${open.length} jobs open and ${unread.length} logs unread after ${CALM_MS / 1000} s of calm`,
        ...unread,
      ];
    }
    await delay(LOOK_MS);
  }
}

async function openJobs(pool: Pool): Promise<number[]> {
  const { rows } = await pool.query<{ id: number }>(
    'SELECT id FROM kernel.jobs WHERE finished_at IS NULL',
  );
  return rows.map(({ id }) => id);
}

async function countJobs(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ jobs: number }>(
    'SELECT count(*)::int AS jobs FROM kernel.jobs',
  );
  return rows[0]?.jobs ?? 0;
}

/** Everybody until the end, or until nobody answers them. */
async function live(worlds: readonly World[], from: number, seconds: number) {
  const unanswered: string[] = [];
  const actions = await Promise.all(
    worlds.map((each) =>
      person(each, AbortSignal.timeout(seconds * 1000)).catch((error: unknown) => {
        unanswered.push(`in second ${secondsSince(from, Date.now())}: ${String(error)}`);
        return 0;
      }),
    ),
  );
  return { actions: actions.reduce((sum, count) => sum + count, 0), unanswered };
}

function secondsSince(from: number, at: number): number {
  return Math.round((at - from) / 1000);
}

function outagesOf(faults: readonly Fault[], from: number): StormReport['outages'] {
  return faults
    .filter(({ kind }) => kind === 'crash database')
    .map(({ at, seconds }) => ({ atSecond: secondsSince(from, at.getTime()), seconds }));
}

function countKinds(faults: readonly Fault[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of faults) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
