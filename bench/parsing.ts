/**
 * Our reader of EPUBs against two others on the same files: `node bench/parsing.ts [files]`, where `files` is how many of the corpus are
 * read (default: 15, spread over all sizes). Each reading is a process of its own, from its start to its end, with every chapter's
 * text or HTML asked for; the libraries take turns, so that whatever else the machine does meets all of them.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { glob, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { enableCompileCache } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { median, report, type Figure } from './report.ts';

const CORPUS =
  process.env['SCRIPTORIUM_CORPUS'] ?? path.join(import.meta.dirname, '../../shared/corpus');
const RUNS = 3;

/** Each loads its library, and then reads a book whole and returns how many characters it gave. */
const readers: Readonly<Record<string, () => Promise<(file: string) => Promise<number>>>> = {
  scriptorium: async () => {
    const { parseBook, renderText } = await import('@scriptorium/documents');
    return async (file) => {
      const { chapters } = await parseBook(await readFile(file));
      return chapters.reduce((sum, { content }) => sum + renderText(content).length, 0);
    };
  },
  '@lingo-reader/epub-parser': async () => {
    const { initEpubFile } = await import('@lingo-reader/epub-parser');
    return async (file) => {
      const images = await mkdtemp(path.join(os.tmpdir(), 'bench-parsing-'));
      try {
        const book = await initEpubFile(file, images);
        let characters = 0;
        for (const { id } of book.getSpine()) {
          characters += (await book.loadChapter(id)).html.length;
        }
        return characters;
      } finally {
        await rm(images, { recursive: true });
      }
    };
  },
  epub2: async () => {
    const { EPub } = await import('epub2');
    return async (file) => {
      const book = await EPub.createAsync(file);
      let characters = 0;
      for (const { id } of book.flow) {
        if (id !== undefined) characters += (await book.getChapterAsync(id)).length;
      }
      return characters;
    };
  },
};

interface Reading {
  /** The whole process. */
  readonly ms: number;
  /** The book alone, when the library is loaded. */
  readonly bookMs: number;
  readonly megabytes: number;
}

/** Undefined for a book that the library cannot read. */
async function readInProcess(reader: string, file: string): Promise<Reading | undefined> {
  const begun = performance.now();
  try {
    const parameters = [import.meta.filename, '--read', reader, file];
    const { stdout } = await promisify(execFile)(process.execPath, parameters, { timeout: 60_000 });
    const ms = performance.now() - begun;
    const [bookMs = 0, kibibytes = 0] = (stdout.trim().split('\n').at(-1) ?? '')
      .split(' ')
      .map(Number);
    return { ms, bookMs, megabytes: (kibibytes * 1024) / 1e6 };
  } catch (error) {
    // A process that ended with an error code: the library has thrown.
    if (error instanceof Error && 'code' in error && typeof error.code === 'number')
      return undefined;
    throw error;
  }
}

/** So many books of the corpus, from the smallest to the largest at even distances. */
async function chooseFiles(count: number): Promise<string[]> {
  const found: { file: string; size: number }[] = [];
  for await (const name of glob('epub/{standard-ebooks,gutenberg,debian}/**/*.epub', {
    cwd: CORPUS,
  })) {
    const file = path.join(CORPUS, name);
    found.push({ file, size: (await stat(file)).size });
  }
  found.sort((a, b) => a.size - b.size);
  const step = Math.max(1, (found.length - 1) / Math.max(1, count - 1));
  const places = Array.from({ length: Math.min(count, found.length) }, (_, i) =>
    Math.round(i * step),
  );
  return places.flatMap((place) => found[place]?.file ?? []);
}

/** One file's medians by library. */
type Row = Record<string, Reading | undefined>;

async function measure(file: string): Promise<Row> {
  const readings: Record<string, Reading[]> = {};
  for (let run = 0; run < RUNS; run += 1) {
    for (const reader of Object.keys(readers)) {
      const reading = await readInProcess(reader, file);
      if (reading !== undefined) (readings[reader] ??= []).push(reading);
    }
  }
  return Object.fromEntries(
    Object.entries(readings).map(([reader, all]) => [
      reader,
      {
        ms: median(all.map(({ ms }) => ms)),
        bookMs: median(all.map(({ bookMs }) => bookMs)),
        megabytes: median(all.map(({ megabytes }) => megabytes)),
      },
    ]),
  );
}

function figuresOf(rows: readonly Row[]): Figure[] {
  const names = Object.keys(readers);
  const shared = rows.filter((row) => names.every((name) => row[name] !== undefined));
  const figures: Figure[] = [];
  for (const [kind, unit, pick] of [
    ['time of the whole process', 'ms', (reading: Reading) => reading.ms],
    ['time of the book alone', 'ms', (reading: Reading) => reading.bookMs],
    ['peak memory of the whole process', 'MB', (reading: Reading) => reading.megabytes],
  ] as const) {
    const runsOf = (name: string) =>
      shared.flatMap((row) => (row[name] === undefined ? [] : [pick(row[name])]));
    const best = Math.min(...names.slice(1).map((name) => median(runsOf(name))));
    for (const name of names) {
      const runs = runsOf(name);
      const isOurs = name === names[0];
      figures.push({
        what: `${name}: ${kind}, median of ${shared.length} books`,
        measured: `${median(runs).toFixed(0)} ${unit}`,
        target: isOurs ? `at most ${best.toFixed(0)} ${unit}` : 'for comparison',
        isMet: !isOurs || median(runs) <= best,
        runs,
      });
    }
  }
  const unread = names.map((name) => rows.filter((row) => row[name] === undefined).length);
  figures.push({
    what: `books that cannot be read, of ${rows.length}: ${names.join(', ')}`,
    measured: unread.join(', '),
    target: 'none by ours',
    isMet: unread[0] === 0,
    runs: unread,
  });
  return figures;
}

// As the program itself does; all libraries gain by it.
enableCompileCache();
const [flag, reader = '', file = ''] = process.argv.slice(2);
if (flag === '--read') {
  const read = await readers[reader]?.();
  const begun = performance.now();
  const characters = await read?.(file);
  const ms = performance.now() - begun;
  if (!characters) throw new Error(`${reader} finds nothing in ${file}.`);
  process.stdout.write(`${ms} ${process.resourceUsage().maxRSS}\n`);
} else if (existsSync(CORPUS)) {
  const rows: Row[] = [];
  for (const each of await chooseFiles(Number(flag ?? 15))) rows.push(await measure(each));
  await report('parsing', figuresOf(rows));
} else {
  console.log(`Skipped: there is no corpus at ${CORPUS}; SCRIPTORIUM_CORPUS names another place.`);
}
