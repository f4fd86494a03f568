import { setTimeout as delay } from 'node:timers/promises';
import { routes, type Client } from '@scriptorium/contract';
import { openPool } from '@scriptorium/postgres';
import type { Pool } from 'pg';
import { startModelServer } from '../../packages/testkit/src/model-server/index.ts';
import { startTestCluster } from '../../packages/testkit/src/test-cluster.ts';
import {
  checkAccepted,
  checkBooks,
  checkCalls,
  checkDatabase,
  checkFiles,
  recoveries,
} from './check.ts';
import { recordHistory, type History } from './history.ts';
import { startInstallation } from '../installation.ts';
import { nemesis, type Database, type Fault } from './nemesis.ts';
import { person, type Shelf } from './people.ts';
import { choices } from '../../packages/testkit/src/choices.ts';
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
  readonly calls: { readonly made: number; readonly again: number; readonly allowed: number };
  /** Seconds from each `kill -9` until a work that it interrupted ran again, in order. */
  readonly recoveries: readonly number[];
  /** Every promise that was broken. */
  readonly breaches: readonly string[];
}

const SLOTS = 5;
const CREDITS = 1_000_000;
/** After the last fault everything has to be over by then. */
const CALM_MS = 180_000;
const LOOK_MS = 500;

/**
 * Two servers, three workers, a database and a model, people who use them, and a nemesis that kills, freezes and cuts off whatever it
 * likes. Afterwards everything that was promised is looked at.
 */
export async function runStorm({ seed, seconds, people = 4 }: StormOptions): Promise<StormReport> {
  const random = choices(seed);
  const weather = modelWeather(random.fork());
  const model = await startModelServer((request) => weather.answer(request));
  const database = await openStormDatabase();
  const installation = await startInstallation({
    databaseUrl: database.url,
    modelUrl: model.url,
    servers: 2,
    workers: 3,
    choices: random.fork(),
  });
  const history = recordHistory(installation, random.fork());
  const shelf: Shelf = { books: new Map(), novels: new Set() };
  try {
    await grantCredits(await installation.client());
    const over = AbortSignal.timeout(seconds * 1000);
    const world = () => ({ installation, history, shelf, random: random.fork() });
    const worlds = Array.from({ length: people }, world);
    const targets = { installation, database, weather, random: random.fork() };
    const [faults, ...actions] = await Promise.all([
      nemesis(targets, over),
      ...worlds.map((each) => person(each, over)),
    ]);
    const late = await untilCalm(database.pool(), history);
    const calls = checkCalls(model.requests, {
      faults: faults.length,
      modelFaults: weather.faults(),
      slots: SLOTS,
    });
    const pool = database.pool();
    const breaches = [
      ...late,
      ...history.breaches,
      ...calls.breaches,
      ...(await checkDatabase(pool)),
      ...(await checkAccepted(pool, history.accepted)),
      ...(await checkBooks(pool, shelf)),
      ...(await checkFiles(pool, installation.dataDir)),
    ];
    return {
      seed,
      seconds,
      faults: countKinds(faults),
      actions: actions.reduce((sum, count) => sum + count, 0),
      jobs: await countJobs(pool),
      calls: { made: model.requests.length, again: calls.again, allowed: calls.allowed },
      recoveries: (await recoveries(pool, faults)).toSorted((a, b) => a - b),
      breaches,
    };
  } finally {
    await history.stop();
    await installation.stop();
    await database.close();
    await model.close();
  }
}

async function openStormDatabase(): Promise<Database & { url: string; close(): Promise<void> }> {
  let cluster = await startTestCluster();
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
      cluster = await startTestCluster({ folder: cluster.folder });
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
    if (open.length === 0 && history.reading() === 0) return [];
    if (Date.now() > until) {
      return [
        `${open.length} jobs open and ${history.reading()} logs unread after ${CALM_MS / 1000} s of calm`,
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

function countKinds(faults: readonly Fault[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of faults) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
