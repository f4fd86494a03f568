/**
 * Broken and hostile files: the project's samples, mutated by a seed, and the known attacks. Each is refused with a code of its own or
 * becomes a document that can be read; none takes long, none leaves anything behind. The attacks go through HTTP, the mutations straight to
 * the processes that parse; `HOSTILE_FILES=2000` for more mutations, `FC_SEED` for others, `HOSTILE_HTTP=1` for all through HTTP.
 */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { routes, type Route } from '@scriptorium/contract';
import { DocumentError } from '@scriptorium/documents';
import { choices, createTestDatabase, type TestDatabase } from '@scriptorium/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ParserProcesses } from '../../apps/server/src/platform/parsing/parser-processes.ts';
import { epubFiles, zip } from '../../packages/documents/src/testing/fixtures.ts';
import { mobi } from '../../packages/documents/src/testing/mobi.ts';
import { knownAttacks, type HostileFile } from './attacks.ts';
import { MUTATORS } from './mutate-file.ts';
import { sampleFile } from './scenes.ts';
import { sendExample } from './send.ts';
import { startService, type Service } from './service.ts';

const MUTATIONS = Number(process.env['HOSTILE_FILES'] ?? 260);
const SEED = Number(process.env['FC_SEED'] ?? 20_261_122);
/** Ten seconds on a machine that does nothing else; a suite runs beside others. */
const LIMIT_MS = 30_000;
const MAX_BYTES = 5_000_000;
/** Resident memory of the server, and of the client in the same process, which holds each file three times. */
const MAX_GROWTH_BYTES = 600 * 2 ** 20;

let folder: string;
let parser: ParserProcesses;
let database: TestDatabase;
let service: Service;
let attacks: HostileFile[];
let mutations: HostileFile[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'scriptorium-hostile-'));
  parser = new ParserProcesses({ timeoutMs: LIMIT_MS });
  database = await createTestDatabase();
  service = await startService({ connectionString: database.connectionString });
  attacks = await knownAttacks();
  mutations = await mutate(MUTATIONS);
}, 120_000);

afterAll(async () => {
  await parser.close();
  await service.stop();
  await database.drop();
  await rm(folder, { recursive: true });
});

/** One honest file of each format, small enough to be mutated hundreds of times. */
async function honestFiles(): Promise<HostileFile[]> {
  const of = async (fileName: string) => {
    return {
      name: fileName,
      fileName,
      bytes: Buffer.from(await (await sampleFile(fileName)).arrayBuffer()),
    };
  };
  const fb2 = await of('the-fire-copy.ru.fb2');
  const pages = {
    'a.xhtml': '<h1>One</h1><p>A story.</p>',
    'b.xhtml': '<h1>Two</h1><p>Its end.</p>',
  };
  const parts = { pages, nav: '<ol><li><a href="a.xhtml">One</a></li></ol>' };
  const text = fb2.bytes.toString('latin1').replaceAll(/<[^>]*>/gu, '\n');
  return [
    await of('the-fire-copy.en.epub'),
    await of('the-fire-copy.fr.epub'),
    fb2,
    await of('l-horloge-de-brumeville.fr.pdf'),
    // Stored, so that mutations meet the markup and not the compression.
    {
      name: 'stored.epub',
      fileName: 'stored.epub',
      bytes: await zip(epubFiles(parts), { compress: false }),
    },
    { name: 'zipped.fb2', fileName: 'a.fb2.zip', bytes: await zip({ 'a.fb2': fb2.bytes }) },
    {
      name: 'a.mobi',
      fileName: 'a.mobi',
      bytes: mobi({ title: 'A', html: '<h1>One</h1><p>A story.</p>'.repeat(50) }),
    },
    { name: 'a.txt', fileName: 'a.txt', bytes: Buffer.from(text, 'latin1') },
  ];
}

async function mutate(count: number): Promise<HostileFile[]> {
  const honest = await honestFiles();
  const mutators = Object.entries(MUTATORS);
  return Array.from({ length: count }, (_, i) => {
    const file = honest[i % honest.length]!;
    const [how, change] = mutators[Math.floor(i / honest.length) % mutators.length]!;
    const bytes = change(file.bytes, choices(SEED + i).below);
    return { name: `${i}: ${file.name} with ${how}`, fileName: file.fileName, bytes };
  });
}

const isPdf = ({ fileName }: HostileFile) => fileName.endsWith('.pdf');

/** `read`, or the code of the refusal. Anything else is a defect of the parser, and its process has ended. */
async function parsed(file: HostileFile): Promise<string> {
  const name = path.join(folder, 'file');
  await writeFile(name, file.bytes);
  const facts = { path: name, fileName: file.fileName, maxBytes: MAX_BYTES };
  try {
    if (isPdf(file)) await parser.parse('novel', { ...facts, maxPages: 2000 });
    else await parser.parse('book', facts);
    return 'read';
  } catch (error) {
    return error instanceof DocumentError ? error.code : `a defect: ${String(error)}`;
  }
}

/** Rows of everything that an upload may make, and files. */
async function stored(): Promise<unknown> {
  const { rows } = await service.pool.query(
    `SELECT (SELECT count(*) FROM books) AS books, (SELECT count(*) FROM chapters) AS chapters,
            (SELECT count(*) FROM book_images) AS images, (SELECT count(*) FROM novels) AS novels,
            (SELECT count(*) FROM kernel.jobs) AS jobs, (SELECT count(*) FROM kernel.artifacts) AS artifacts`,
  );
  const files = await readdir(service.dataDir, { recursive: true, withFileTypes: true });
  return { rows, files: files.filter((entry) => entry.isFile()).length };
}

async function upload(file: HostileFile, headers: Record<string, string>): Promise<string> {
  const route: Route = isPdf(file) ? routes.novels.upload : routes.books.upload;
  const form = { file: new File([new Uint8Array(file.bytes)], file.fileName) };
  const before = await stored();
  const { status, problem } = await sendExample(service.url, route, { form }, headers);
  if (status === 200 || status === 201) return 'read';
  const after = await stored();
  if (JSON.stringify(after) !== JSON.stringify(before))
    return `${status}, and something was stored`;
  if (status < 400 || status > 499 || problem === undefined) return `status ${status}`;
  return problem.code;
}

/** What each answer was given to, for those that must not be. */
async function findings(
  files: readonly HostileFile[],
  ask: (file: HostileFile) => Promise<string>,
): Promise<{ wrong: string[]; answers: Record<string, number>; slowestMs: number }> {
  const wrong: string[] = [];
  const answers: Record<string, number> = {};
  let slowestMs = 0;
  for (const file of files) {
    const began = performance.now();
    const answer = await ask(file);
    const ms = performance.now() - began;
    slowestMs = Math.max(slowestMs, ms);
    answers[answer] = (answers[answer] ?? 0) + 1;
    const isTyped = answer === 'read' || /^(?:document|request)\.[a-z_0-9]+$/u.test(answer);
    if (!isTyped || ms > LIMIT_MS || answer === 'document.unreadable_in_time') {
      wrong.push(`${file.name}: ${answer} after ${Math.round(ms)} ms`);
    }
  }
  return { wrong, answers, slowestMs: Math.round(slowestMs) };
}

describe('hostile files', () => {
  it('are at least 300 with the usual number of mutations', () => {
    expect(attacks.length + Math.max(MUTATIONS, 260)).toBeGreaterThanOrEqual(300);
  });

  it(
    `are read or refused with a code by the parsers, mutated (seed ${SEED})`,
    async () => {
      const { wrong, answers, slowestMs } = await findings(mutations, parsed);
      process.stdout.write(
        `${mutations.length} mutations, slowest ${slowestMs} ms: ${JSON.stringify(answers)}\n`,
      );
      expect(wrong).toEqual([]);
    },
    60_000 + MUTATIONS * 1000,
  );

  it('are read or refused over HTTP with nothing stored, and the service goes on', async () => {
    const token = (await service.signIn(service.ownerCredentials)).access_token ?? '';
    const files = process.env['HOSTILE_HTTP'] === '1' ? [...attacks, ...mutations] : attacks;
    const { rss } = process.memoryUsage();
    const { wrong, answers, slowestMs } = await findings(
      files,
      async (file) => await upload(file, { authorization: `Bearer ${token}` }),
    );
    const growth = process.memoryUsage().rss - rss;
    process.stdout.write(
      `${files.length} uploads, slowest ${slowestMs} ms, ${Math.round(growth / 2 ** 20)} MiB more: ${JSON.stringify(answers)}\n`,
    );
    expect(wrong).toEqual([]);
    expect(growth).toBeLessThan(MAX_GROWTH_BYTES);
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    expect(service.lines.filter(({ level }) => level === 'error')).toEqual([]);
  }, 300_000);
});
