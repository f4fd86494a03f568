import { setTimeout as delay } from 'node:timers/promises';
import { createKernel, type Kernel } from '@scriptorium/kernel';
import { openPool } from '@scriptorium/postgres';
import { freshChunks, type Trial } from '../e2e/kernel/trial.ts';
import { trialPipeline } from '../e2e/kernel/trial-pipeline.ts';
import { withTrial } from './kernel/bench-database.ts';
import { plainRate } from './kernel/plain-pg-boss.ts';
import { median, percentile, report, type Figure } from './report.ts';

/**
 * The kernel's promises, measured: `npm run bench:kernel`, or some of it: `npm run bench:kernel -- fan-out recovery`. Ratios against the ideal are what counts; absolute figures
 * are this machine's.
 */
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function timed(body: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await body();
  return performance.now() - begun;
}

async function runJob(trial: Trial, count: number, ms: number, parallel: number): Promise<number> {
  const chunks = freshChunks(count, { ms });
  return timed(async () => {
    await trial.watch(await trial.submit({ chunks }, { parallel }));
  });
}

/** Fan-out: `33` chunks on five slots take seven rounds, whatever the kernel costs on top. */
async function fanOut(trial: Trial, ms: number, limit: number, runs: number): Promise<Figure> {
  const ideal = Math.ceil(33 / 5) * ms;
  const over: number[] = [];
  for (let run = 0; run < runs; run += 1) over.push((await runJob(trial, 33, ms, 10)) / ideal - 1);
  return {
    what: `33 chunks of ${ms / 1000} s on 5 slots, over the ideal ${ideal / 1000} s`,
    measured: `${(median(over) * 100).toFixed(1)} %`,
    target: `at most ${limit * 100} %`,
    isMet: median(over) <= limit,
    runs: over,
  };
}

async function throughput(trial: Trial): Promise<Figure[]> {
  const plain: number[] = [];
  for (let run = 0; run < 3; run += 1) plain.push(await plainRate(trial.databaseUrl, 20));
  const rates: number[] = [];
  for (let run = 0; run < 5; run += 1)
    rates.push(2000 / ((await runJob(trial, 2000, 0, 60)) / 1000));
  const ratio = median(rates) / median(plain);
  return [
    {
      what: 'empty chunks with durable results, 20 slots',
      measured: `${median(rates).toFixed(0)}/s`,
      target: 'at least 600/s',
      isMet: median(rates) >= 600,
      runs: rates,
    },
    {
      what: 'the same against plain pg-boss, 20 loops of fetch and complete',
      measured: `${ratio.toFixed(1)} × its ${median(plain).toFixed(0)}/s`,
      target: 'for comparison',
      isMet: true,
      runs: plain,
    },
  ];
}

async function startLatency(trial: Trial): Promise<Figure> {
  const waits: number[] = [];
  for (let run = 0; run < 40; run += 1) {
    const jobId = await trial.submit({ chunks: freshChunks(1, { ms: 0 }) });
    const events = await trial.watch(jobId);
    const at = (type: string) =>
      events.find((event) => event.type === type)?.at.getTime() ?? Number.NaN;
    waits.push(at('job.started') - at('job.accepted'));
    await delay(50);
  }
  return {
    what: 'enqueue to start on an idle worker, p50',
    measured: `${median(waits).toFixed(0)} ms`,
    target: 'at most 20 ms',
    isMet: median(waits) <= 20,
    runs: waits,
  };
}

/** From the transaction's clock to each of `watchers` readers in another process's hub. */
async function eventLag(trial: Trial, watchers: number): Promise<Figure> {
  const pool = openPool(trial.databaseUrl, { log: silent, applicationName: 'watchers', max: 4 });
  const kernel = createKernel({ pool, pipelines: [trialPipeline()], log: silent });
  await kernel.start();
  const jobId = await trial.submit({ chunks: freshChunks(40, { ms: 60 }) }, { parallel: 4 });
  const lags: number[] = [];
  const readers = Array.from({ length: watchers }, () => readLags(kernel, jobId, lags));
  await Promise.all(readers);
  await kernel.stop();
  await pool.end();
  return {
    what: `event to subscriber with ${watchers} watcher${watchers === 1 ? '' : 's'}, p95`,
    measured: `${percentile(lags, 95).toFixed(0)} ms`,
    target: 'at most 250 ms',
    isMet: percentile(lags, 95) <= 250,
    runs: [percentile(lags, 50), percentile(lags, 95), Math.max(...lags)],
  };
}

async function readLags(kernel: Kernel, jobId: number, lags: number[]): Promise<void> {
  const since = Date.now();
  for await (const event of kernel.follow(jobId, 0, AbortSignal.timeout(60_000))) {
    // What was written before this reader came is history, not lag.
    if (event.at.getTime() > since) lags.push(Date.now() - event.at.getTime());
  }
}

async function cancelLatency(trial: Trial): Promise<Figure> {
  const worker = await trial.startWorker({ SLOTS: '2' });
  const waits: number[] = [];
  for (let run = 0; run < 20; run += 1) {
    const before = worker.said.length;
    const jobId = await trial.submit({ chunks: freshChunks(1, { ms: 60_000 }) });
    const job = async () => (await trial.kernel.job(jobId, 1)).chunks[0];
    await worker.hears(
      (said) =>
        said.what === 'began' &&
        worker.said.indexOf(said) >= before &&
        said !== worker.said[before],
    );
    await job();
    // Spread over the second between two heartbeats.
    await delay((run * 1000) / 20);
    const asked = Date.now();
    await trial.kernel.cancel(jobId, 1, 1);
    const aborted = await worker.hears((said) => said.what === 'aborted', run + 1);
    waits.push(aborted.at - asked);
  }
  await worker.stop();
  return {
    what: 'cancel to abort in another process, p95',
    measured: `${(percentile(waits, 95) / 1000).toFixed(2)} s`,
    target: 'at most 2 s',
    isMet: percentile(waits, 95) <= 2000,
    runs: waits,
  };
}

async function recovery(trial: Trial, kills: number): Promise<Figure[]> {
  const waits: number[] = [];
  for (let run = 0; run < kills; run += 1) {
    const victim = await trial.startWorker({ SLOTS: '1' });
    const jobId = await trial.submit({ chunks: freshChunks(1, { ms: 1500 }) });
    await victim.hears((said) => said.what === 'began', 2);
    const heir = await trial.startWorker({ SLOTS: '1' });
    // Spread over the second between two heartbeats.
    await delay((run * 1000) / kills);
    await victim.kill();
    const killed = Date.now();
    const back = await heir.hears((said) => said.what === 'began');
    waits.push((back.at - killed) / 1000);
    await trial.watch(jobId);
    await heir.kill();
  }
  return [
    {
      what: `back at work after kill -9, median of ${kills}`,
      measured: `${median(waits).toFixed(1)} s`,
      target: 'at most 15 s',
      isMet: median(waits) <= 15,
      runs: waits,
    },
    {
      what: `back at work after kill -9, worst of ${kills}`,
      measured: `${Math.max(...waits).toFixed(1)} s`,
      target: 'at most 30 s',
      isMet: Math.max(...waits) <= 30,
      runs: waits,
    },
  ];
}

/** What one more watcher of a job that is watched already costs while it watches. */
async function watcherCost(trial: Trial): Promise<Figure> {
  const queries = async (watchers: number) => {
    const pool = openPool(trial.databaseUrl, { log: silent, applicationName: 'counted', max: 4 });
    let count = 0;
    const query = pool.query.bind(pool);
    Object.assign(pool, {
      query: (...args: Parameters<typeof query>) => {
        if (args[0].includes('kernel.events')) count += 1;
        return query(...args);
      },
    });
    const kernel = createKernel({ pool, pipelines: [trialPipeline()], log: silent });
    await kernel.start();
    const jobId = await trial.submit({ chunks: freshChunks(30, { ms: 60 }) }, { parallel: 3 });
    await Promise.all(Array.from({ length: watchers }, () => readLags(kernel, jobId, [])));
    await kernel.stop();
    await pool.end();
    return count;
  };
  const one = await queries(1);
  const hundred = await queries(101);
  const cost = (hundred - one) / 100;
  return {
    what: 'queries for one more watcher of a job that is watched',
    measured: cost.toFixed(2),
    target: 'about 0',
    isMet: cost <= 0.1,
    runs: [one, hundred],
  };
}

/** How long the newcomer's first part waits behind 1,000 parts of somebody else, on a machine that is full with them. */
async function behindAFlood(trial: Trial, newcomer: 'interactive' | 'waiting'): Promise<Figure> {
  const CHUNK_MS = 300;
  const worker = await trial.startWorker({ SLOTS: '5' });
  const flood = await trial.submit(
    { chunks: freshChunks(1000, { ms: CHUNK_MS }) },
    { ownerId: 1, parallel: 1000 },
  );
  await worker.hears((said) => said.what === 'began', 7);
  const delays: number[] = [];
  for (let run = 0; run < 15; run += 1) {
    await delay(CHUNK_MS + run * 17);
    const jobId = await trial.submit(
      { chunks: freshChunks(1, { ms: 1 }) },
      { ownerId: 2, class: newcomer },
    );
    const asked = Date.now();
    await trial.watch(jobId);
    const { rows } = await trial.pool.query<{ work_id: number }>(
      'SELECT work_id FROM kernel.chunks WHERE job_id = $1',
      [jobId],
    );
    const began = await worker.hears(
      (said) => said.what === 'began' && said.workId === rows[0]?.work_id,
    );
    delays.push((began.at - asked) / CHUNK_MS);
  }
  await trial.kernel.cancel(flood, 1, 1);
  await worker.stop();
  const who = newcomer === 'waiting' ? 'a waiting person' : "another user's first chunk";
  return {
    what: `${who} behind a flood of 1,000 chunks, median delay`,
    measured: `${median(delays).toFixed(2)} chunks`,
    target: "at most one chunk's length",
    isMet: median(delays) <= 1,
    runs: delays,
  };
}

async function onWorker(
  trial: Trial,
  slots: number,
  measures: readonly (() => Promise<Figure | Figure[]>)[],
): Promise<Figure[]> {
  const worker = await trial.startWorker({ SLOTS: String(slots) });
  // The first job of a process pays for its connections and its plans.
  await runJob(trial, 10, 10, 10);
  const figures: Figure[] = [];
  for (const measure of measures) figures.push(...[await measure()].flat());
  await worker.stop();
  return figures;
}

const kills = process.argv.includes('--quick') ? 3 : 20;
const groups: Record<string, (trial: Trial) => Promise<Figure[]>> = {
  'fan-out': (trial) =>
    onWorker(trial, 5, [() => fanOut(trial, 1000, 0.02, 5), () => fanOut(trial, 200, 0.08, 7)]),
  throughput: (trial) => onWorker(trial, 20, [() => throughput(trial)]),
  events: (trial) =>
    onWorker(trial, 5, [
      () => startLatency(trial),
      () => eventLag(trial, 1),
      () => eventLag(trial, 100),
      () => eventLag(trial, 1000),
      () => watcherCost(trial),
    ]),
  fairness: async (trial) => [
    await behindAFlood(trial, 'interactive'),
    await behindAFlood(trial, 'waiting'),
  ],
  cancel: async (trial) => [await cancelLatency(trial)],
  recovery: (trial) => recovery(trial, kills),
};

const wanted = process.argv.slice(2).filter((argument) => argument in groups);
for (const [name, measure] of Object.entries(groups)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  // A database for each group: what one leaves behind is not the next one's load.
  await report(`kernel-${name}`, await withTrial(measure));
}
