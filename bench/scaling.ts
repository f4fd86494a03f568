/**
 * What more worker processes are good for: `node bench/scaling.ts`. One to four of five slots each, on parts of 0.2 s, which wait as calls of
 * models do, and on empty ones, which are all work of the kernel and of its database.
 */
import { availableParallelism } from 'node:os';
import { freshChunks, type Trial } from '../e2e/kernel/trial.ts';
import { withTrial } from './kernel/bench-database.ts';
import { median, report, type Figure } from './report.ts';

const SLOTS = 5;
const PROCESSES = [1, 2, 3, 4] as const;
const CHUNK_MS = 200;
/** A whole number of rounds for each number of processes. */
const WAITING_CHUNKS = 120;
const EMPTY_CHUNKS = 400;
const RUNS = 3;
/** Over the ideal: what is allowed for the kernel's own time between two parts of a slot. */
const MOST_OVER = 0.15;

/** Milliseconds from the submit to the last event. */
async function timeOf(trial: Trial, count: number, ms: number): Promise<number> {
  const begun = performance.now();
  await trial.watch(await trial.submit({ chunks: freshChunks(count, { ms }) }, { parallel: 100 }));
  return performance.now() - begun;
}

async function medianOf(trial: Trial, count: number, ms: number): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) times.push(await timeOf(trial, count, ms));
  return median(times);
}

function waiting(processes: number, ms: number): Figure {
  const ideal = Math.ceil(WAITING_CHUNKS / (processes * SLOTS)) * CHUNK_MS;
  const over = ms / ideal - 1;
  return {
    what: `${WAITING_CHUNKS} parts of ${CHUNK_MS / 1000} s, ${processes} × ${SLOTS} slots, over the ideal ${ideal / 1000} s`,
    measured: `${(over * 100).toFixed(1)} %`,
    target: `at most ${MOST_OVER * 100} %`,
    isMet: over <= MOST_OVER,
    runs: [ms],
  };
}

/** The database has to share the processors with them: nothing is gained beyond that, and nothing may be lost. */
function empty(processes: number, rates: readonly number[]): Figure {
  const gain = (rates[processes - 1] ?? 0) / (rates[0] ?? Number.NaN);
  return {
    what: `empty parts, ${processes} × ${SLOTS} slots on ${availableParallelism()} processors, of the rate of one process`,
    measured: `${(rates[processes - 1] ?? 0).toFixed(0)}/s, ${gain.toFixed(2)} ×`,
    target: 'at least 0.9 ×',
    isMet: gain >= 0.9,
    runs: [...rates],
  };
}

await report(
  'scaling',
  await withTrial(async (trial) => {
    const times: number[] = [];
    const rates: number[] = [];
    for (const _ of PROCESSES) {
      await trial.startWorker({ SLOTS: String(SLOTS) });
      await timeOf(trial, 20, 0);
      times.push(await medianOf(trial, WAITING_CHUNKS, CHUNK_MS));
      rates.push(EMPTY_CHUNKS / ((await medianOf(trial, EMPTY_CHUNKS, 0)) / 1000));
    }
    return [
      ...PROCESSES.map((processes) => waiting(processes, times[processes - 1] ?? Number.NaN)),
      ...PROCESSES.slice(1).map((processes) => empty(processes, rates)),
    ];
  }),
);
