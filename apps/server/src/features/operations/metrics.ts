import { jobStatusSchema } from '@scriptorium/contract';
import {
  ATTEMPT_BOUNDS,
  EVENT_LAG_BOUNDS,
  type Counter as FeatureCounter,
  type Kernel,
  type Load,
  type WorkerView,
} from '@scriptorium/kernel';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { histogramText } from './histogram-text.ts';

/** What is watched of the kernel. */
export type Observed = Pick<Kernel, 'metrics' | 'load' | 'workers' | 'readers'>;

/** However often it is scraped, the database is asked once in so long. */
const CACHE_MS = 5000;

/** A worker that died without a word is reported as silent for so long, and then no more. */
const FORGET_SECONDS = 600;

const WORKER = ['worker', 'worker_id'] as const;

/**
 * The metrics of this server's process and of the installation behind it: those of the load and of the workers are in the
 * database, so every server tells the same of them, and a dashboard takes the maximum over servers instead of the sum.
 *
 * The workers' come that way because a worker listens on no port: one address, one credential and one firewall rule are
 * enough, also where a machine runs several workers. (Rejected: a METRICS_PORT for each of them.) The price: the last five
 * seconds of a worker that dies.
 */
export function openMetrics(kernel: Observed) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const instruments = createInstruments(registry);
  const read = cached(CACHE_MS, async () => {
    const [load, workers] = await Promise.all([kernel.load(), kernel.workers()]);
    return { load, workers: workers.filter((worker) => worker.silentSeconds < FORGET_SECONDS) };
  });
  return {
    contentType: registry.contentType,
    render: async (): Promise<string> => {
      const { load, workers } = await read();
      fillLoad(instruments, load);
      fillWorkers(instruments, workers);
      fillServer(instruments, kernel);
      return [await registry.metrics(), ...histograms(kernel, workers)].join('\n');
    },
  };
}

type Instruments = ReturnType<typeof createInstruments>;

function createInstruments(registry: Registry) {
  const registers = [registry];
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Gauge({ name: `scriptorium_${name}`, help, labelNames, registers });
  const counter = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
  ) => new Counter({ name: `scriptorium_${name}`, help, labelNames, registers });
  return {
    jobs: gauge('jobs', 'Jobs by status', ['status']),
    ready: gauge('tasks_ready', 'Tasks that wait for a free place', ['pipeline']),
    delayed: gauge('tasks_delayed', 'Tasks that wait for their moment', ['pipeline']),
    oldest: gauge(
      'oldest_task_seconds',
      'How long the task that waits longest for a place has waited',
      ['pipeline'],
    ),
    silent: gauge('worker_silent_seconds', 'Seconds since the last beat of a worker', WORKER),
    slots: gauge('worker_slots', 'Works that a worker does at once, beside the kept slot', WORKER),
    running: gauge('worker_running', 'Works that a worker is doing', WORKER),
    resident: gauge('worker_resident_memory_bytes', "Memory of a worker's process", WORKER),
    loopDelay: gauge(
      'worker_event_loop_delay_seconds',
      "How late a worker's timers are, 99th percentile",
      WORKER,
    ),
    stale: counter('stale_writes_total', 'Writes of attempts that came too late and were refused', [
      ...WORKER,
      'what',
    ]),
    recoveries: counter(
      'recoveries_total',
      'Attempts begun after the process of the one before had died',
      WORKER,
    ),
    reruns: counter(
      'transaction_reruns_total',
      'Transactions run again after a deadlock or a lost connection; without a worker: in this server',
      WORKER,
    ),
    chapterWrites: counter(
      'chapter_writes_total',
      'Chapters whose text, verdict, descriptions or version were written, or refused; without a worker: in this server',
      [...WORKER, 'source', 'outcome'],
    ),
    readers: gauge('event_readers', 'Readers that follow the events of a job at this server', []),
  };
}

function fillLoad({ jobs, ready, delayed, oldest }: Instruments, load: Load): void {
  for (const status of jobStatusSchema.options) jobs.set({ status }, load.jobs[status] ?? 0);
  for (const queue of load.queues) {
    const { pipeline } = queue;
    ready.set({ pipeline }, queue.ready);
    delayed.set({ pipeline }, queue.delayed);
    oldest.set({ pipeline }, queue.oldestSeconds);
  }
}

function labelsOf(worker: WorkerView) {
  return { worker: worker.name, worker_id: worker.id.slice(0, 8) };
}

function fillWorkers(instruments: Instruments, workers: readonly WorkerView[]): void {
  const { silent, slots, running, resident, loopDelay, stale, recoveries, reruns, chapterWrites } =
    instruments;
  const all = [
    silent,
    slots,
    running,
    resident,
    loopDelay,
    stale,
    recoveries,
    reruns,
    chapterWrites,
  ];
  for (const instrument of all) instrument.reset();
  for (const worker of workers) {
    const labels = labelsOf(worker);
    silent.set(labels, worker.silentSeconds);
    slots.set(labels, worker.slots);
    running.set(labels, worker.running.length);
    const { metrics } = worker;
    if (metrics === null) continue;
    resident.set(labels, metrics.residentBytes);
    loopDelay.set(labels, metrics.loopDelaySeconds);
    recoveries.inc(labels, metrics.recoveries);
    reruns.inc(labels, metrics.transactionReruns);
    for (const [what, count] of Object.entries(metrics.staleWrites)) {
      stale.inc({ ...labels, what }, count);
    }
    addCounters(instruments, metrics.counters, labels);
  }
}

/** What the features count. A name that this server does not know comes from a worker of another version. */
function addCounters(
  { chapterWrites }: Instruments,
  counters: readonly FeatureCounter[],
  worker: Readonly<Record<string, string>>,
): void {
  for (const { name, labels, count } of counters) {
    if (name === 'chapter_writes_total') chapterWrites.inc({ ...worker, ...labels }, count);
  }
}

function fillServer(instruments: Instruments, kernel: Observed): void {
  instruments.readers.set(kernel.readers());
  instruments.reruns.inc(kernel.metrics.transactionReruns);
  addCounters(instruments, kernel.metrics.counters(), {});
}

function histograms(kernel: Observed, workers: readonly WorkerView[]): string[] {
  const attempts = workers.flatMap((worker) =>
    (worker.metrics?.attempts ?? []).map(({ pipeline, kind, outcome, ...histogram }) => ({
      labels: { ...labelsOf(worker), pipeline, kind, outcome },
      histogram,
    })),
  );
  return [
    histogramText(
      'scriptorium_attempt_seconds',
      'How long attempts took, by what they came to',
      ATTEMPT_BOUNDS,
      attempts,
    ),
    histogramText(
      'scriptorium_event_lag_seconds',
      'From the moment an event is written to its delivery to readers at this server',
      EVENT_LAG_BOUNDS,
      [{ labels: {}, histogram: kernel.metrics.eventLag }],
    ),
  ];
}

/** The same answer for everybody who asks within `ms`; a failure is not kept. */
function cached<T>(ms: number, read: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly value: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at >= ms) {
      const fresh = { at: now, value: read() };
      fresh.value.catch(() => {
        if (last === fresh) last = undefined;
      });
      last = fresh;
    }
    return last.value;
  };
}
