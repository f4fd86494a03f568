import { routes } from '@scriptorium/contract';
import { createKernel, definePipeline, done, type Kernel, type Worker } from '@scriptorium/kernel';
import type { TestDatabase } from '@scriptorium/testkit';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { loadConfig } from '../../config.ts';
import {
  createServerDatabase,
  openTestLog,
  startTestServer,
  type TestServer,
} from '../../testing.ts';
import { hashPassword } from '../accounts/accounts.passwords.ts';
import { openAccounts } from '../accounts/index.ts';
import { createOperationsFeature } from './index.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

const pipeline = definePipeline({
  name: 'count',
  recipeVersion: 1,
  inputSchema: z.array(z.int()),
  chunkSchema: z.int(),
  resultSchema: z.int(),
  plan: async (numbers) => ({ chunks: numbers.map((input) => ({ input })) }),
  runChunk: async (number) => done(number),
  merge: async () => ({ output: null }),
});

let database: TestDatabase;
let pool: Pool;
let kernel: Kernel;
/** In a process of its own in real life: the server finds what it has counted in the database. */
let workers: Kernel;
let worker: Worker;
let server: TestServer;

beforeAll(async () => {
  database = await createServerDatabase();
  pool = database.pool();
  kernel = createKernel({ pool, pipelines: [pipeline], log: silent });
  workers = createKernel({ pool: database.pool(), pipelines: [pipeline], log: silent });
  await kernel.start();
  await workers.start();
  worker = workers.worker({ slots: 3, name: 'the "mill"' });
  await worker.start();
  const config = loadConfig({});
  const accounts = await openAccounts({ pool, config, log: openTestLog().log });
  server = await startTestServer({
    config,
    authenticate: accounts.authenticate,
    features: [accounts.feature, createOperationsFeature({ db: pool, kernel })],
  });
  await pool.query(
    `INSERT INTO users (email, password_hash, role)
     VALUES ('owner@example.org', $1, 'owner'), ('admin@example.org', $1, 'admin')`,
    [await hashPassword('right password')],
  );
});
afterAll(async () => {
  await server.stop();
  await worker.stop(0);
  await workers.stop();
  await kernel.stop();
  await database.drop();
});

async function signIn(email: string): Promise<string> {
  const body = { email, password: 'right password' };
  const session = await server.client().call(routes.auth.login, { body });
  return session.access_token!;
}

async function makeKey(email: string): Promise<string> {
  const body = { name: 'prometheus', scopes: ['read' as const] };
  const client = server.client(await signIn(email));
  return (await client.call(routes.apiKeys.create, { body })).key;
}

function scrape(token: string | undefined): Promise<Response> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return fetch(`${server.url}/metrics`, { headers });
}

/** The values of the page, by the text before them. */
async function valuesOf(response: Response): Promise<Map<string, number>> {
  const lines = (await response.text()).split('\n').filter((line) => /^[a-z]/u.test(line));
  return new Map(
    lines.map((line) => {
      const blank = line.lastIndexOf(' ');
      return [line.slice(0, blank), Number(line.slice(blank + 1))];
    }),
  );
}

describe('the metrics', () => {
  it('are for the owner, with a token or a key that may only read, and for nobody else', async () => {
    expect((await scrape(await signIn('owner@example.org'))).status).toBe(200);
    const response = await scrape(await makeKey('owner@example.org'));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect((await scrape(await signIn('admin@example.org'))).status).toBe(403);
    expect((await scrape(await makeKey('admin@example.org'))).status).toBe(403);
    expect((await scrape(undefined)).status).toBe(401);
  });

  it('tell of jobs, queues, attempts, workers, readers and this process', async () => {
    const key = await makeKey('owner@example.org');
    const job = await kernel.transaction((tx) =>
      kernel.submit(tx, { pipeline: 'count', ownerId: 1, input: [1, 2, 3] }),
    );
    const live = kernel.follow(job.id, 0, AbortSignal.timeout(15_000));
    let events = 0;
    for await (const _ of live) events += 1;
    // Worker and server both take their time: a report every five seconds, an answer for as long.
    const labels = `worker="the \\"mill\\"",worker_id="${worker.id.slice(0, 8)}"`;
    const values = await vi.waitFor(
      async () => {
        const found = await valuesOf(await scrape(key));
        expect(found.get('scriptorium_jobs{status="completed"}')).toBe(1);
        const chunks = `{${labels},pipeline="count",kind="chunk",outcome="done"}`;
        expect(found.get(`scriptorium_attempt_seconds_count${chunks}`)).toBe(3);
        return found;
      },
      { timeout: 15_000, interval: 500 },
    );

    const of = (name: string, more = '') => values.get(`scriptorium_${name}{${labels}${more}}`);
    const kind = (name: string) => `,pipeline="count",kind="${name}",outcome="done"`;
    expect(of('attempt_seconds_count', kind('plan'))).toBe(1);
    expect(of('attempt_seconds_bucket', `${kind('chunk')},le="600"`)).toBe(3);
    expect(of('attempt_seconds_bucket', `${kind('chunk')},le="+Inf"`)).toBe(3);
    expect(of('attempt_seconds_sum', kind('chunk'))).toBeLessThan(3 * 600);
    expect(of('worker_slots')).toBe(3);
    expect(of('worker_running')).toBe(0);
    expect(of('worker_silent_seconds')).toBeLessThan(10);
    expect(of('worker_resident_memory_bytes')).toBeGreaterThan(1e6);
    expect(of('worker_event_loop_delay_seconds')).toBeGreaterThanOrEqual(0);
    expect(of('recoveries_total')).toBe(0);
    expect(of('transaction_reruns_total')).toBe(0);
    expect(values.get('scriptorium_transaction_reruns_total')).toBe(0);
    expect(values.get('scriptorium_jobs{status="failed"}')).toBe(0);
    expect(values.get('scriptorium_tasks_ready{pipeline="count"}')).toBe(0);
    expect(values.get('scriptorium_tasks_delayed{pipeline="kernel.settle"}')).toBe(0);
    expect(values.get('scriptorium_oldest_task_seconds{pipeline="count"}')).toBe(0);
    expect(values.get('scriptorium_event_readers')).toBe(0);
    const lag = values.get('scriptorium_event_lag_seconds_count');
    expect(lag).toBeGreaterThan(0);
    expect(lag).toBeLessThanOrEqual(events);
    expect(values.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
    expect(values.get('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
  });
});
