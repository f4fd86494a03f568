/**
 * Writes the tables of docs/performance.md, between their markers, from what the benchmarks have left in bench/results:
 * `node scripts/performance-doc.ts`. A test fails when the tables are not the current ones.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const RESULTS = path.join(import.meta.dirname, '../bench/results');
const FILE = path.join(import.meta.dirname, '../docs/performance.md');
const START = '<!-- figures:start (node scripts/performance-doc.ts writes this) -->';
const END = '<!-- figures:end -->';

const resultSchema = z.object({
  name: z.string(),
  machine: z.string(),
  at: z.iso.datetime(),
  figures: z.array(
    z.object({ what: z.string(), measured: z.string(), target: z.string(), isMet: z.boolean() }),
  ),
});
type Result = z.output<typeof resultSchema>;

/** The file in bench/ is the longest beginning of the result's name that is one; what follows names a group of it. */
function commandOf(name: string, benchmarks: readonly string[]): string {
  const file = benchmarks
    .filter((each) => name === each || name.startsWith(`${each}-`))
    .toSorted((a, b) => b.length - a.length)[0];
  if (file === undefined) throw new Error(`No benchmark writes bench/results/${name}.json.`);
  return `node bench/${file}.ts ${name.slice(file.length + 1)}`.trim();
}

function section(result: Result, benchmarks: readonly string[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = result.figures.map(
    ({ what, measured, target, isMet }) =>
      `| ${cell(what)} | ${cell(measured)} | ${cell(target)} | ${isMet ? 'yes' : '**no**'} |`,
  );
  return [
    `### ${result.name}`,
    `\`${commandOf(result.name, benchmarks)}\`, ${result.at.slice(0, 10)}, ${result.machine}`,
    ['| what | measured | held against | met |', '| --- | --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

/** docs/performance.md as it is, and with the tables that the results give. */
export async function withFigures(): Promise<{ before: string; after: string }> {
  const before = await readFile(FILE, 'utf8');
  const names = async (folder: string, ending: string) =>
    (await readdir(folder))
      .filter((name) => name.endsWith(ending))
      .map((name) => path.basename(name, ending))
      .toSorted();
  const benchmarks = await names(path.join(RESULTS, '..'), '.ts');
  const sections: string[] = [];
  for (const name of await names(RESULTS, '.json')) {
    const text = await readFile(path.join(RESULTS, `${name}.json`), 'utf8');
    sections.push(section(resultSchema.parse(JSON.parse(text)), benchmarks));
  }
  const [head, rest] = before.split(START);
  const tail = rest?.split(END)[1];
  if (head === undefined || tail === undefined)
    throw new Error(`${FILE} lacks the markers of the figures.`);
  return { before, after: `${head}${START}\n\n${sections.join('\n\n')}\n\n${END}${tail}` };
}

if (import.meta.main) await writeFile(FILE, (await withFigures()).after);
