import { routes, type Client } from '@scriptorium/contract';
import { createKernel, definePipeline, done, type Kernel, type Worker } from '@scriptorium/kernel';
import type { TestDatabase } from '@scriptorium/testkit';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { query } from '../../platform/database.ts';
import {
  createServerDatabase,
  endOf,
  NO_ACCOUNTS,
  refusalOf,
  startTestServer,
  type TestServer,
} from '../../testing.ts';
import { createJobsFeature } from '../jobs/index.ts';
import { createOperationsFeature } from './index.ts';
import { HOURS } from './overview.repo.ts';

const pipeline = definePipeline({
  name: 'count',
  recipeVersion: 1,
  inputSchema: z.array(z.int()),
  chunkSchema: z.int(),
  resultSchema: z.int(),
  plan: async (numbers) => ({
    chunks: numbers.map((input) => ({ input, label: `number ${input}` })),
  }),
  runChunk: async (number) => done(number),
  merge: async () => ({ output: null }),
});

let database: TestDatabase;
let pool: Pool;
let kernel: Kernel;
let worker: Worker;
let server: TestServer;
let admin: Client;

beforeAll(async () => {
  database = await createServerDatabase();
  pool = database.pool();
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  kernel = createKernel({ pool, pipelines: [pipeline], log });
  await kernel.start();
  worker = kernel.worker({ slots: 3, name: 'mill' });
  await worker.start();
  server = await startTestServer({
    authenticate: async ({ value }) => ({
      id: value === 'bob' ? 2 : 1,
      role: value === 'admin' ? 'admin' : 'member',
      scopes: ['read', 'write', 'account'],
      via: 'token',
    }),
    features: [
      createOperationsFeature({ db: pool, kernel }),
      createJobsFeature({
        db: pool,
        kernel,
        accounts: NO_ACCOUNTS,
      }),
    ],
  });
  admin = server.client('admin');
});
afterAll(async () => {
  await server.stop();
  await worker.stop(0);
  await kernel.stop();
  await database.drop();
});

/** A job that has ended, whose part `number` then turned out to be deadly. */
async function quarantine(number: number, owners: readonly number[]): Promise<number[]> {
  const jobs: number[] = [];
  for (const ownerId of owners) {
    const job = await kernel.transaction((tx) =>
      kernel.submit(tx, { pipeline: 'count', ownerId, input: [number], scope: 'shared' }),
    );
    expect(await endOf(server.client(ownerId === 2 ? 'bob' : 'ada'), job.id)).toBe('job.completed');
    jobs.push(job.id);
  }
  await pool.query(
    `WITH deadly AS (
       UPDATE kernel.works
          SET status = 'quarantined', crashes = 3, result = NULL, error = '{"code": "work.quarantined", "message": "It died."}'
        WHERE id IN (SELECT work_id FROM kernel.chunks WHERE job_id = ANY ($1))
       RETURNING id
     )
     UPDATE kernel.chunks SET status = 'failed' FROM deadly WHERE work_id = deadly.id`,
    [jobs],
  );
  return jobs;
}

describe('the overview', () => {
  it('tells of workers, queues, jobs and what was done in the last 24 hours', async () => {
    const before = await admin.call(routes.operations.overview, {});
    const job = await kernel.transaction((tx) =>
      kernel.submit(tx, { pipeline: 'count', ownerId: 1, input: [1, 2, 3] }),
    );
    await endOf(server.client('ada'), job.id);
    const again = await kernel.transaction((tx) =>
      kernel.submit(tx, { pipeline: 'count', ownerId: 1, input: [1, 2, 3] }),
    );
    await endOf(server.client('ada'), again.id);
    await pool.query(
      `UPDATE kernel.chunks SET settled_at = settled_at - interval '1 hour' WHERE job_id = $1 AND index = 0`,
      [job.id],
    );
    const overview = await admin.call(routes.operations.overview, {});
    expect(overview.workers).toMatchObject([{ name: 'mill', slots: 3 }]);
    expect(overview.jobs['completed']).toBe((before.jobs['completed'] ?? 0) + 2);
    expect(overview.queues).toContainEqual({
      pipeline: 'count',
      ready: 0,
      delayed: 0,
      oldest_seconds: 0,
    });
    expect(overview.hours).toHaveLength(24);
    const [last, now] = overview.hours.slice(-2);
    expect(last).toMatchObject({ chunks_done: 1, jobs_completed: 0 });
    // What the second job found done was not done again.
    expect(now).toMatchObject({ chunks_done: 2, chunks_failed: 0, jobs_completed: 2 });
    expect(Date.parse(now!.at) - Date.parse(last!.at)).toBe(3_600_000);
  });

  it('reads no table as a whole, however long the history', async () => {
    await pool.query(
      `WITH work AS (
         INSERT INTO kernel.works (key, kind, pipeline, recipe_version, input, timeout_seconds, job_id, owner_id, created_at)
         VALUES ('old', 'chunk', 'count', 1, '0', 1, 0, 9, now())
         RETURNING id
       ), old AS (
         INSERT INTO kernel.jobs (submission, owner_id, pipeline, recipe_version, scope, input, class, parallel, soft_limit_seconds,
                                  hard_limit_seconds, status, stage, progress_percent, created_at, finished_at)
         SELECT gen_random_uuid(), 9, 'count', 1, 'owner:9', '[]', 'bulk', 1, 1, 1, 'completed', 'ended', 100, now(), now() - interval '3 days'
           FROM generate_series(1, 20000)
         RETURNING id
       )
       INSERT INTO kernel.chunks (job_id, index, work_id, status, settled_at)
       SELECT old.id, part, work.id, 'done', now() - interval '3 days'
         FROM old, work, generate_series(0, 1) AS part`,
    );
    await pool.query('ANALYZE kernel.jobs, kernel.chunks');
    const plan = await query<{ 'QUERY PLAN': string }>(pool, `EXPLAIN ${HOURS}`);
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).not.toContain('Seq Scan on');
    await pool.query('DELETE FROM kernel.jobs WHERE owner_id = 9');
  });
});

describe('the quarantine', () => {
  it('lists works with the jobs that lack them, and a replay makes one job for each owner', async () => {
    const [mine, theirs] = await quarantine(7, [1, 2]);
    expect((await admin.call(routes.operations.overview, {})).quarantined).toBe(1);
    const { works } = await admin.call(routes.operations.quarantine, {});
    expect(works).toMatchObject([
      {
        pipeline: 'count',
        kind: 'chunk',
        label: 'number 7',
        attempts: 1,
        crashes: 3,
        error: { code: 'work.quarantined' },
        jobs: [
          { id: theirs, owner_id: 2 },
          { id: mine, owner_id: 1 },
        ],
      },
    ]);
    const params = { id: works[0]!.work_id };
    const { jobs } = await admin.call(routes.operations.replay, { params });
    expect(jobs.map(({ retry_of: retryOf }) => retryOf)).toEqual([mine, theirs]);
    expect(await endOf(server.client('ada'), jobs[0]!.id)).toBe('job.completed');
    expect(await endOf(server.client('bob'), jobs[1]!.id)).toBe('job.completed');
    expect(await kernel.job(jobs[0]!.id, 1)).toMatchObject({ gaps: [] });
    expect(await admin.call(routes.operations.quarantine, {})).toEqual({ works: [] });
    expect(await refusalOf(admin.call(routes.operations.replay, { params }))).toMatchObject({
      status: 404,
      code: 'work.not_quarantined',
    });
  });

  it('forgets a plan whose job has been tried again', async () => {
    const job = await kernel.transaction((tx) =>
      kernel.submit(tx, { pipeline: 'count', ownerId: 1, input: [8] }),
    );
    await endOf(server.client('ada'), job.id);
    await pool.query(
      `UPDATE kernel.works SET status = 'quarantined', result = NULL
        WHERE id = (SELECT plan_work_id FROM kernel.jobs WHERE id = $1)`,
      [job.id],
    );
    const { works } = await admin.call(routes.operations.quarantine, {});
    expect(works).toMatchObject([{ kind: 'plan', label: null, jobs: [{ id: job.id }] }]);
    await admin.call(routes.operations.replay, { params: { id: works[0]!.work_id } });
    expect(await admin.call(routes.operations.quarantine, {})).toEqual({ works: [] });
  });
});

it.each([
  ['GET', '/api/v1/operations'],
  ['GET', '/api/v1/operations/quarantine'],
  ['POST', '/api/v1/operations/quarantine/1/replay'],
])('%s %s is for administrators', async (method, path) => {
  const send = async (headers: Record<string, string>) =>
    (await fetch(server.url + path, { method, headers })).status;
  expect(await send({})).toBe(401);
  expect(await send({ authorization: 'Bearer ada' })).toBe(403);
});
