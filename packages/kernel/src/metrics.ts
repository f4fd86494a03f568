import { z } from 'zod';
import type { RerunListener } from './db/transaction.ts';
import type { KernelLog } from './log.ts';
import type { Ending } from './store/record.ts';
import type { Claim } from './store/claim-works.ts';

/** Upper bounds of the buckets in which attempts are counted, in seconds: from a stored answer to the longest model call. */
export const ATTEMPT_BOUNDS = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600] as const;

/** The same for events, from the moment they are written to their delivery to a reader. */
export const EVENT_LAG_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;

const countSchema = z.int().min(0);

const histogramSchema = z.object({
  /** How many were at most as long as the bound of the same place, and longer than the bound before it. */
  buckets: z.array(countSchema),
  /** All, those beyond the last bound included. */
  count: countSchema,
  seconds: z.number(),
});

/** Durations, counted by length. */
export type Histogram = z.infer<typeof histogramSchema>;

const attemptsSchema = histogramSchema.extend({
  pipeline: z.string(),
  kind: z.string(),
  outcome: z.string(),
});

const counterSchema = z.object({
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  count: countSchema,
});

/** A count that a pipeline or whoever else uses the kernel keeps, under a name of its own. Counts only grow. */
export type Counter = Readonly<z.infer<typeof counterSchema>>;

/** What a worker's process has counted since it started, as its heartbeat carries it to the database. */
export const workerMetricsSchema = z.object({
  staleWrites: z.record(z.string(), countSchema),
  transactionReruns: countSchema,
  recoveries: countSchema,
  attempts: z.array(attemptsSchema),
  /** Absent in reports of older versions. */
  counters: z.array(counterSchema).default([]),
  residentBytes: countSchema,
  /** The 99th percentile of how late its timers were, since the report before. */
  loopDelaySeconds: z.number(),
});

export type WorkerMetrics = z.infer<typeof workerMetricsSchema>;

/**
 * What one process has counted since it started. Plain data instead of a library's counters: tests read it, a server exposes
 * its own, and a worker's travels to the servers.
 */
export interface KernelMetrics {
  /** Writes of attempts that were no longer current: refused, by what they tried. */
  readonly staleWrites: Map<string, number>;
  /** Transactions that were run again after a deadlock or a lost connection. */
  transactionReruns: number;
  /** Attempts begun after the previous one's process had died. */
  recoveries: number;
  /** Finished attempts by `pipeline kind outcome`. */
  readonly attempts: Map<string, z.infer<typeof attemptsSchema>>;
  /** From the moment an event is written to its delivery to the readers of this process. */
  readonly eventLag: Histogram;
  /** What those who use the kernel count. */
  readonly counters: () => readonly Counter[];
}

export function createMetrics(counters: KernelMetrics['counters'] = () => []): KernelMetrics {
  return {
    staleWrites: new Map(),
    transactionReruns: 0,
    recoveries: 0,
    attempts: new Map(),
    eventLag: emptyHistogram(EVENT_LAG_BOUNDS),
    counters,
  };
}

/** To be told about every transaction that is run again. */
export function countReruns(metrics: KernelMetrics, log: KernelLog): RerunListener {
  return (error, run) => {
    metrics.transactionReruns += 1;
    log.debug({ err: error, run }, 'A transaction is run again');
  };
}

export function countStaleWrite(metrics: KernelMetrics, what: string): void {
  metrics.staleWrites.set(what, (metrics.staleWrites.get(what) ?? 0) + 1);
}

export function countAttempt(
  metrics: KernelMetrics,
  { pipeline, kind }: Pick<Claim, 'pipeline' | 'kind'>,
  ending: Ending,
  seconds: number,
): void {
  const outcome = outcomeOf(ending);
  const label = `${pipeline} ${kind} ${outcome}`;
  const entry = metrics.attempts.get(label) ?? {
    pipeline,
    kind,
    outcome,
    ...emptyHistogram(ATTEMPT_BOUNDS),
  };
  observe(entry, ATTEMPT_BOUNDS, seconds);
  metrics.attempts.set(label, entry);
}

export function countEvent(metrics: KernelMetrics, seconds: number): void {
  // The clocks of the database and of this machine may differ by more than the lag.
  observe(metrics.eventLag, EVENT_LAG_BOUNDS, Math.max(0, seconds));
}

function outcomeOf(ending: Ending): string {
  return ending.kind === 'postponed' ? ending.outcome : ending.kind;
}

function emptyHistogram(bounds: readonly number[]): Histogram {
  return { buckets: bounds.map(() => 0), count: 0, seconds: 0 };
}

function observe(histogram: Histogram, bounds: readonly number[], seconds: number): void {
  const place = bounds.findIndex((bound) => seconds <= bound);
  if (place >= 0) histogram.buckets[place] = (histogram.buckets[place] ?? 0) + 1;
  histogram.count += 1;
  histogram.seconds += seconds;
}
