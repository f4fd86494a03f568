import { readFile } from 'node:fs/promises';
import type { Load, WorkerView } from '@scriptorium/kernel';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { histogramText } from './histogram-text.ts';
import { openMetrics, type Observed } from './metrics.ts';

const worker: WorkerView = {
  id: '0b5ffa3e-6f0a-4a51-9a4a-2f6f9d3f0001',
  name: 'mill',
  host: 'host',
  pid: 1,
  slots: 5,
  running: [{ workId: 1, jobId: 1 }],
  startedAt: new Date(0),
  lastBeatAt: new Date(0),
  silentSeconds: 2,
  metrics: {
    staleWrites: { record: 4, beat: 1 },
    transactionReruns: 2,
    recoveries: 3,
    attempts: [],
    counters: [
      { name: 'chapter_writes_total', labels: { source: 'worker', outcome: 'refused' }, count: 6 },
      { name: 'of_a_newer_version', labels: {}, count: 1 },
    ],
    residentBytes: 7,
    loopDelaySeconds: 0.5,
  },
};

const load: Load = {
  jobs: { pending: 2 },
  queues: [{ pipeline: 'books', ready: 3, delayed: 1, oldestSeconds: 9.5 }],
};

/** The kernel as far as it is watched, with what the test says is in the database. */
function observed(found: { load?: () => Promise<Load>; workers?: WorkerView[] } = {}): Observed {
  return {
    metrics: {
      staleWrites: new Map(),
      transactionReruns: 6,
      recoveries: 0,
      attempts: new Map(),
      eventLag: { buckets: [1, 2], count: 4, seconds: 9 },
      counters: () => [
        {
          name: 'chapter_writes_total',
          labels: { source: 'upload', outcome: 'written' },
          count: 9,
        },
      ],
    },
    load: found.load ?? (async () => load),
    workers: async () => found.workers ?? [worker],
    readers: () => 8,
  };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

it('shows what was counted where, by whom', async () => {
  const text = await openMetrics(observed()).render();
  const mill = 'worker="mill",worker_id="0b5ffa3e"';
  for (const line of [
    'scriptorium_jobs{status="pending"} 2',
    'scriptorium_jobs{status="cancelled"} 0',
    'scriptorium_tasks_ready{pipeline="books"} 3',
    'scriptorium_tasks_delayed{pipeline="books"} 1',
    'scriptorium_oldest_task_seconds{pipeline="books"} 9.5',
    `scriptorium_worker_silent_seconds{${mill}} 2`,
    `scriptorium_worker_running{${mill}} 1`,
    `scriptorium_stale_writes_total{${mill},what="record"} 4`,
    `scriptorium_recoveries_total{${mill}} 3`,
    `scriptorium_transaction_reruns_total{${mill}} 2`,
    'scriptorium_transaction_reruns_total 6',
    `scriptorium_chapter_writes_total{${mill},source="worker",outcome="refused"} 6`,
    'scriptorium_chapter_writes_total{source="upload",outcome="written"} 9',
    'scriptorium_event_readers 8',
    'scriptorium_event_lag_seconds_bucket{le="0.01"} 3',
    'scriptorium_event_lag_seconds_bucket{le="+Inf"} 4',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
});

it('asks the database once in five seconds, also for scrapes that come together', async () => {
  const read = vi.fn<() => Promise<Load>>(async () => load);
  const metrics = openMetrics(observed({ load: read }));
  await Promise.all([metrics.render(), metrics.render()]);
  vi.advanceTimersByTime(4900);
  await metrics.render();
  expect(read).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(200);
  await metrics.render();
  expect(read).toHaveBeenCalledTimes(2);
});

it('does not keep a failure', async () => {
  const read = vi.fn<() => Promise<Load>>(async () => load);
  read.mockRejectedValueOnce(new Error('the database is away'));
  const metrics = openMetrics(observed({ load: read }));
  await expect(metrics.render()).rejects.toThrow('away');
  expect(await metrics.render()).toContain('scriptorium_jobs');
});

it('tells of a worker that fell silent for ten minutes, and not of those that are gone', async () => {
  const workers = [{ ...worker, silentSeconds: 599 }];
  const metrics = openMetrics(observed({ workers }));
  expect(await metrics.render()).toMatch(/worker_silent_seconds\{worker="mill".*\} 599/u);
  workers[0] = { ...worker, silentSeconds: 601 };
  vi.advanceTimersByTime(6000);
  expect(await metrics.render()).not.toContain('worker="mill"');
});

it('shows a worker that has not reported yet without counters', async () => {
  const text = await openMetrics(observed({ workers: [{ ...worker, metrics: null }] })).render();
  expect(text).toContain('scriptorium_worker_slots{worker="mill",worker_id="0b5ffa3e"} 5');
  expect(text).not.toContain('recoveries_total{');
});

it('writes histograms with cumulative buckets and escaped labels', () => {
  const series = [
    { labels: { name: 'a\\b"c\nd' }, histogram: { buckets: [1, 0, 2], count: 5, seconds: 7.5 } },
  ];
  expect(histogramText('x', 'Help', [1, 2, 3], series)).toBe(
    String.raw`# HELP x Help
# TYPE x histogram
x_bucket{name="a\\b\"c\nd",le="1"} 1
x_bucket{name="a\\b\"c\nd",le="2"} 1
x_bucket{name="a\\b\"c\nd",le="3"} 3
x_bucket{name="a\\b\"c\nd",le="+Inf"} 5
x_sum{name="a\\b\"c\nd"} 7.5
x_count{name="a\\b\"c\nd"} 5
`,
  );
});

it('shows nothing that the guide does not explain, and the guide explains nothing else', async () => {
  const text = await openMetrics(observed()).render();
  const shown = [...text.matchAll(/^# TYPE (scriptorium_\w+)/gmu)].map(([, name]) => name);
  const guide = await readFile(
    new URL('../../../../../docs/guides/metrics.md', import.meta.url),
    'utf8',
  );
  const explained = [...guide.matchAll(/^\| `(scriptorium_\w+)`/gmu)].map(([, name]) => name);
  expect(new Set(explained)).toEqual(new Set(shown));
});
