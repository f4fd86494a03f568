import { routes, type Client, type Timeline } from '@scriptorium/contract';
import {
  createKernel,
  definePipeline,
  done,
  failed,
  retryAfter,
  type Kernel,
  type Outcome,
} from '@scriptorium/kernel';
import type { TestDatabase } from '@scriptorium/testkit';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import {
  createServerDatabase,
  endOf,
  NO_ACCOUNTS,
  recogniseByName,
  refusalOf,
  startTestServer,
  type TestServer,
} from '../../testing.ts';
import { createJobsFeature } from './jobs.routes.ts';
import { TIMELINE_SQL } from './timeline.repo.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** What each part does at each of its runs; a part without a script is done at once. */
const scripts = new Map<string, (() => Outcome<null> | Promise<Outcome<null>>)[]>();
const begun = new Map<string, () => void>();
const partSchema = z.object({ part: z.string() });
const pipeline = definePipeline({
  name: 'scripted',
  recipeVersion: 1,
  inputSchema: z.object({ parts: z.array(z.string()) }),
  chunkSchema: partSchema,
  resultSchema: z.null(),
  plan: async ({ parts }) => ({ chunks: parts.map((part) => ({ input: { part }, label: part })) }),
  runChunk: async ({ part }) => {
    begun.get(part)?.();
    return (await scripts.get(part)?.shift()?.()) ?? done(null);
  },
  merge: async () => ({ output: null }),
});

let database: TestDatabase;
let pool: Pool;
let kernel: Kernel;
let server: TestServer;
let ada: Client;
let bob: Client;
let ids: Record<'ada' | 'bob', number>;
let stopWorker: () => Promise<void>;
beforeAll(async () => {
  database = await createServerDatabase();
  pool = database.pool();
  kernel = createKernel({ pool, pipelines: [pipeline], log: silent });
  await kernel.start();
  const worker = kernel.worker({ slots: 20, name: 'scribe' });
  await worker.start();
  stopWorker = () => worker.stop(0);
  const authenticate = await recogniseByName(pool, () => Promise.reject(new Error('no ticket')));
  server = await startTestServer({
    authenticate,
    features: [createJobsFeature({ db: pool, kernel, accounts: NO_ACCOUNTS })],
  });
  [ada, bob] = [server.client('ada'), server.client('bob')];
  const { rows } = await pool.query<{ id: number }>('SELECT id FROM users ORDER BY email');
  ids = { ada: rows[0]!.id, bob: rows[1]!.id };
});
afterAll(async () => {
  await server.stop();
  await stopWorker();
  await kernel.stop();
  await database.drop();
});

/** A job whose parts are shared by whoever wants the same. */
async function start(owner: 'ada' | 'bob', parts: readonly string[], parallel = 5) {
  const job = await kernel.transaction((tx) =>
    kernel.submit(tx, {
      pipeline: 'scripted',
      ownerId: ids[owner],
      input: { parts },
      scope: 'all',
      parallel,
    }),
  );
  return job.id;
}

const timelineOf = (client: Client, id: number) =>
  client.call(routes.jobs.timeline, { params: { id } });
const attemptsOf = ({ chunks }: Timeline) => chunks.map(({ attempts }) => attempts);

/** A part that runs until the gate is opened; `isRunning` says when it has begun. */
function gated(part: string) {
  const gate = Promise.withResolvers<Outcome<null>>();
  const running = Promise.withResolvers<void>();
  scripts.set(part, [() => gate.promise]);
  begun.set(part, running.resolve);
  return { open: gate.resolve, isRunning: running.promise };
}

it('tells every run of a part: who, from when to when, how it ended', async () => {
  scripts.set('busy', [() => retryAfter(1, 'the limit of the model')]);
  scripts.set('bad', [() => failed('scripted.bad', 'It cannot be done.')]);
  const id = await start('ada', ['busy', 'bad']);
  await endOf(ada, id);
  const timeline = await timelineOf(ada, id);
  expect(timeline.chunks).toMatchObject([
    {
      index: 0,
      label: 'busy',
      status: 'done',
      reused: false,
      attempts: [
        { worker: 'scribe', outcome: 'retry' },
        { worker: 'scribe', outcome: 'done' },
      ],
    },
    { index: 1, status: 'failed', attempts: [{ outcome: 'failed', code: 'scripted.bad' }] },
  ]);
  const times = timeline.chunks[0]!.attempts.flatMap(({ started_at: from, ended_at: to }) => [
    from,
    to!,
  ]);
  expect(times).toEqual(times.toSorted());
  expect(Date.parse(times[2]!) - Date.parse(times[1]!)).toBeGreaterThanOrEqual(900);
  expect(timeline.now >= times.at(-1)!).toBe(true);
});

it('says what a part waits for, and until when', async () => {
  scripts.set('limited', [() => retryAfter(600, 'the limit of the model')]);
  const id = await start('ada', ['limited']);
  for await (const event of ada.events(id)) if (event.type === 'job.waiting') break;
  const { now, chunks } = await timelineOf(ada, id);
  const { waits, outcome } = chunks[0]!.attempts[0]!;
  expect([outcome, waits?.reason]).toEqual(['retry', 'the limit of the model']);
  expect(Date.parse(waits!.until!) - Date.parse(now)).toBeGreaterThan(590_000);
  await ada.call(routes.jobs.cancel, { params: { id } });
  const [attempts] = attemptsOf(await timelineOf(ada, id));
  expect(attempts![0]).not.toHaveProperty('waits');
});

it('links a job with those that were made by retrying it', async () => {
  const id = await start('ada', ['again']);
  await endOf(ada, id);
  const retry = await ada.call(routes.jobs.retry, { params: { id } });
  await endOf(ada, retry.id);
  expect((await timelineOf(ada, id)).retried_by).toEqual([retry.id]);
  expect((await timelineOf(ada, retry.id)).retried_by).toEqual([]);
});

it('is told to the owner of the job alone', async () => {
  const id = await start('ada', ['mine']);
  await endOf(ada, id);
  expect(await refusalOf(timelineOf(bob, id))).toMatchObject({
    status: 404,
    code: 'job.not_found',
  });
});

it('shows nothing of other people whose jobs share a part: not before it was wanted', async () => {
  const shared = gated('joined');
  await start('bob', ['joined']);
  await shared.isRunning;
  const beforeAda = new Date().toISOString();
  const id = await start('ada', ['joined', 'own']);
  for await (const event of ada.events(id)) if (event.type === 'chunk.settled') break;
  const [running] = attemptsOf(await timelineOf(ada, id));
  expect(running).toMatchObject([{ worker: 'scribe', ended_at: null, outcome: null }]);
  expect(running![0]!.started_at > beforeAda).toBe(true);
  shared.open(done(null));
  await endOf(ada, id);
  const late = await start('ada', ['joined']);
  await endOf(ada, late);
  expect((await timelineOf(ada, late)).chunks).toMatchObject([{ reused: true, attempts: [] }]);
});

it('shows nothing of other people whose jobs share a part: not after it was left', async () => {
  const shared = gated('left');
  const others = await start('bob', ['left']);
  await shared.isRunning;
  const id = await start('ada', ['left', 'quick']);
  for await (const event of ada.events(id)) if (event.type === 'chunk.settled') break;
  const { cancelled_at: cancelledAt } = await ada.call(routes.jobs.cancel, { params: { id } });
  shared.open(failed('scripted.secret', 'Ada has left before.'));
  expect(await endOf(bob, others)).toBe('job.failed');
  const [left] = attemptsOf(await timelineOf(ada, id));
  expect(left).toMatchObject([{ ended_at: cancelledAt, outcome: 'let_go' }]);
  expect(left![0]).not.toHaveProperty('code');
  expect(attemptsOf(await timelineOf(bob, others))).toMatchObject([
    [{ outcome: 'failed', code: 'scripted.secret' }],
  ]);
});

it('reads by indexes alone, however many jobs there are', async () => {
  const id = await start('ada', ['explained']);
  await endOf(ada, id);
  const client = await pool.connect();
  await client.query('BEGIN');
  // As on large tables; a sequential scan that is left then has no index to use.
  await client.query('SET LOCAL enable_seqscan = off');
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${TIMELINE_SQL}`, [
    id,
    ids.ada,
  ]);
  await client.query('ROLLBACK');
  client.release();
  const plan = rows.map((row) => row['QUERY PLAN']);
  expect(plan.filter((line) => line.includes('Index'))).not.toEqual([]);
  expect(plan.filter((line) => line.includes('Seq Scan'))).toEqual([]);
});
