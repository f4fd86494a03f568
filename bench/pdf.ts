/**
 * Reading PDFs, each time in a process of its own, from its start to the last page: `node bench/pdf.ts`. `lines` is the text with its places
 * on the page, `cleaned` what `parsePdf` gives. Held against pdftotext where that is installed, else against what it took on two cores of
 * a server (pdftotext 22.12). The files are those of the corpus: set SCRIPTORIUM_CORPUS to its folder.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { median, report, type Figure } from './report.ts';

const run = promisify(execFile);
const CORPUS =
  process.env['SCRIPTORIUM_CORPUS'] ?? path.join(import.meta.dirname, '../../shared/corpus');
const RUNS = 5;
const MEGABYTE = 1_000_000;
const MAX_BYTES = 300 * MEGABYTE;

/** Pages, and the milliseconds of pdftotext 22.12 where it is not installed. */
const FILES = [
  { name: 'candide', pages: 134, pdftotextMs: 280 },
  { name: 'otcy-i-deti', pages: 291, pdftotextMs: 330 },
  { name: 'germinal', pages: 601, pdftotextMs: 1010 },
] as const;

type Mode = 'lines' | 'cleaned';

const READER = path.join(import.meta.dirname, '../packages/documents/src/index.ts');
const BODY: Readonly<Record<Mode, string>> = {
  lines: `const document = await openPdf(bytes);
    for (let page = 0; page < document.pageCount; page += 1) document.page(page);
    document.close();`,
  cleaned: 'await parsePdf(bytes);',
};

/** Milliseconds of the whole process, and the most memory it had. */
async function measure(mode: Mode, file: string): Promise<{ ms: number; bytes: number }> {
  const program = `
    import { readFile } from 'node:fs/promises';
    import { openPdf, parsePdf } from ${JSON.stringify(READER)};
    const bytes = await readFile(process.argv[1]);
    ${BODY[mode]}
    console.log(process.resourceUsage().maxRSS * 1024);`;
  const begun = performance.now();
  const parameters = ['--input-type=module-typescript', '-e', program, file];
  const { stdout } = await run(process.execPath, parameters);
  return { ms: performance.now() - begun, bytes: Number(stdout) };
}

async function measurePdftotext(file: string): Promise<number | null> {
  const begun = performance.now();
  try {
    await run('pdftotext', [file, '-'], { maxBuffer: 100 * MEGABYTE });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  return performance.now() - begun;
}

async function figuresOf({ name, pages, pdftotextMs }: (typeof FILES)[number]): Promise<Figure[]> {
  const file = path.join(CORPUS, 'pdf', `${name}.pdf`);
  const others: number[] = [];
  const ours = {
    lines: [] as { ms: number; bytes: number }[],
    cleaned: [] as { ms: number; bytes: number }[],
  };
  for (let i = 0; i < RUNS; i += 1) {
    const other = await measurePdftotext(file);
    if (other !== null) others.push(other);
    ours.lines.push(await measure('lines', file));
    ours.cleaned.push(await measure('cleaned', file));
  }
  const reference = others.length > 0 ? median(others) : pdftotextMs;
  const origin = others.length > 0 ? 'measured' : 'not installed, noted';
  const timed = (mode: Mode, factor: number): Figure => {
    const runs = ours[mode].map(({ ms }) => Math.round(ms));
    const times = median(runs) / reference;
    return {
      what: `${pages} pages, ${mode}`,
      measured: `${median(runs)} ms, ${times.toFixed(1)} ×`,
      target: `${factor} × pdftotext (${Math.round(reference)} ms, ${origin})`,
      isMet: times <= factor,
      runs,
    };
  };
  const memory = ours.cleaned.map(({ bytes }) => Math.round(bytes / MEGABYTE));
  return [
    timed('lines', 2),
    timed('cleaned', 5),
    {
      what: `${pages} pages, cleaned, memory of the process`,
      measured: `${median(memory)} MB`,
      target: `${MAX_BYTES / MEGABYTE} MB`,
      isMet: Math.max(...memory) * MEGABYTE <= MAX_BYTES,
      runs: memory,
    },
  ];
}

if (existsSync(path.join(CORPUS, 'pdf'))) {
  const figures: Figure[] = [];
  for (const file of FILES) figures.push(...(await figuresOf(file)));
  await report('pdf', figures);
} else {
  console.error(`There is no corpus at ${CORPUS}: set SCRIPTORIUM_CORPUS to its folder.`);
  process.exitCode = 1;
}
