import type { Pool } from 'pg';
import type { JobEvent, JobRequest, JobRow, Kernel } from '../index.ts';

/** Hands in a job of the toy pipeline, in a transaction of its own. */
export function submitWords(
  kernel: Kernel,
  words: readonly string[],
  more: Partial<JobRequest> = {},
): Promise<JobRow> {
  return kernel.transaction((tx) =>
    kernel.submit(tx, { pipeline: 'toy', ownerId: 1, input: { words }, ...more }),
  );
}

/** A test that waits longer than this for an event has found a job that hangs. */
const PATIENCE_MS = 30_000;

/** All events of a job to its end. */
export async function watchToEnd(kernel: Kernel, jobId: number): Promise<JobEvent[]> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const events: JobEvent[] = [];
  for await (const event of kernel.follow(jobId, 0, signal)) events.push(event);
  if (signal.aborted) {
    throw new Error(`Job ${jobId} has not ended: ${JSON.stringify(await kernel.job(jobId, null))}`);
  }
  return events;
}

/** Resolves with the first event that satisfies the condition, past or to come. */
export async function firstEvent(
  kernel: Kernel,
  jobId: number,
  condition: (event: JobEvent) => boolean,
): Promise<JobEvent> {
  for await (const event of kernel.follow(jobId, 0, AbortSignal.timeout(PATIENCE_MS))) {
    if (condition(event)) return event;
  }
  throw new Error(`Job ${jobId} has ended without such an event.`);
}

/** Of the first of a query's rows. */
export async function one<Row extends object>(
  pool: Pool,
  text: string,
  values: unknown[] = [],
): Promise<Row> {
  const { rows } = await pool.query<Row>(text, values);
  if (rows[0] === undefined) throw new Error(`No row: ${text}`);
  return rows[0];
}
