/**
 * Our reader of EPUBs against three others on the same files: `node bench/parsing.ts [files]`, where `files` is how many of the corpus are
 * read (default: 13, spread over all sizes).
 *
 * Each library is asked for the same: the metadata, the table of contents, and the plain text of every chapter. Ours is held against the
 * one that reads them all, `@likecoin/epub-ts`, which makes a DOM of every chapter. The other two stand beside it: they read no
 * table of contents but that of EPUB 2, which is missing in most of these books, tie no link and no note to its place, and cut HTML
 * out of the files by regular expressions, which is made into text by htmlparser2, as whoever uses them would have to;
 * epub2 reads no picture either. Ours cannot leave that out, and classifies the pages.
 *
 * A server reads many books in one process, and a command reads one. So all novels are read one after the other in a process, with the
 * young generation that our server gives to its parser (with the default of V8 the peak is that of what has not been thrown away yet,
 * 275 MB with ours and with epub-ts), and some books in a process each, from its start to its end. All have a cache of compiled code
 * that a reading before has filled, as a program has from its second start on. The libraries take turns, so that whatever else
 * the machine does meets all of them; the time of the processor suffers least from it. The time of a book alone holds, for ours, the
 * loading of the reader of its format.
 *
 * Not compared: `officeparser`, which gives one text without chapters or a table of contents.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { glob, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { median, report, type Figure } from './report.ts';

const CORPUS =
  process.env['SCRIPTORIUM_CORPUS'] ?? path.join(import.meta.dirname, '../../shared/corpus');
const RUNS = 3;
const YOUNG_GENERATION = '--max-semi-space-size=4';

/** What a library found in a book. */
interface Found {
  readonly title: string;
  /** Of the table of contents, outermost ones only. */
  readonly entries: number;
  readonly characters: number;
}

/** Each loads its library, which then reads a book whole. */
const readers: Readonly<Record<string, () => Promise<(file: string) => Promise<Found>>>> = {
  scriptorium: async () => {
    const { parseBook, renderText } = await import('@scriptorium/documents');
    return async (file) => {
      const { metadata, toc, chapters } = await parseBook(await readFile(file));
      const texts = chapters.map(({ content }) => renderText(content));
      return { title: metadata.title, entries: toc.length, characters: lengthOf(texts) };
    };
  },
  '@likecoin/epub-ts': async () => {
    const { Book } = await import('@likecoin/epub-ts/node');
    return async (file) => {
      const bytes = await readFile(file);
      const book = new Book(
        bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
      );
      await book.opened;
      const texts: string[] = [];
      for (const section of book.spine.spineItems) {
        const root = await section.load(book.load.bind(book));
        texts.push(root.textContent);
        section.unload();
      }
      const { title } = book.packaging.metadata;
      return { title, entries: book.navigation.toc.length, characters: lengthOf(texts) };
    };
  },
  '@lingo-reader/epub-parser': async () => {
    const { initEpubFile } = await import('@lingo-reader/epub-parser');
    const toText = await textMaker();
    return async (file) => {
      const images = await mkdtemp(path.join(os.tmpdir(), 'bench-parsing-'));
      try {
        const book = await initEpubFile(file, images);
        const texts: string[] = [];
        for (const { id } of book.getSpine()) texts.push(toText((await book.loadChapter(id)).html));
        const { title } = book.getMetadata();
        return { title, entries: book.getToc().length, characters: lengthOf(texts) };
      } finally {
        await rm(images, { recursive: true });
      }
    };
  },
  epub2: async () => {
    const { EPub } = await import('epub2');
    const toText = await textMaker();
    return async (file) => {
      const book = await EPub.createAsync(file);
      const texts: string[] = [];
      for (const { id } of book.flow) {
        if (id !== undefined) texts.push(toText(await book.getChapterAsync(id)));
      }
      const { title = '' } = book.metadata;
      return { title, entries: book.toc.length, characters: lengthOf(texts) };
    };
  },
};

/** HTML to text in the leanest way: no tree, a line for each block. */
async function textMaker(): Promise<(html: string) => string> {
  const { Parser } = await import('htmlparser2');
  const blocks = new Set('p div h1 h2 h3 h4 h5 h6 li blockquote tr br section'.split(' '));
  return (html) => {
    const parts: string[] = [];
    let hidden = 0;
    const parser = new Parser({
      onopentag: (name) => {
        if (name === 'style' || name === 'script') hidden += 1;
      },
      ontext: (text) => {
        if (hidden === 0) parts.push(text);
      },
      onclosetag: (name) => {
        if (name === 'style' || name === 'script') hidden -= 1;
        if (blocks.has(name)) parts.push('\n');
      },
    });
    parser.end(html);
    return parts.join('').replaceAll(/[ \t\r\n]*\n[ \t\r\n]*/gu, '\n');
  };
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

/** What the others leave out, in the words of the table. Whoever is not named here leaves nothing out. */
const LESS: Readonly<Record<string, string>> = {
  '@lingo-reader/epub-parser': 'for comparison; no tree, no notes, no nav',
  epub2: 'for comparison; no tree, no notes, no nav, no pictures',
};

interface Reading {
  /** The whole process. */
  readonly ms: number;
  /** The book alone, when the library is loaded. */
  readonly bookMs: number;
  /** Of the processor, the whole process. */
  readonly cpuMs: number;
  readonly megabytes: number;
  readonly entries: number;
}

/** Undefined for a book that the library cannot read. */
async function readInProcess(
  reader: string,
  file: string,
  cache: string,
): Promise<Reading | undefined> {
  const begun = performance.now();
  try {
    const parameters = [import.meta.filename, '--read', reader, file];
    const { stdout } = await promisify(execFile)(process.execPath, parameters, {
      timeout: 120_000,
      env: { NODE_COMPILE_CACHE: cache },
    });
    const ms = performance.now() - begun;
    // Libraries talk, too.
    const [bookMs = 0, cpuMs = 0, megabytes = 0, entries = 0] = (
      stdout.trim().split('\n').at(-1) ?? ''
    )
      .split(' ')
      .map(Number);
    return { ms, bookMs, cpuMs, megabytes, entries };
  } catch (error) {
    // A process that ended with an error code: the library has thrown.
    if (error instanceof Error && 'code' in error && typeof error.code === 'number')
      return undefined;
    throw error;
  }
}

/** What it took to read many books in one process. */
interface Run {
  readonly ms: number;
  readonly cpuMs: number;
  readonly megabytes: number;
  /** Their places in the list. */
  readonly failed: readonly number[];
}

async function readAll(reader: string, files: readonly string[], cache: string): Promise<Run> {
  const parameters = [YOUNG_GENERATION, import.meta.filename, '--read-all', reader, ...files];
  const { stdout } = await promisify(execFile)(process.execPath, parameters, {
    env: { NODE_COMPILE_CACHE: cache },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

/** All novels that every library can read, one after the other. */
async function measureRuns(cache: string): Promise<Figure[]> {
  const files = await novels();
  const names = Object.keys(readers);
  const failed = new Set<number>();
  for (const name of names)
    for (const place of (await readAll(name, files, cache)).failed) failed.add(place);
  const shared = files.filter((_, place) => !failed.has(place));
  const runs = new Map<string, Run[]>(names.map((name) => [name, []]));
  for (let run = 0; run < RUNS; run += 1) {
    for (const name of names) runs.get(name)?.push(await readAll(name, shared, cache));
  }
  return [
    ...againstBest('time', 's', (run: Run) => run.ms / 1000),
    ...againstBest('time of the processor', 's', (run: Run) => run.cpuMs / 1000),
    ...againstBest('peak memory', 'MB', (run: Run) => run.megabytes),
  ];

  function againstBest(kind: string, unit: string, pick: (run: Run) => number): Figure[] {
    return compare(`${kind}, ${shared.length} novels in one process`, unit, (name) =>
      (runs.get(name) ?? []).map(pick),
    );
  }
}

async function novels(): Promise<string[]> {
  const found = await Array.fromAsync(glob('epub/standard-ebooks/**/*.epub', { cwd: CORPUS }));
  return found.toSorted().map((name) => path.join(CORPUS, name));
}

/** Ours is held against the best of those that read the same. */
function compare(
  what: string,
  unit: string,
  runsOf: (name: string) => readonly number[],
): Figure[] {
  const names = Object.keys(readers);
  const rivals = names.slice(1).filter((name) => LESS[name] === undefined);
  const best = Math.min(...rivals.map((name) => median(runsOf(name))));
  const digits = unit === 's' ? 1 : 0;
  return names.map((name, place) => {
    const runs = runsOf(name);
    return {
      what: `${name}: ${what}`,
      measured: `${median(runs).toFixed(digits)} ${unit}`,
      target:
        place === 0 ? `at most ${best.toFixed(digits)} ${unit}` : (LESS[name] ?? 'for comparison'),
      isMet: place > 0 || median(runs) <= best,
      runs,
    };
  });
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

async function measure(file: string, cache: string): Promise<Row> {
  const readings: Record<string, Reading[]> = {};
  for (let run = 0; run < RUNS; run += 1) {
    for (const reader of Object.keys(readers)) {
      const reading = await readInProcess(reader, file, cache);
      if (reading !== undefined) (readings[reader] ??= []).push(reading);
    }
  }
  return Object.fromEntries(
    Object.entries(readings).map(([reader, all]) => [
      reader,
      {
        ms: median(all.map(({ ms }) => ms)),
        bookMs: median(all.map(({ bookMs }) => bookMs)),
        cpuMs: median(all.map(({ cpuMs }) => cpuMs)),
        megabytes: median(all.map(({ megabytes }) => megabytes)),
        entries: median(all.map(({ entries }) => entries)),
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
    ['time of the processor', 'ms', (reading: Reading) => reading.cpuMs],
    ['time of the book alone', 'ms', (reading: Reading) => reading.bookMs],
    ['peak memory of the whole process', 'MB', (reading: Reading) => reading.megabytes],
  ] as const) {
    figures.push(
      ...compare(`${kind}, median of ${shared.length} books`, unit, (name) =>
        shared.flatMap((row) => (row[name] === undefined ? [] : [pick(row[name])])),
      ),
    );
  }
  const count = (name: string, isSo: (reading: Reading | undefined) => boolean) =>
    rows.filter((row) => isSo(row[name])).length;
  for (const [what, isSo] of [
    ['books that cannot be read', (reading: Reading | undefined) => reading === undefined],
    [
      'books read without a table of contents',
      (reading: Reading | undefined) => reading?.entries === 0,
    ],
  ] as const) {
    const runs = names.map((name) => count(name, isSo));
    figures.push({
      what: `${what}, of ${rows.length}: ${names.join(', ')}`,
      measured: runs.join(', '),
      target: 'none by ours',
      isMet: runs[0] === 0,
      runs,
    });
  }
  return figures;
}

async function measureAll(files: readonly string[], cache: string): Promise<Row[]> {
  const [first = ''] = files;
  for (const reader of Object.keys(readers)) await readInProcess(reader, first, cache);
  const rows: Row[] = [];
  for (const file of files) rows.push(await measure(file, cache));
  return rows;
}

const [flag, reader = '', file = '', ...more] = process.argv.slice(2);
if (flag === '--read-all') {
  const read = await readers[reader]?.();
  const begun = performance.now();
  const failed: number[] = [];
  for (const [place, each] of [file, ...more].entries()) {
    try {
      if ((await read?.(each))?.characters === 0) failed.push(place);
    } catch (error) {
      process.stderr.write(`${each}: ${String(error)}\n`);
      failed.push(place);
    }
  }
  const ms = performance.now() - begun;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpuMs = (userCPUTime + systemCPUTime) / 1000;
  const run: Run = { ms, cpuMs, megabytes: (maxRSS * 1024) / 1e6, failed };
  process.stdout.write(`\n${JSON.stringify(run)}\n`);
} else if (flag === '--read') {
  const read = await readers[reader]?.();
  const begun = performance.now();
  const found = await read?.(file);
  const bookMs = performance.now() - begun;
  if (!found?.title || found.characters === 0) {
    throw new Error(`${reader} finds nothing in ${file}.`);
  }
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpuMs = (userCPUTime + systemCPUTime) / 1000;
  process.stdout.write(`\n${bookMs} ${cpuMs} ${(maxRSS * 1024) / 1e6} ${found.entries}\n`);
} else if (existsSync(CORPUS)) {
  const cache = await mkdtemp(path.join(os.tmpdir(), 'bench-parsing-'));
  try {
    const runs = await measureRuns(cache);
    const rows = await measureAll(await chooseFiles(Number(flag ?? 13)), cache);
    await report('parsing', [...runs, ...figuresOf(rows)]);
  } finally {
    await rm(cache, { recursive: true });
  }
} else {
  console.log(`Skipped: there is no corpus at ${CORPUS}; SCRIPTORIUM_CORPUS names another place.`);
}
