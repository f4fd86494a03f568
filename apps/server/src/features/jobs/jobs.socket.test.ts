import { once } from 'node:events';
import { routes, jobEventSchema, type JobEvent } from '@scriptorium/contract';
import { createKernel, definePipeline, done, type Kernel } from '@scriptorium/kernel';
import type { TestDatabase } from '@scriptorium/testkit';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { z } from 'zod';
import { loadConfig } from '../../config.ts';
import { createServerDatabase, openTestLog, startTestServer } from '../../testing.ts';
import { openAccounts } from '../accounts/index.ts';
import { hashPassword } from '../accounts/accounts.passwords.ts';
import { serveJobSocket } from './jobs.socket.ts';
import { createJobsFeature } from './jobs.routes.ts';

/** What a test waits for outside of itself has no limit from the configuration. */
const PATIENCE = { timeout: 20_000 };
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A part ends at once, or when the test opens its gate. */
const gates = new Map<string, PromiseWithResolvers<void>>();
const pipeline = definePipeline({
  name: 'gated',
  recipeVersion: 1,
  inputSchema: z.object({ gate: z.string() }),
  chunkSchema: z.object({ gate: z.string() }),
  resultSchema: z.null(),
  plan: async ({ gate }) => ({ chunks: [{ input: { gate } }] }),
  runChunk: async ({ gate }) => {
    await gates.get(gate)?.promise;
    return done(null);
  },
  merge: async () => ({ output: null }),
});

let database: TestDatabase;
let pool: Pool;
let kernel: Kernel;
let ownerId: number;

beforeAll(async () => {
  database = await createServerDatabase();
  pool = database.pool();
  kernel = createKernel({ pool, pipelines: [pipeline], log: silent });
  await kernel.start();
  const worker = kernel.worker({ slots: 20 });
  await worker.start();
  onStop.push(() => worker.stop(0));
  const { rows } = await pool.query<{ id: number }>(
    `INSERT INTO users (email, password_hash, role)
     VALUES ('ada@example.org', $1, 'member'), ('bob@example.org', $1, 'member')
     RETURNING id`,
    [await hashPassword('right password')],
  );
  ownerId = rows[0]!.id;
});
const onStop: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const gate of gates.values()) gate.resolve();
  for (const stop of onStop) await stop();
  await kernel.stop();
  await database.drop();
});

/** A server with real accounts; `signIn` gives an access token. */
async function serve(options: { accessTokenSeconds?: number; pingMs?: number } = {}) {
  const { accessTokenSeconds = 900, pingMs } = options;
  const config = { ...loadConfig({}), accessTokenSeconds };
  const accounts = await openAccounts({ pool, config, log: openTestLog().log });
  const jobs = createJobsFeature({
    db: pool,
    kernel,
    accounts,
  });
  const impatient = {
    name: 'impatient',
    register: (app: Parameters<typeof serveJobSocket>[0]) =>
      serveJobSocket(app, {
        kernel,
        access: accounts.access,
        ...(pingMs === undefined ? {} : { pingMs }),
      }),
  };
  const server = await startTestServer({
    config,
    authenticate: accounts.authenticate,
    features: [accounts.feature, pingMs === undefined ? jobs : impatient],
  });
  onTestFinished(async () => {
    // The client hears of the end a moment before the server does.
    await vi.waitFor(() => expect(kernel.readers()).toBe(0), PATIENCE);
    await server.stop();
    await vi.waitFor(() => expect(server.app.websocketServer.clients.size).toBe(0), PATIENCE);
  });
  const signIn = async (email = 'ada@example.org') => {
    const body = { email, password: 'right password' };
    const { access_token: token } = await server.client().call(routes.auth.login, { body });
    return token!;
  };
  return { server, signIn, base: server.url.replace('http', 'ws') };
}

let number = 0;

/** A job of Ada's, which has a part that waits for `open`. */
async function startJob() {
  const gate = `gate ${(number += 1)}`;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  gates.set(gate, { promise, resolve, reject });
  const job = await kernel.transaction((tx) =>
    kernel.submit(tx, { pipeline: 'gated', ownerId, input: { gate } }),
  );
  return { id: job.id, open: resolve };
}

/** A job of Ada's that has ended. */
async function finishedJob(): Promise<number> {
  const { id, open } = await startJob();
  open();
  for await (const _ of kernel.follow(id, 0, AbortSignal.timeout(10_000)));
  return id;
}

interface Reading {
  readonly socket: WebSocket;
  readonly events: JobEvent[];
  /** Resolves with the event of this number. */
  read(seq: number): Promise<JobEvent>;
  /** How the server ended it: `1000 job.ended`. */
  readonly closed: Promise<string>;
}

/** Opens a socket; rejects with the status if it is answered by HTTP. */
async function open(url: string, options: ClientOptions & { token?: string } = {}) {
  const { token, ...rest } = options;
  const socket = new WebSocket(url, {
    ...rest,
    headers: {
      ...rest.headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
  });
  const events: JobEvent[] = [];
  const waiting = new Map<number, (event: JobEvent) => void>();
  socket.on('message', (data: Buffer) => {
    const event = jobEventSchema.parse(JSON.parse(data.toString()));
    events.push(event);
    waiting.get(event.seq)?.(event);
  });
  const closed = new Promise<string>((resolve) => {
    socket.once('close', (code, reason) => resolve(`${code} ${reason.toString()}`.trim()));
  });
  const read = (seq: number) =>
    new Promise<JobEvent>((resolve) => {
      const known = events.find((event) => event.seq === seq);
      if (known === undefined) waiting.set(seq, resolve);
      else resolve(known);
    });
  await once(socket, 'open');
  return { socket, events, read, closed } satisfies Reading;
}

describe('what is sent', () => {
  it.each(['/api/v1/ws', '/ws'])(
    'at %s are the rows of the log with their numbers, then the end',
    async (prefix) => {
      const { server, signIn, base } = await serve();
      const token = await signIn();
      const id = await finishedJob();
      const { events } = await server
        .client(token)
        .call(routes.jobs.events, { params: { id }, query: {} });
      const whole = await open(`${base}${prefix}/jobs/${id}`, { token });
      expect(await whole.closed).toBe('1000 job.ended');
      expect(whole.events).toEqual(events);
      const rest = await open(`${base}${prefix}/jobs/${id}?after=3`, { token });
      expect(await rest.closed).toBe('1000 job.ended');
      expect(rest.events).toEqual(events.slice(3));
    },
  );

  it('comes as it happens, and stops with the client', async () => {
    const { signIn, base } = await serve();
    const job = await startJob();
    const token = await signIn();
    const staying = await open(`${base}/ws/jobs/${job.id}`, { token });
    const leaving = await open(`${base}/ws/jobs/${job.id}`, { token });
    await Promise.all([staying.read(3), leaving.read(3)]);
    expect(kernel.readers()).toBe(2);
    leaving.socket.terminate();
    await leaving.closed;
    job.open();
    expect(await staying.closed).toBe('1000 job.ended');
    expect(staying.events.at(-1)?.type).toBe('job.completed');
    expect(leaving.events.length).toBe(3);
  });
});

describe('who is let in', () => {
  it('is who shows a ticket, once', async () => {
    const { server, signIn, base } = await serve();
    const id = await finishedJob();
    const { ticket } = await server
      .client(await signIn())
      .call(routes.jobs.ticket, { body: { job_id: id } });
    const reading = await open(`${base}/ws/jobs/${id}?ticket=${ticket}`);
    expect(await reading.closed).toBe('1000 job.ended');
    await expect(open(`${base}/ws/jobs/${id}?ticket=${ticket}`)).rejects.toThrow('401');
    const line = { msg: 'WS /ws/jobs/:id', code: 1000, jobId: id, user: ownerId };
    await expect.poll(() => server.lines).toContainEqual(expect.objectContaining(line));
    expect(JSON.stringify(server.lines)).not.toContain(ticket);
  });

  it('is a page of this server with its cookie, and no page from elsewhere', async () => {
    const { server, signIn, base } = await serve();
    const id = await finishedJob();
    const cookie = `scriptorium_session=${await signIn()}`;
    const reading = await open(`${base}/ws/jobs/${id}`, {
      headers: { cookie, origin: server.url },
    });
    expect(await reading.closed).toBe('1000 job.ended');
    await expect(
      open(`${base}/ws/jobs/${id}`, { headers: { cookie, origin: 'https://evil.example' } }),
    ).rejects.toThrow('403');
  });

  it('is nobody else, and whoever asks for the impossible is answered by HTTP', async () => {
    const { server, signIn, base } = await serve();
    const id = await finishedJob();
    const token = await signIn();
    await expect(open(`${base}/ws/jobs/${id}`)).rejects.toThrow('401');
    const bob = await signIn('bob@example.org');
    await expect(open(`${base}/ws/jobs/${id}`, { token: bob })).rejects.toThrow('404');
    await expect(open(`${base}/ws/jobs/${id}?after=x`, { token })).rejects.toThrow('400');
    await expect(open(`${base}/ws/jobs/none`, { token })).rejects.toThrow('400');
    const headers = { authorization: `Bearer ${token}` };
    const plain = await fetch(`${server.url}/ws/jobs/${id}`, { headers });
    expect(await plain.json()).toMatchObject({
      status: 400,
      code: 'request.malformed',
      detail: expect.stringContaining(`/api/v1/jobs/${id}/events`),
    });
  });

  it('finds no socket where there is none, and no connection stays open there', async () => {
    const { base } = await serve();
    const reading = await open(`${base}/healthz`);
    expect(await reading.closed).toMatch(/^1005/u);
    await expect(open(`${base}/nowhere`)).rejects.toThrow('404');
  });
});

describe('the end', () => {
  it('comes when the token expires', async () => {
    const { signIn, base } = await serve({ accessTokenSeconds: 1 });
    const { id, open: finish } = await startJob();
    const reading = await open(`${base}/ws/jobs/${id}`, { token: await signIn() });
    expect(await reading.closed).toBe('4401 auth.expired');
    finish();
  });

  it('comes on the event stream, too, with the reason', async () => {
    const { server, signIn } = await serve({ accessTokenSeconds: 1 });
    const { id, open: finish } = await startJob();
    const token = await signIn();
    const stream = await fetch(`${server.url}/api/v1/jobs/${id}/events`, {
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    });
    const text = await stream.text();
    expect(text).toContain('id: 1\nevent: job.accepted');
    expect(text).toMatch(/event: stream\.ended\ndata: \{"code":"auth\.expired",.*\n\n$/u);
    finish();
  });

  it('comes for a ticket no later than for a token', async () => {
    const { server, signIn, base } = await serve({ accessTokenSeconds: 1 });
    const { id, open: finish } = await startJob();
    const { ticket } = await server
      .client(await signIn())
      .call(routes.jobs.ticket, { body: { job_id: id } });
    const reading = await open(`${base}/ws/jobs/${id}?ticket=${ticket}`);
    expect(await reading.closed).toBe('4401 auth.expired');
    finish();
  });

  it('comes when the server stops, also for a client that does not answer', async () => {
    const { server, signIn, base } = await serve();
    const { id, open: finish } = await startJob();
    const token = await signIn();
    const polite = await open(`${base}/ws/jobs/${id}`, { token });
    const mute = await open(`${base}/ws/jobs/${id}`, { token });
    await Promise.all([polite.read(1), mute.read(1)]);
    mute.socket.pause();
    const began = performance.now();
    const [, ending] = await Promise.all([server.stop(), polite.closed]);
    expect(ending).toBe('1001 server.stopping');
    expect(performance.now() - began).toBeLessThan(5000);
    mute.socket.terminate();
    finish();
  });

  it('comes for a client that talks, while a few bytes do no harm', async () => {
    const { signIn, base } = await serve();
    const { id, open: finish } = await startJob();
    const token = await signIn();
    const quiet = await open(`${base}/ws/jobs/${id}`, { token });
    const loud = await open(`${base}/ws/jobs/${id}`, { token });
    quiet.socket.send('ping');
    loud.socket.send('x'.repeat(17));
    expect(await loud.closed).toBe('1009');
    finish();
    expect(await quiet.closed).toBe('1000 job.ended');
  });

  it('comes for a client that no longer answers pings, and for no other', async () => {
    const { signIn, base } = await serve({ pingMs: 100 });
    const { id, open: finish } = await startJob();
    const token = await signIn();
    const there = await open(`${base}/ws/jobs/${id}`, { token });
    const dead = await open(`${base}/ws/jobs/${id}`, { token, autoPong: false });
    expect(await dead.closed).toBe('1006');
    for (let pings = 0; pings < 3; pings += 1) await once(there.socket, 'ping');
    finish();
    expect(await there.closed).toBe('1000 job.ended');
  });

  it('comes for a reader that is too slow, who goes on where it was', async () => {
    const { signIn, base } = await serve();
    const { id, open: finish } = await startJob();
    const token = await signIn();
    const slow = await open(`${base}/ws/jobs/${id}`, { token });
    await slow.read(3);
    slow.socket.pause();
    // More than the buffers of both ends and the kernel's thousand events together.
    const last = await writeEvents(id, 3000, 10_000);
    await expect.poll(() => kernel.readers()).toBe(0);
    slow.socket.resume();
    expect(await slow.closed).toBe('4429 events.slow_reader');
    const seen = slow.events.map(({ seq }) => seq);
    expect(seen).toEqual(seen.map((_, place) => place + 1));
    expect(seen.length).toBeLessThan(last);
    const again = await open(`${base}/ws/jobs/${id}?after=${seen.at(-1)}`, { token });
    expect((await again.read(seen.length + 1)).seq).toBe(seen.length + 1);
    again.socket.close();
    await again.closed;
    finish();
  });
});

/** Events as a job with very long steps would have; gives the number of the last one. */
async function writeEvents(jobId: number, count: number, bytes: number): Promise<number> {
  const { rows } = await pool.query<{ last_seq: number }>(
    `WITH grown AS (
       UPDATE kernel.jobs SET last_seq = last_seq + $2 WHERE id = $1 RETURNING *
     ), told AS (
       INSERT INTO kernel.events (job_id, seq, type, at, data)
       SELECT id, last_seq - $2 + n, 'job.progress', now(),
              jsonb_build_object('status', status, 'progress_percent', progress_percent, 'total_chunks', total_chunks,
                                 'processed_chunks', 0, 'current_step', repeat('x', $3))
         FROM grown, generate_series(1, $2) AS n
     )
     SELECT last_seq FROM grown`,
    [jobId, count, bytes],
  );
  return rows[0]!.last_seq;
}
