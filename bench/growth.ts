/**
 * How cost grows with size: `node bench/growth.ts [pages] [books] [chunks]`. PDFs of 30 to 900 pages, read and cleaned; an owner who hands in 1, 10
 * and 100 books and looks at the library; jobs of 30 to 900 parts. The exponent is the slope of a line through the logarithms, by
 * least squares: 1 is linear, 0 does not grow.
 */
import { createClient, routes, type Client } from '@scriptorium/contract';
import { parsePdf } from '@scriptorium/documents';
import { fileOf, scene, tinyEpub } from '../apps/server/src/features/books/tiny-epub.ts';
import {
  addressOf,
  removeFolder,
  startInstallation,
  temporaryFolder,
} from '../apps/server/src/testing-installation.ts';
import { freshChunks } from '../e2e/kernel/trial.ts';
import { escapeTypst, typesetPdf } from '../packages/documents/src/testing/typeset-pdf.ts';
import { withTrial } from './kernel/bench-database.ts';
import { median, report, type Figure } from './report.ts';

const OWNER = { email: 'owner@example.org', password: 'correct horse battery' };
const SIZES = [30, 100, 300, 900] as const;
const RUNS = 3;
const MOST = 1.1;

/** A size and what it cost, in milliseconds. */
type Point = readonly [size: number, ms: number];

/** The slope of log(cost) over log(size), by ordinary least squares. */
function exponentOf(points: readonly Point[]): number {
  const logs = points.map(([size, ms]) => [Math.log(size), Math.log(ms)] as const);
  const mean = (place: 0 | 1) => logs.reduce((sum, log) => sum + log[place], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const covariance = logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return covariance / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

function growth(what: string, points: readonly Point[], most = MOST): Figure {
  const exponent = exponentOf(points);
  const costs = points.map(([size, ms]) => `${size}: ${ms.toFixed(0)} ms`).join(', ');
  return {
    what: `${what} (${costs}), exponent`,
    measured: exponent.toFixed(2),
    target: `at most ${most}`,
    isMet: exponent <= most,
    runs: points.flat(),
  };
}

async function measurePages(): Promise<Figure> {
  const words = scene('a house')
    .replaceAll(/<[^>]+>/gu, ' ')
    .split(/\s+/u);
  const page = (number: number) =>
    Array.from(
      { length: 250 },
      (_each, i) => words[(number * 7 + i * (1 + (number % 5))) % words.length],
    );
  const head =
    '#set page(width: 14cm, height: 22cm, margin: 1.5cm, numbering: "1")\n#set text(size: 9pt)\n';
  const points: Point[] = [];
  for (const pages of SIZES) {
    const texts = Array.from({ length: pages }, (_each, i) => escapeTypst(page(i).join(' ')));
    const pdf = await typesetPdf(head + texts.join('\n#pagebreak()\n'));
    const times: number[] = [];
    // One more, first: it loads and compiles.
    for (let run = 0; run <= RUNS; run += 1) {
      const begun = process.cpuUsage();
      await parsePdf(Uint8Array.from(pdf));
      const { user, system } = process.cpuUsage(begun);
      if (run > 0) times.push((user + system) / 1000);
    }
    points.push([pages, median(times)]);
  }
  return growth('reading and cleaning a PDF, by pages, time of the processor', points);
}

async function signIn(baseUrl: string): Promise<Client> {
  const session = await createClient({ baseUrl }).call(routes.auth.login, { body: OWNER });
  return createClient({ baseUrl, token: session.access_token ?? '' });
}

async function uploadBook(client: Client, number: number): Promise<void> {
  const pages = Object.fromEntries(
    Array.from({ length: 10 }, (_each, i) => [`Part ${i}`, scene(`${i} of ${number}`).repeat(10)]),
  );
  const file = fileOf(await tinyEpub({ title: `Book ${number}`, pages }), 'book.epub');
  const { job } = await client.call(routes.books.upload, { form: { file } });
  if (job !== null) for await (const _ of client.events(job.id));
}

async function measureBooks(): Promise<Figure[]> {
  const folder = await temporaryFolder();
  const installation = startInstallation(folder, {
    OWNER_EMAIL: OWNER.email,
    OWNER_PASSWORD: OWNER.password,
    LOG_LEVEL: 'warn',
    SUBMISSIONS_PER_HOUR_ADMIN: '100000',
  });
  try {
    const client = await signIn(await addressOf(installation));
    // Loads, compiles and connects.
    for (let number = -5; number < 0; number += 1) await uploadBook(client, number);
    const handedIn: Point[] = [];
    const listed: Point[] = [];
    const begun = performance.now();
    for (let count = 1; count <= 100; count += 1) {
      await uploadBook(client, count);
      if (count !== 1 && count !== 10 && count !== 100) continue;
      handedIn.push([count, performance.now() - begun]);
      const times: number[] = [];
      for (let run = 0; run < 20; run += 1) {
        const asked = performance.now();
        await client.call(routes.books.list, { query: { limit: 20 } });
        times.push(performance.now() - asked);
      }
      listed.push([count, median(times)]);
    }
    return [
      growth('handing in books and preparing their first chapters, by books', handedIn),
      growth('a page of the library, by books in it', listed, 0.3),
    ];
  } finally {
    await installation.end();
    await removeFolder(folder);
  }
}

async function measureChunks(): Promise<Figure> {
  return await withTrial(async (trial) => {
    await trial.startWorker({ SLOTS: '20' });
    const points: Point[] = [];
    for (const count of [100, ...SIZES]) {
      const times: number[] = [];
      for (let run = 0; run < RUNS; run += 1) {
        const begun = performance.now();
        await trial.watch(
          await trial.submit({ chunks: freshChunks(count, { ms: 0 }) }, { parallel: 60 }),
        );
        times.push(performance.now() - begun);
      }
      points.push([count, median(times)]);
    }
    // The first one paid for connections and plans.
    return growth('jobs of empty parts, by parts', points.slice(1));
  });
}

const groups: Readonly<Record<string, () => Promise<Figure[]>>> = {
  pages: async () => [await measurePages()],
  books: measureBooks,
  chunks: async () => [await measureChunks()],
};

const named = process.argv.slice(2).filter((argument) => argument in groups);
for (const name of named.length > 0 ? named : Object.keys(groups)) {
  const figures = await groups[name]?.();
  if (figures !== undefined) await report(`growth-${name}`, figures);
}
