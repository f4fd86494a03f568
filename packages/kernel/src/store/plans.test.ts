import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openPool } from '@scriptorium/postgres';
import type { TestDatabase } from '@scriptorium/testkit';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createKernel,
  done,
  openDiskStore,
  type Kernel,
  type Outcome,
  type WorkContext,
} from '../index.ts';
import { DrivenTime } from '../testing/driven-time.ts';
import { explain, EXPLAINED_OPTIONS, type Execution } from '../testing/explained.ts';
import { grantForTest } from '../testing/grants.ts';
import { submitWords } from '../testing/jobs.ts';
import { makeHistoryDue, writeHistory, type LongHistory } from '../testing/long-history.ts';
import { takeDatabase } from '../testing/spare-databases.ts';
import { silent } from '../testing/test-log.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';
import { Wires } from '../testing/wires.ts';

/*
 * What PostgreSQL really did for the statements that the code really sent: `auto_explain` tells of each, with the plan that it had
 * as a prepared statement, and of those of triggers and foreign keys. PLAN_CHUNKS=1000000 for a long history.
 */

const CHUNKS = Number(process.env['PLAN_CHUNKS'] ?? 200_000);
/** A table that has fewer rows is read as a whole by right. */
const LARGE = 5000;
/** What one statement may look at, however long the history is: some rows for each of four thousand open chunks. */
const MOST_ROWS = 12_000;

let database: TestDatabase;
let admin: Pool;
let pool: Pool;
let time: DrivenTime;
let kernel: Kernel;
let history: LongHistory;
let largeTables: Set<string>;
let executions: Execution[];
let folder: string;

/** Holds up the slots with the history's own jobs, so that those of a test are done and the rest stays. */
async function shout(word: string, ctx: WorkContext): Promise<Outcome<string>> {
  ctx.usage({ calls: 1, tokens: 1, model: 'tiny', factor: 1 });
  if (!/^(?:held|h\d)/u.test(word)) return done(word.toUpperCase());
  await new Promise((resolve) => {
    ctx.signal.addEventListener('abort', resolve, { once: true });
  });
  return done('LATE');
}

beforeAll(async () => {
  database = await takeDatabase();
  admin = database.pool();
  history = await writeHistory(admin, CHUNKS);
  const { rows } = await admin.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND reltuples >= $1`,
    [LARGE],
  );
  largeTables = new Set(rows.map(({ name }) => name));
  time = new DrivenTime(admin);
  const wires = new Wires();
  const options = encodeURIComponent(`-c pgboss.test_clock=on ${EXPLAINED_OPTIONS}`);
  pool = openPool(`${database.connectionString}&options=${options}`, {
    log: silent,
    applicationName: 'explained',
  });
  Object.assign(pool.options, { stream: wires.stream });
  executions = explain(pool);
  folder = await mkdtemp(path.join(tmpdir(), 'scriptorium-plans-'));
  kernel = createKernel({
    pool,
    pipelines: [toyPipeline({ ceiling: 1, run: ({ word }, ctx) => shout(word, ctx) })],
    log: silent,
    clock: time.processClock(wires),
    files: {
      store: openDiskStore(path.join(folder, 'store')),
      workFolder: path.join(folder, 'work'),
      minFreeBytes: 0,
    },
    limits: { openJobs: 1000, storedBytes: 1_000_000_000 },
  });
  await kernel.start();
}, 180_000);

afterAll(async () => {
  await kernel.stop();
  await pool.end();
  await time.close();
  // A history is no database for the next test.
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** What was executed meanwhile. */
async function executedBy(act: () => Promise<unknown>): Promise<Execution[]> {
  const from = executions.length;
  await act();
  await time.settle();
  return executions.slice(from);
}

/** The worst execution of each statement that reads too much. */
function excesses(executed: readonly Execution[]): string[] {
  const found = new Map<string, string>();
  for (const { text, wholeTables, rowsRead } of executed) {
    const whole = wholeTables.filter((name) => largeTables.has(name));
    if (whole.length === 0 && rowsRead <= MOST_ROWS) continue;
    found.set(text, `${rowsRead} rows, whole tables: ${whole.join(', ') || 'none'}\n${text}`);
  }
  return [...found.values()];
}

/** Statements are known by what they do, wherever they stand in the code. */
const HOT = {
  'admit: count the open jobs of an owner': /count\(\*\)::int AS open/u,
  'create works': /INSERT INTO kernel\.works/u,
  fetch: /UPDATE pgboss\.job[^;]*SKIP LOCKED|SKIP LOCKED[^;]*UPDATE pgboss\.job/u,
  claim: /AS has_crashed/u,
  'lock works ahead': /ARRAY \(\s*SELECT c\.work_id/u,
  'record: end works': /result_blob = e\.result_blob/u,
  'record: charge': /INSERT INTO kernel\.charges/u,
  'settle chunks': /UPDATE kernel\.chunks c\s+SET [^;]*settled_at/u,
  'advance: release chunks': /sum\(ceiling\) OVER/u,
  'whom others wait for': /AS is_joined/u,
  'change a job, tell of it': /INSERT INTO kernel\.events[^;]*FROM changed/u,
  'beat works': /SELECT task_id AS "taskId", delivery FROM standing/u,
  'beat jobs': /WITH running AS/u,
  'read events of many': /AS c \(job_id, after\)/u,
  'settle other jobs': /SELECT DISTINCT job_id FROM kernel\.chunks WHERE work_id/u,
  'reconcile: lost tasks': /t\.id = w\.task_id/u,
  'reconcile: forgotten chunks': /SELECT DISTINCT c\.work_id/u,
  'reconcile: idle jobs': /j\.stage = 'chunks'/u,
};

test('a job is accepted, run to its end and watched without reading a large table', async () => {
  expect([...largeTables]).toEqual(
    expect.arrayContaining(['jobs', 'works', 'chunks', 'events', 'attempts', 'usages', 'charges']),
  );
  const words = Array.from({ length: 40 }, (_each, place) => `word ${place}`);
  const executed = await executedBy(async () => {
    await grantForTest(kernel, 1, 1_000_000);
    const credits = words.length;
    const jobs = [];
    // Six of each kind: PostgreSQL plans a prepared statement for all parameters from its sixth execution on.
    for (let run = 0; run < 6; run += 1) {
      jobs.push(await submitWords(kernel, [...words, `word of ${run}`], { credits: credits + 1 }));
      await submitWords(kernel, [`held ${run}`], { class: 'waiting', ownerId: 2 + run });
    }
    const read = jobs.map(async ({ id }) =>
      Array.fromAsync(kernel.follow(id, 0, AbortSignal.timeout(60_000))),
    );
    await kernel.worker({ slots: 12 }).start();
    await time.elapse(3);
    await Promise.all(read);
    for (const { id } of jobs)
      expect(await kernel.job(id, 1)).toMatchObject({ status: 'completed' });
    await makeHistoryDue(admin);
    // A look of the reconciler is within.
    await time.elapse(31);
  });
  const unseen = Object.entries(HOT).filter(
    ([, pattern]) => !executed.some(({ text }) => pattern.test(text)),
  );
  expect(unseen.map(([what]) => what)).toEqual([]);
  expect(excesses(executed)).toEqual([]);
}, 180_000);

const owner = 3;
test.each<[string, () => Promise<unknown>]>([
  ['listing the jobs of an owner', () => kernel.jobs({ ownerId: owner, limit: 20 })],
  [
    'listing the ended jobs of an owner, from the middle',
    () => kernel.jobs({ ownerId: owner, status: ['failed'], before: history.ended / 2, limit: 20 }),
  ],
  [
    'listing the jobs of a document',
    () => kernel.jobs({ ownerId: null, subject: 'book:7', limit: 20 }),
  ],
  ['listing the newest jobs of everybody', () => kernel.jobs({ ownerId: null, limit: 20 })],
  ['looking at a job', () => kernel.job(history.ended, null)],
  ['reading the events of a job', () => kernel.events(history.ended, 5)],
  ['reading the results of a job', () => Array.fromAsync(kernel.results(history.ended, null))],
  ['the balance and the entries of an owner', () => kernel.credits.balance(owner)],
  ['asking for room in the quota', () => kernel.admitBytes(1, owner)],
  [
    'cancelling jobs',
    async () => {
      for (let id = history.ended + 1; id <= history.ended + 6; id += 1)
        await kernel.cancel(id, null, 1);
    },
  ],
  [
    'retrying jobs',
    async () => {
      for (let id = history.ended + 1; id <= history.ended + 6; id += 1)
        await kernel.retry(id, null);
    },
  ],
  ['sweeping', () => kernel.sweep()],
  [
    'deleting a document with its jobs',
    () =>
      kernel.transaction((tx) =>
        kernel.deleteJobs(tx, { ownerId: (9 % history.owners) + 1, subject: 'book:2' }),
      ),
  ],
  ['deleting the old history of an owner', () => kernel.deleteHistory(owner, 30)],
  ['deleting an owner', () => kernel.transaction((tx) => kernel.deleteOwner(tx, owner))],
])(
  '%s reads what it needs and no more',
  async (_what, act) => {
    const executed = await executedBy(act);
    expect(executed).not.toEqual([]);
    expect(excesses(executed)).toEqual([]);
  },
  60_000,
);
