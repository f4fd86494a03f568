/**
 * Books, from a file to read to its first descriptions, on a whole installation: `node bench/books.ts [upload] [flood] [race]`.
 * Without names, `upload` and `flood`. `race` takes some ten minutes: 1,000 random orders of the test
 * `books.race.prop.test.ts`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { glob, readFile, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, createClient, routes, type Client } from '@scriptorium/contract';
import { fileOf, scene, tinyEpub } from '../apps/server/src/features/books/tiny-epub.ts';
import {
  addressOf,
  removeFolder,
  startInstallation,
  temporaryFolder,
} from '../apps/server/src/testing-installation.ts';
import { median, percentile, report, type Figure } from './report.ts';

const OWNER = { email: 'owner@example.org', password: 'correct horse battery' };
const MEGABYTE = 1_000_000;
/** From the line that says that it is ready to the first upload: nobody is faster with a new page and a file dialogue. */
const SETTLE_MS = 3000;

/** A new installation with a database of its own, which waits for the disk as in production. */
async function withInstallation<T>(body: (client: Client) => Promise<T>): Promise<T> {
  const folder = await temporaryFolder();
  const installation = startInstallation(folder, {
    OWNER_EMAIL: OWNER.email,
    OWNER_PASSWORD: OWNER.password,
    LOG_LEVEL: 'warn',
  });
  try {
    const baseUrl = await addressOf(installation);
    const anybody = createClient({ baseUrl });
    const { access_token: token } = await anybody.call(routes.auth.login, { body: OWNER });
    if (token === undefined) throw new Error('The server has answered without a token.');
    return await body(createClient({ baseUrl, token }));
  } finally {
    await installation.end();
    await removeFolder(folder);
  }
}

/** The book of the corpus that is nearest to 1 MB, else a generated one of that size. */
async function megabyteBook(): Promise<{ bytes: Buffer; name: string }> {
  const corpus =
    process.env['SCRIPTORIUM_CORPUS'] ?? path.join(import.meta.dirname, '../../shared/corpus');
  if (!existsSync(corpus))
    return { bytes: await generatedBook('Generated', 3_000_000), name: 'generated' };
  const found: { file: string; distance: number }[] = [];
  for await (const file of glob('epub/**/*.epub', { cwd: corpus })) {
    const { size } = await stat(path.join(corpus, file));
    found.push({ file, distance: Math.abs(size - MEGABYTE) });
  }
  const [nearest] = found.toSorted((a, b) => a.distance - b.distance);
  if (nearest === undefined) throw new Error(`There is no EPUB in ${corpus}.`);
  return {
    bytes: await readFile(path.join(corpus, nearest.file)),
    name: path.basename(nearest.file),
  };
}

const WORDS = [...new Set(scene('words').match(/[a-z]+/gu))];

/** So many characters of text in 30 chapters. Words in a random order compress about as well as prose. */
async function generatedBook(title: string, characters: number): Promise<Buffer> {
  const pages: Record<string, string> = {};
  const paragraph = () =>
    `<p>${Array.from({ length: 80 }, () => WORDS[Math.floor(Math.random() * WORDS.length)]).join(' ')}.</p>`;
  for (let i = 1; i <= 30; i += 1) {
    const parts = [scene(`${title}, part ${i}`)];
    for (let size = 0; size < characters / 30; size += 450) parts.push(paragraph());
    pages[`Part ${i}`] = parts.join('');
  }
  return await tinyEpub({ title, pages });
}

interface Timed {
  readonly bookId: number;
  /** From the first byte sent to a chapter on the screen, ms. */
  readonly readable: number;
  /** From there to the end of the preload, ms. */
  readonly prepared: number;
}

async function uploadAndRead(client: Client, bytes: Uint8Array): Promise<Timed> {
  const begun = performance.now();
  const { book, job } = await client.call(routes.books.upload, {
    form: { file: fileOf(bytes, 'book.epub') },
  });
  await client.call(routes.books.chapter, { params: { id: book.id, n: 1 } });
  const readable = performance.now();
  if (job !== null) for await (const _ of client.events(job.id));
  return { bookId: book.id, readable: readable - begun, prepared: performance.now() - readable };
}

async function measureUpload(): Promise<Figure[]> {
  const { bytes, name } = await megabyteBook();
  const size = `${(bytes.byteLength / MEGABYTE).toFixed(2)} MB, ${name}`;
  const cold: number[] = [];
  const readable: number[] = [];
  const prepared: number[] = [];
  for (let start = 0; start < 3; start += 1) {
    await withInstallation(async (client) => {
      await delay(SETTLE_MS);
      const first = await uploadAndRead(client, bytes);
      cold.push(first.readable);
      await client.call(routes.books.remove, { params: { id: first.bookId } });
      if (start > 0) return;
      for (let run = 0; run < 10; run += 1) {
        const timed = await uploadAndRead(client, bytes);
        readable.push(timed.readable);
        prepared.push(timed.prepared);
        await client.call(routes.books.remove, { params: { id: timed.bookId } });
      }
    });
  }
  return [
    milliseconds(`upload to readable (${size}), median of 10`, readable, 500),
    milliseconds('the same, first upload 3 s after a start, median of 3', cold, 500),
    milliseconds('first five chapters after that, offline, median of 10', prepared, 5000),
  ];
}

function milliseconds(what: string, runs: readonly number[], limit: number): Figure {
  return {
    what,
    measured: `${median(runs).toFixed(0)} ms`,
    target: `at most ${limit} ms`,
    isMet: median(runs) <= limit,
    runs,
  };
}

/** 100 different books of about 100 kB each, ten at a time. */
async function measureFlood(): Promise<Figure[]> {
  const files: Buffer[] = [];
  for (let i = 0; i < 100; i += 1) files.push(await generatedBook(`Flood ${i}`, 300_000));
  const times: number[] = [];
  const errors: string[] = [];
  await withInstallation(async (client) => {
    const uploadNext = async (): Promise<void> => {
      for (let bytes = files.pop(); bytes !== undefined; bytes = files.pop()) {
        const begun = performance.now();
        try {
          await client.call(routes.books.upload, { form: { file: fileOf(bytes, 'book.epub') } });
          times.push(performance.now() - begun);
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          errors.push(error.code);
        }
      }
    };
    await Promise.all(Array.from({ length: 10 }, uploadNext));
  });
  return [
    {
      what: '100 uploads, ten at a time: refused or failed',
      measured: `${errors.length} ${[...new Set(errors)].join(' ')}`.trim(),
      target: 'none',
      isMet: errors.length === 0,
      runs: [errors.length],
    },
    ...[50, 95].map((percent) => ({
      what: `100 uploads, ten at a time, p${percent}`,
      measured: `${percentile(times, percent).toFixed(0)} ms`,
      target: 'at most 5000 ms',
      isMet: percentile(times, percent) <= 5000,
      runs: times,
    })),
  ];
}

async function measureRace(): Promise<Figure[]> {
  const begun = performance.now();
  const vitest = path.join(import.meta.dirname, '../node_modules/.bin/vitest');
  const child = spawn(vitest, ['run', 'apps/server/src/features/books/books.race.prop.test.ts'], {
    cwd: path.join(import.meta.dirname, '..'),
    env: { ...process.env, RACE_CASES: '1000' },
    stdio: 'inherit',
  });
  await once(child, 'close');
  const seconds = (performance.now() - begun) / 1000;
  return [
    {
      what: '1,000 random orders without a lost decision, description or call',
      measured: child.exitCode === 0 ? `held, ${seconds.toFixed(0)} s` : 'broken',
      target: 'all',
      isMet: child.exitCode === 0,
      runs: [seconds],
    },
  ];
}

const groups: Readonly<Record<string, () => Promise<Figure[]>>> = {
  upload: measureUpload,
  flood: measureFlood,
  race: measureRace,
};

const named = process.argv.slice(2).filter((argument) => argument in groups);
for (const name of named.length > 0 ? named : ['upload', 'flood']) {
  const load = os.loadavg()[0] ?? 0;
  const figures = await groups[name]?.();
  if (figures === undefined) continue;
  await report(`books-${name}`, figures);
  console.log(
    `\n  Load of the machine before: ${load.toFixed(1)}, after: ${(os.loadavg()[0] ?? 0).toFixed(1)}`,
  );
}
