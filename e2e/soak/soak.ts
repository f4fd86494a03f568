import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createClient, routes, type Client, type JobEvent } from '@scriptorium/contract';
import { openPool } from '@scriptorium/postgres';
import type { Pool } from 'pg';
import { fileOf, scene, tinyEpub } from '../../apps/server/src/features/books/tiny-epub.ts';
import type { Program } from '../../apps/server/src/testing-installation.ts';
import { writePdf } from '../../packages/documents/src/testing/write-pdf.ts';
import { shortenedBy, startModelServer } from '../../packages/testkit/src/model-server/index.ts';
import { startTestCluster } from '../../packages/testkit/src/test-cluster.ts';
import { calm, excessesOf, type Holding } from './holding.ts';
import { launch } from './soak-process.ts';

export interface SoakOptions {
  /** In a row, after the warm-up. */
  readonly jobs: number;
  /** Before anything is measured: what is loaded, compiled and pooled once is no leak. */
  readonly warmUp: number;
  /** Readers of one job, and then as many jobs with a reader each. */
  readonly readers: number;
  /** Of different books, all at once. */
  readonly uploads: number;
}

export interface SoakReport {
  readonly jobs: number;
  readonly seconds: number;
  readonly before: Holding;
  readonly after: Holding;
  readonly queue: QueueState;
  /** Books that came of the uploads at once, and why others did not. */
  readonly uploads: { readonly books: number; readonly refusals: readonly string[] };
  /** Events that readers got, and those they should have got. */
  readonly events: { readonly got: number; readonly owed: number };
  readonly breaches: readonly string[];
}

/** A task that is done stays for one minute and goes with the maintenance, which comes once a minute. */
const KEPT_SECONDS = 180;
const OWNER = { email: 'owner@example.org', password: 'correct horse battery' };
/** That run at the same time, each on a chapter of its own. */
const LANES = 6;
const SENTENCES = 30;

/** A server and a worker, as anybody runs them, on a database of their own. */
interface World {
  readonly client: Client;
  readonly server: Program;
  readonly worker: Program;
  readonly pool: Pool;
  /** Behind it the model waits with its answers. */
  readonly gate: Gate;
}

/** Runs jobs one after the other, then many readers, and looks at what is held before and afterwards. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  return await withWorld(async (world) => {
    const begun = performance.now();
    const bookId = await uploadBook(world.client);
    await runJobs(world, bookId, options.warmUp);
    // As many readers as later: whoever keeps its connection alive holds it for a minute, before as after.
    await readMany(world, options.readers);
    await uploadMany(world, options.uploads);
    const before = await calm(world);
    const read = await runJobs(world, bookId, options.jobs);
    const many = await readMany(world, options.readers);
    const uploaded = await uploadMany(world, options.uploads);
    const after = await calm(world, before);
    const seconds = (performance.now() - begun) / 1000;
    const report = {
      jobs: options.jobs,
      seconds,
      before,
      after,
      queue: await lookAtQueue(world.pool),
      uploads: { books: uploaded.books, refusals: uploaded.refusals },
      events: {
        got: read.got + many.got + uploaded.got,
        owed: read.owed + many.owed + uploaded.owed,
      },
    };
    return { ...report, breaches: breachesOf(report, options) };
  });
}

function breachesOf(report: Omit<SoakReport, 'breaches'>, options: SoakOptions): string[] {
  const { before, after, queue, events, uploads } = report;
  const breaches = excessesOf(before, after);
  if (uploads.books !== options.uploads)
    breaches.push(`of ${options.uploads} uploads at once ${uploads.books} became books`);
  breaches.push(...uploads.refusals);
  if (queue.old > 0) breaches.push(`${queue.old} tasks were done long ago and are still there`);
  if (queue.dead > 0) breaches.push(`${queue.dead} dead tasks are left in the queue`);
  if (events.got !== events.owed)
    breaches.push(`readers got ${events.got} events of ${events.owed}`);
  return breaches;
}

interface QueueState {
  /** Rows of the queue in the end. */
  readonly rows: number;
  /** Those that were done long ago: they never go. */
  readonly old: number;
  /** Those that nobody will ever do: all jobs have ended. */
  readonly dead: number;
}

async function lookAtQueue(pool: Pool): Promise<QueueState> {
  const { rows } = await pool.query<QueueState>(
    `SELECT count(*)::int AS rows,
            count(*) FILTER (WHERE completed_on < now() - interval '${KEPT_SECONDS} seconds')::int AS old,
            count(*) FILTER (WHERE state < 'completed' OR state = 'failed')::int AS dead
       FROM pgboss.job`,
  );
  return rows[0] ?? { rows: 0, old: 0, dead: 0 };
}

async function withWorld<T>(body: (world: World) => Promise<T>): Promise<T> {
  const gate = openGate();
  const model = await startModelServer(async (request) => {
    await gate.passed();
    return shortenedBy(request, 6);
  });
  const cluster = await startTestCluster();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'scriptorium-soak-'));
  const environment = {
    DATABASE_URL: cluster.connectionString.replace(/@?\/(?=[^/]+\?)/u, '@localhost/'),
    DATA_DIR: folder,
    PORT: '0',
    DRAIN_SECONDS: '1',
    LOG_FORMAT: 'json',
    LOG_LEVEL: 'info',
    OWNER_EMAIL: OWNER.email,
    OWNER_PASSWORD: OWNER.password,
    MIN_FREE_DISK_MB: '1',
    SESSION_ACCESS_MINUTES: '60',
    SUBMISSIONS_PER_HOUR_ADMIN: '1000000',
    MODEL_BALANCED: 'openai-compatible/tiny',
    OPENAI_COMPATIBLE_BASE_URL: model.url,
    MODEL_REQUESTS_PER_MINUTE: '100000',
    MODEL_TOKENS_PER_MINUTE: '100000000',
  };
  const server = launch('server', folder, environment);
  let worker: Program | undefined;
  const pool = openPool(cluster.connectionString, {
    applicationName: 'soak',
    max: 1,
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  try {
    const ready = await server.line(/"address":"(?<address>http[^"]+)"/u);
    worker = launch('worker', folder, environment);
    const baseUrl = ready.groups?.['address'] ?? '';
    const client = await signIn(baseUrl);
    return await body({ client, server, worker, pool, gate });
  } finally {
    gate.open();
    await Promise.all([server.end(), worker?.end()]);
    await pool.end();
    await cluster.remove();
    await model.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Gate {
  passed(): Promise<void>;
  open(): void;
  shut(): void;
}

function openGate(): Gate {
  let opened = Promise.withResolvers<void>();
  opened.resolve();
  return {
    passed: () => opened.promise,
    open: () => opened.resolve(),
    shut: () => {
      opened = Promise.withResolvers();
    },
  };
}

async function signIn(baseUrl: string): Promise<Client> {
  const { access_token: token } = await createClient({ baseUrl }).call(routes.auth.login, {
    body: OWNER,
  });
  if (token === undefined) throw new Error('The server has answered without a token.');
  const client = createClient({ baseUrl, token });
  const { user } = await client.call(routes.auth.me, {});
  const body = { credits: 1_000_000 };
  await client.call(routes.people.grant, { params: { id: user.id }, body });
  return client;
}

async function uploadBook(client: Client): Promise<number> {
  const form = { file: await bookOf('Soak', LANES) };
  return (await client.call(routes.books.upload, { form })).book.id;
}

async function bookOf(title: string, parts: number): Promise<File> {
  const pages: Record<string, string> = {};
  for (let i = 1; i <= parts; i += 1) pages[`Part ${i}`] = scene(`Part ${i} of ${title}`);
  return fileOf(await tinyEpub({ title, pages }), 'book.epub');
}

let books = 0;

/** So many people who hand in a book each at the same moment, and watch it being prepared. */
async function uploadMany(
  { client, pool }: World,
  count: number,
): Promise<Reading & SoakReport['uploads']> {
  const files = await Promise.all(
    Array.from({ length: count }, () => bookOf(`Soak ${(books += 1)}`, 1)),
  );
  const uploads = await Promise.allSettled(
    files.map(async (file) => {
      const { book, job } = await client.call(routes.books.upload, { form: { file } });
      if (job === null) throw new Error(`${book.title} is not prepared.`);
      return { jobId: job.id, got: await countEvents(client.events(job.id)) };
    }),
  );
  const done = uploads.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const jobIds = done.map(({ jobId }) => jobId);
  return {
    books: done.length,
    refusals: uploads.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : [])),
    got: done.reduce((sum, { got }) => sum + got, 0),
    owed: await loggedEvents(pool, jobIds),
  };
}

interface Reading {
  readonly got: number;
  readonly owed: number;
}

/** Jobs in lanes, in each one after the other and watched to its end. */
async function runJobs({ client, pool }: World, bookId: number, count: number): Promise<Reading> {
  let left = count;
  let got = 0;
  const ids: number[] = [];
  const lane = async (n: number): Promise<void> => {
    for (; left > 0;) {
      left -= 1;
      const { job } = await client.call(routes.books.reprocess, {
        params: { id: bookId, n },
        body: {},
      });
      if (job === null) throw new Error(`Chapter ${n} has nothing to prepare.`);
      ids.push(job.id);
      const count = await countEvents(client.events(job.id));
      got += count;
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_each, place) => lane(place + 1)));
  return { got, owed: await loggedEvents(pool, ids) };
}

/** So many readers of one job that goes on meanwhile; then as many jobs, each read by one, all at once. */
async function readMany(world: World, readers: number): Promise<Reading> {
  const { client, pool, gate } = world;
  gate.shut();
  const jobId = await startNovel(client);
  const begun = Array.from({ length: readers }, () => Promise.withResolvers<void>());
  const together = begun.map(async ({ resolve }) => {
    let count = 0;
    for await (const _ of client.events(jobId)) {
      count += 1;
      resolve();
    }
    return count;
  });
  await Promise.all(begun.map(({ promise }) => promise));
  gate.open();
  const counts = await Promise.all(together);
  const { rows } = await pool.query<{ id: number }>(
    'SELECT id FROM kernel.jobs ORDER BY id DESC LIMIT $1',
    [readers],
  );
  const ids = rows.map(({ id }) => id);
  const alone = await Promise.all(ids.map(async (id) => countEvents(client.events(id))));
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  return {
    got: sum(counts) + sum(alone),
    owed: readers * (await loggedEvents(pool, [jobId])) + (await loggedEvents(pool, ids)),
  };
}

let novels = 0;

async function startNovel(client: Client): Promise<number> {
  novels += 1;
  const lines = Array.from(
    { length: SENTENCES },
    (_each, i) =>
      `1 0 0 1 10 ${290 - 9 * i} Tm (Le vieux jardin numero ${novels} dort sous la pluie et le vent du soir ${i}.) Tj`,
  );
  const pdf = writePdf({ pages: [{ text: lines.join(' ') }] });
  const form = { file: fileOf(pdf, 'novel.pdf') };
  const { novel } = await client.call(routes.novels.upload, { form });
  const { job_id: jobId } = await client.call(routes.novels.processAsync, {
    form: { novel_id: novel.id, sentence_length_limit: 6, gemini_model: 'balanced' },
  });
  return jobId;
}

async function countEvents(events: AsyncIterable<JobEvent>): Promise<number> {
  let count = 0;
  for await (const _ of events) count += 1;
  return count;
}

async function loggedEvents(pool: Pool, jobIds: readonly number[]): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM kernel.events WHERE job_id = ANY ($1)',
    [jobIds],
  );
  return rows[0]?.count ?? 0;
}
