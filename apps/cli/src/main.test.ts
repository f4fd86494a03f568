import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import {
  createClient,
  isTerminalStatus,
  jobEventSchema,
  jobSchema,
  routes,
  type Job,
} from '@scriptorium/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addressOf,
  pidOf,
  removeFolder,
  startInstallation,
  temporaryFolder,
  type Program,
} from '../../server/src/testing-installation.ts';
import { readLogins, type Login } from './session/login-file.ts';

const BIN = path.join(import.meta.dirname, '../bin/scriptorium.mjs');
const SAMPLE = path.join(import.meta.dirname, '../../../samples/out/the-fire-copy.en.epub');
const NOVEL = path.join(import.meta.dirname, '../../../samples/out/l-horloge-de-brumeville.fr.pdf');
const OWNER = { OWNER_EMAIL: 'ada@example.org', OWNER_PASSWORD: 'a long password' };

interface Ended {
  readonly exitCode: number | null;
  readonly out: string;
  readonly complaints: string;
}

/** Runs the command line as a user does; `input` is what is typed. */
function scriptorium(
  parameters: readonly string[],
  options: { cwd: string; environment?: NodeJS.ProcessEnv; input?: string; node?: string },
): Promise<Ended> {
  const { cwd, environment, input = '', node = process.execPath } = options;
  const env = { PATH: process.env['PATH'], HOME: cwd, ...environment };
  return new Promise((resolve) => {
    const child = execFile(node, [BIN, ...parameters], { cwd, env }, (_error, out, complaints) => {
      resolve({ exitCode: child.exitCode, out, complaints });
    });
    child.stdin?.end(input);
  });
}

describe('the command line at a server', () => {
  let folder: string;
  let installation: Program;
  let address: string;
  let environment: NodeJS.ProcessEnv;
  let worker: number | undefined;
  /** The job that is left to be done again. */
  let next: Job;

  beforeAll(async () => {
    folder = await temporaryFolder();
    installation = startInstallation(folder, OWNER);
    address = await addressOf(installation);
    environment = { SCRIPTORIUM_SERVER: address };
    worker = await pidOf(installation, 'worker');
  });

  afterAll(async () => {
    if (worker !== undefined) process.kill(worker, 'SIGCONT');
    await installation.end();
    await removeFolder(folder);
  });

  it('says who is not signed in, and how to', async () => {
    const { exitCode, complaints } = await scriptorium(['jobs'], { cwd: folder, environment });
    expect(exitCode).toBe(1);
    expect(complaints).toContain(`Nobody is signed in to ${address}.`);
    expect(complaints).toMatch(/code\s+cli\.not_signed_in\n.*do\s+scriptorium login/u);
  });

  it('shows an error of the API with its message, its code and what to do', async () => {
    const wrong = { cwd: folder, environment, input: 'ada@example.org\nwrong\n' };
    const { exitCode, complaints } = await scriptorium(['login'], wrong);
    expect(exitCode).toBe(1);
    expect(complaints).toContain('No account has this e-mail and this password.');
    expect(complaints).toMatch(/code\s+auth\.invalid_credentials\n.*do\s+scriptorium login/u);
    const asJson = await scriptorium(['login', '--json'], wrong);
    expect(JSON.parse(asJson.complaints.split('\n').at(-2) ?? '')).toMatchObject({
      error: { code: 'auth.invalid_credentials', status: 401 },
    });
    expect(asJson.out).toBe('');
  });

  it('signs in once, keeps a key that nobody else can read, and replaces it the next time', async () => {
    const options = { cwd: folder, environment, input: 'ada@example.org\na long password\n' };
    const first = await scriptorium(['login'], options);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.complaints).not.toContain('a long password');
    const file = path.join(folder, '.config/scriptorium/login.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).not.toContain('a long password');

    const again = await scriptorium(['login', '--json'], options);
    const [login, ...others] = await readLogins({ XDG_CONFIG_HOME: path.join(folder, '.config') });
    expect(login).toMatchObject({ server: address, email: 'ada@example.org' });
    expect(others).toEqual([]);
    expect(JSON.parse(again.out)).toMatchObject({ api_key: { id: login!.keyId } });
    const keys = await clientOf(login!).call(routes.jobs.list, { query: {} });
    expect(keys.jobs).toEqual([]);
    const jobs = await scriptorium(['jobs'], { cwd: folder });
    expect(jobs).toMatchObject({
      exitCode: 0,
      out: 'There are no jobs. Begin with: scriptorium run FILE\n',
    });
  });

  it('cancels a job that waits, and does it again', async () => {
    const [login] = await readLogins({ XDG_CONFIG_HOME: path.join(folder, '.config') });
    process.kill(worker!, 'SIGSTOP');
    const form = { file: new File([await readFile(SAMPLE)], 'the-fire-copy.en.epub') };
    const { job } = await clientOf(login!).call(routes.books.upload, { form });
    expect(isTerminalStatus(job!.status)).toBe(false);

    const cancelled = await scriptorium(['cancel', String(job!.id)], { cwd: folder });
    expect(cancelled).toMatchObject({ exitCode: 0 });
    expect(cancelled.out).toContain(`Job ${job!.id} was cancelled`);
    const retried = await scriptorium(['retry', String(job!.id), '--json'], { cwd: folder });
    next = jobSchema.parse(JSON.parse(retried.out));
    expect(next.retry_of).toBe(job!.id);
    const open = await scriptorium(['jobs', '--open', '--json'], { cwd: folder });
    expect(JSON.parse(open.out)).toMatchObject({ jobs: [{ id: next.id, status: 'pending' }] });
  });

  /** A job by rules on the sample novel, of whoever is signed in. */
  async function startNovel(limit: number) {
    const [login] = await readLogins({ XDG_CONFIG_HOME: path.join(folder, '.config') });
    const client = clientOf(login!);
    const form = {
      pdf_file: new File([await readFile(NOVEL)], 'n.pdf'),
      gemini_model: 'offline',
      sentence_length_limit: limit,
    } as const;
    const { job_id: id } = await client.call(routes.novels.processAsync, { form });
    return { client, id };
  }

  it('says what doing a job on a novel again will take, and makes nothing when only asked that', async () => {
    const { client, id } = await startNovel(12);
    await client.call(routes.jobs.cancel, { params: { id } });
    const asked = await scriptorium(['retry', String(id), '--dry-run'], { cwd: folder });
    expect(asked).toMatchObject({ exitCode: 0 });
    expect(asked.out).toMatch(
      /engine .*offline.*\n.*pages .*\d.*\n.*sentences .*\d+ of them long/u,
    );
    const { estimate } = JSON.parse(
      (await scriptorium(['retry', String(id), '--dry-run', '--json'], { cwd: folder })).out,
    );
    expect(estimate).toMatchObject({ credits: { low: 0, high: 0 }, stored_chunks: 0 });
    const { jobs } = await client.call(routes.jobs.list, { query: { pipeline: 'novels' } });
    expect(jobs).toMatchObject([{ id, status: 'cancelled' }]);
  });

  it('watches a job to its end, event by event', async () => {
    process.kill(worker!, 'SIGCONT');
    const { exitCode, out } = await scriptorium(['watch', String(next.id), '--json'], {
      cwd: folder,
    });
    const events = out
      .trim()
      .split('\n')
      .map((line) => jobEventSchema.parse(JSON.parse(line)));
    expect(exitCode).toBe(0);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    expect(events.at(-1)?.type).toBe('job.completed');
  });

  it('does again what is over the limit, after saying what that will take', async () => {
    const { client, id } = await startNovel(8);
    for await (const event of client.events(id)) void event;
    const page = await client.call(routes.novels.sentences, {
      params: { id },
      query: { limit: 1000 },
    });
    const over = page.sentences.filter(({ label }) => label === 'over_limit').length;
    expect(over).toBeGreaterThan(0);
    const redo = ['redo', String(id), '--model', 'offline'];
    const asked = await scriptorium([...redo, '--dry-run', '--json'], { cwd: folder });
    expect(JSON.parse(asked.out)).toMatchObject({ estimate: { sentences: over } });
    const made = await scriptorium([...redo, '--json'], { cwd: folder });
    const job = jobSchema.parse(JSON.parse(made.out));
    expect(job.retry_of).toBe(id);
    for await (const event of client.events(job.id)) void event;
  });

  it('refuses to cancel what has ended, with the reason of the server', async () => {
    const { exitCode, complaints } = await scriptorium(['cancel', String(next.id)], {
      cwd: folder,
    });
    expect(exitCode).toBe(1);
    expect(complaints).toContain('kernel.not_allowed_now');
  });

  it('recognises a document that was handed in before, and shows what is there', async () => {
    const { exitCode, out } = await scriptorium(['run', SAMPLE], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(out).toContain('was here already: recognised, nothing is done twice');
    expect(out).toMatch(/Chapter One\. North Light +chapter +\d+ +\d+\n/u);
    expect(out).toContain('the publisher marks it as "copyright-page"');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('shows what does not work with a file: one that is missing, one that is no book', async () => {
    const missing = await scriptorium(['run', 'nothing.epub'], { cwd: folder });
    expect(missing).toMatchObject({ exitCode: 2 });
    expect(missing.complaints).toContain(path.join(folder, 'nothing.epub'));
    const noBook = await scriptorium(['run', process.execPath], { cwd: folder });
    expect(noBook).toMatchObject({ exitCode: 1 });
    expect(noBook.complaints).toMatch(/code\s+(?:document|request)\.\w+/u);
  });
});

describe('the command line without a server', () => {
  it('says that nobody answers, and how to start one', async () => {
    const folder = await temporaryFolder();
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const freed = squatter.address();
    const port = typeof freed === 'object' ? freed?.port : undefined;
    squatter.close();
    const { exitCode, complaints } = await scriptorium(
      ['jobs', '--server', `127.0.0.1:${port}`, '--token', 'sk_x'],
      { cwd: folder },
    );
    expect(exitCode).toBe(1);
    expect(complaints).toContain(`Nothing answers at http://127.0.0.1:${port}.`);
    expect(complaints).toMatch(/do\s+scriptorium start/u);
    await removeFolder(folder);
  });

  it('starts one for a document, on the folder of the data, and takes it down again', async () => {
    const folder = await temporaryFolder();
    const { exitCode, out } = await scriptorium(['run', SAMPLE, '--json'], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      is_new: true,
      book: { title: 'The Fire Copy' },
      job: { status: 'completed', gaps: [] },
    });
    expect((await stat(path.join(folder, 'data/demo-account.json'))).mode & 0o777).toBe(0o600);
    expect(existsSync(path.join(folder, 'data/address'))).toBe(false);
    await removeFolder(folder);
  });

  it('calls a command that it does not know a mistake of form', async () => {
    const folder = await temporaryFolder();
    const unknown = await scriptorium(['cancle', '1'], { cwd: folder });
    expect(unknown).toMatchObject({ exitCode: 2 });
    expect(unknown.complaints).toContain("unknown command 'cancle'");
    const notANumber = await scriptorium(['cancel', 'one'], { cwd: folder });
    expect(notANumber).toMatchObject({ exitCode: 2 });
    expect(await scriptorium(['--help'], { cwd: folder })).toMatchObject({ exitCode: 0 });
    await removeFolder(folder);
  });
});

function clientOf({ server, key }: Login) {
  return createClient({ baseUrl: server, token: key });
}

/** A Node on the PATH that is too old for the program. */
async function findOldNode(): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const node = path.join(folder, 'node');
    if (!existsSync(node)) continue;
    const version = await new Promise<string>((resolve) => {
      execFile(node, ['--version'], (_error, out) => resolve(out));
    });
    const major = Number(/^v(\d+)/u.exec(version)?.[1]);
    if (major >= 18 && major < 24) return node;
  }
  return undefined;
}

const oldNode = await findOldNode();

describe('under a Node that is too old', () => {
  it.skipIf(oldNode === undefined)(
    'the program runs itself on the bundled one (skipped where there is no old Node)',
    async () => {
      const folder = await temporaryFolder();
      const help = await scriptorium(['--help'], { cwd: folder, node: oldNode ?? '' });
      expect(help.out).toContain('Usage: scriptorium');
      expect(help.exitCode).toBe(0);
      const wrong = await scriptorium(['cancle'], { cwd: folder, node: oldNode ?? '' });
      expect(wrong.exitCode).toBe(2);
      await removeFolder(folder);
    },
  );
});
