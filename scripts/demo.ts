/**
 * The product in two minutes: `npm run demo` starts everything on this machine, hands in the sample book and the sample novel, shows the
 * work and what came of it, and stays up until Ctrl-C; `npm run demo -- --exit` ends after the work.
 *
 * It uses nothing of the environment that could reach beyond this machine: neither a database nor a model of yours.
 */
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isTerminalStatus, routes, type Book, type Client, type Job } from '@scriptorium/contract';
import { bestDescriptions, findingLines } from '../apps/cli/src/books/best-descriptions.ts';
import { bookSummary, countDescriptions } from '../apps/cli/src/books/book-summary.ts';
import { handIn, type HandedIn } from '../apps/cli/src/books/hand-in.ts';
import { explainError } from '../apps/cli/src/explain-error.ts';
import { INTERRUPTED, interruption } from '../apps/cli/src/interruption.ts';
import { showJob, verdictOf } from '../apps/cli/src/jobs/show-job.ts';
import { signInAsOwner } from '../apps/cli/src/local/connect-or-start.ts';
import { openLocalAccount } from '../apps/cli/src/local/local-account.ts';
import { LocalServer } from '../apps/cli/src/local/local-server.ts';
import { handInNovel } from '../apps/cli/src/novels/hand-in-novel.ts';
import { auditLine, novelLines } from '../apps/cli/src/novels/novel-lines.ts';
import { addressIn, dataFolder, isAnswering } from '../apps/cli/src/session/choose-server.ts';
import { counted, duration, pad, paint, plain } from '../apps/cli/src/terminal/text.ts';

const SAMPLE = path.join(import.meta.dirname, '../samples/out/the-fire-copy.en.epub');
const NOVEL = path.join(import.meta.dirname, '../samples/out/l-horloge-de-brumeville.fr.pdf');
const NOVEL_WORDS = 12;
const USUAL_PORT = 8080;
const MOST_FINDINGS = 6;

interface Demo extends AsyncDisposable {
  readonly folder: string;
  readonly address: string;
  readonly account: Account;
  /** Absent if one ran on the folder already. */
  readonly server: LocalServer | undefined;
  readonly startSeconds: number;
}

type Account = Awaited<ReturnType<typeof openLocalAccount>>;

async function runDemo(signal: AbortSignal, staysUp: boolean): Promise<void> {
  print(
    '',
    `  ${paint.title('Scriptorium')}  ${paint.faint('a demonstration with a book and a novel of its own')}`,
    '',
  );
  await using demo = await openDemo(dataFolder(process.env));
  const { address, folder, account, server } = demo;
  signal.throwIfAborted();
  tellTime(
    'start-up',
    demo.startSeconds,
    server === undefined ? 'it ran already' : 'database, server and worker',
  );
  await using session = await signInAsOwner(address, folder, account);
  const { client, getToken } = session;

  const handedIn = await handIn({ address, getToken }, SAMPLE, signal);
  tellTime('upload', handedIn.seconds, describeUpload(handedIn, (await stat(SAMPLE)).size));
  const job = await watch(handedIn);
  const book = await client.call(routes.books.get, { params: { id: handedIn.book.id }, signal });
  const best = await bestDescriptions(client, book, { most: MOST_FINDINGS, signal });
  tellWork(book, job, handedIn.isNew, best.engine);

  print('', ...bookSummary(book));
  print(
    '',
    `  ${paint.title('What it found')}  ${paint.faint(best.engine)}`,
    ...findingLines(best.findings),
  );
  print('', ...(await runNovel(client, signal)));
  print('', ...howToGoOn(demo, staysUp));
  if (staysUp && server !== undefined) await Promise.race([server.ended, once(signal, 'abort')]);

  async function watch({ job: begun }: HandedIn): Promise<Job | null> {
    if (begun === null || isTerminalStatus(begun.status)) return begun;
    return showJob({ client, jobId: begun.id, signal, out: process.stdout });
  }
}

/** The novel of the samples, its sentences made short by rules. */
async function runNovel(client: Client, signal: AbortSignal): Promise<string[]> {
  const begun = performance.now();
  const { novel } = await handInNovel({ client }, NOVEL, { signal });
  const form = { novel_id: novel.id, sentence_length_limit: NOVEL_WORDS };
  const { job_id: jobId } = await client.call(routes.novels.processAsync, { form, signal });
  const job = await client.call(routes.jobs.get, { params: { id: jobId }, signal });
  const end = isTerminalStatus(job.status)
    ? job
    : await showJob({ client, jobId, signal, out: process.stdout });
  const { audit, engine } = await client.call(routes.novels.sentences, {
    params: { id: jobId },
    query: { limit: 1 },
    signal,
  });
  const seconds = (performance.now() - begun) / 1000;
  return [
    ...novelLines(novel),
    `  ${paint.faint(`at most ${NOVEL_WORDS} words a sentence, ${engine}, in ${duration(seconds)}`)}`,
    `  ${auditLine(audit)}`,
    `  ${verdictOf(end)}`,
  ];
}

async function openDemo(folder: string): Promise<Demo> {
  const account = await accountFor(folder);
  const running = await addressIn(folder);
  if (running !== undefined && (await isAnswering(running))) {
    return {
      folder,
      address: running,
      account,
      server: undefined,
      startSeconds: 0,
      [Symbol.asyncDispose]: async () => {},
    };
  }
  const begun = performance.now();
  const server = await LocalServer.start({
    dataFolder: folder,
    environment: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(await choosePort()),
      OWNER_EMAIL: account.email,
      OWNER_PASSWORD: account.password,
      MODEL: 'offline',
      DATABASE_URL: '',
      PUBLIC_URL: '',
    },
  });
  return {
    folder,
    address: server.address,
    account,
    server,
    startSeconds: (performance.now() - begun) / 1000,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function accountFor(folder: string): Promise<Account> {
  const { OWNER_EMAIL: email, OWNER_PASSWORD: password } = process.env;
  return email && password ? { email, password, isNew: false } : openLocalAccount(folder);
}

/** The configured port or the usual one if it is free, else any. */
async function choosePort(): Promise<number> {
  const wanted = Number(process.env['PORT'] || USUAL_PORT);
  const probe = createServer().listen(wanted, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch {
    print(`  ${paint.waiting(`The port ${wanted} is taken; a free one is used.`)}`);
    return 0;
  }
  probe.close();
  await once(probe, 'close');
  return wanted;
}

function describeUpload({ book, isNew }: HandedIn, bytes: number): string {
  const what = `${plain(book.title)}, ${Math.round(bytes / 1000)} kB, ${counted(book.chapters.length, 'page')}`;
  return isNew ? what : `${plain(book.title)} was here already: recognised, nothing done twice`;
}

function tellWork(book: Book, job: Job | null, isNew: boolean, engine: string): void {
  if (job === null) return;
  const found = `${counted(countDescriptions(book), 'description')}, ${engine}`;
  const label = counted(job.total_chunks, 'chapter');
  tellTime(label, job.processing_time_seconds, isNew ? found : `${found} (at the first run)`);
}

function howToGoOn({ address, account, folder, server }: Demo, staysUp: boolean): string[] {
  if (!staysUp)
    return [`  ${paint.faint(`Everything ends now; the book stays in ${folder}.`)}`, ''];
  const rows = [
    ['open', paint.link(address)],
    ['e-mail', account.email],
    ['password', account.password],
    ['data', folder],
    ['your own', 'npx scriptorium run FILE'],
    ['stop', server === undefined ? 'where it was started' : 'Ctrl-C'],
  ];
  return [...rows.map(([name = '', value]) => `  ${paint.faint(pad(name, 12))}${value}`), ''];
}

function tellTime(what: string, seconds: number, remark: string): void {
  print(`  ${paint.faint(pad(what, 12))}${pad(duration(seconds), 9, 'right')}   ${remark}`);
}

function print(...lines: string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

const { values } = parseArgs({ options: { exit: { type: 'boolean', default: false } } });
const signal = interruption();
try {
  await runDemo(signal, !values.exit);
} catch (error) {
  if (!signal.aborted) process.stderr.write(explainError(error));
  process.exitCode = signal.aborted ? INTERRUPTED : 1;
}
