import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';

/** One measured figure beside what it is held against. */
export interface Figure {
  readonly what: string;
  /** As printed, with its unit. */
  readonly measured: string;
  readonly target: string;
  readonly isMet: boolean;
  /** The raw numbers of all runs. */
  readonly runs: readonly number[];
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The nearest-rank percentile. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1);
  return sorted[place] ?? Number.NaN;
}

/** Prints the figures as a table and keeps them, with the machine, as JSON in bench/results. */
export async function report(name: string, figures: readonly Figure[]): Promise<void> {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  const width = Math.max(...figures.map((figure) => figure.what.length));
  console.log(`\n${name} (${machine})\n`);
  for (const figure of figures) {
    const mark = figure.isMet ? 'met   ' : 'MISSED';
    console.log(
      `  ${figure.what.padEnd(width)}  ${figure.measured.padStart(14)}  ${mark}  ${figure.target}`,
    );
  }
  const folder = path.join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  const content = { name, machine, at: new Date().toISOString(), figures };
  await writeFile(path.join(folder, `${name}.json`), `${JSON.stringify(content, null, 2)}\n`);
}
