import { expect, test } from 'vitest';
import { done, failed, retryAfter, type KernelMetrics } from './index.ts';
import { submitWords } from './testing/jobs.ts';
import { kernelForTest } from './testing/kernel-under-test.ts';
import { createStage } from './testing/stage.ts';
import { toyPipeline } from './testing/toy-pipeline.ts';

/* What a process counts, and how a worker's counters come to where a server finds them. */

function counts(metrics: KernelMetrics): Record<string, number> {
  return Object.fromEntries([...metrics.attempts].map(([label, { count }]) => [label, count]));
}

test('attempts are counted by pipeline, kind and outcome, with the time they took', async () => {
  const stage = createStage((word) => word !== 'quick');
  const under = await kernelForTest({ pipelines: [toyPipeline(stage)], time: 'driven' });
  const { kernel } = under;
  await kernel.worker({ slots: 4 }).start();
  const job = await submitWords(kernel, ['quick', 'slow', 'late', 'bad']);
  await under.elapse(2);
  (await stage.call('late')).end(retryAfter(1, 'the tide'));
  (await stage.call('bad')).end(failed('toy.bad', 'It is bad.'));
  await under.elapse(20);
  (await stage.call('late', 2)).end(done('LATE'));
  (await stage.call('slow')).end(done('SLOW'));
  await under.elapse(2);

  expect((await kernel.job(job.id, 1)).status).toBe('completed');
  expect(counts(kernel.metrics)).toEqual({
    'toy plan done': 1,
    'toy chunk done': 3,
    'toy chunk retry': 1,
    'toy chunk failed': 1,
    'toy merge done': 1,
  });
  const chunks = kernel.metrics.attempts.get('toy chunk done')!;
  // Driven time: one took none, two took about 20 s, which is above 10 and at most 30.
  expect(chunks.buckets).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0]);
  expect(chunks.seconds).toBeGreaterThan(20);
});

test("a worker's counters come to the database with its heartbeat, and go with the worker", async () => {
  const under = await kernelForTest({ pipelines: [toyPipeline()], time: 'driven' });
  const worker = under.kernel.worker({ slots: 2, name: 'mill' });
  await worker.start();
  await submitWords(under.kernel, ['a', 'b']);
  await under.elapse(12);

  const [seen, ...others] = await under.kernel.workers();
  expect(others).toEqual([]);
  expect(seen).toMatchObject({ name: 'mill', slots: 2, running: [], silentSeconds: 0 });
  expect(seen?.metrics).toMatchObject({ recoveries: 0, transactionReruns: 0, staleWrites: {} });
  expect(seen?.metrics?.attempts).toEqual([...under.kernel.metrics.attempts.values()]);
  expect(seen?.metrics?.attempts.map(({ kind, count }) => [kind, count])).toEqual([
    ['plan', 1],
    ['chunk', 2],
    ['merge', 1],
  ]);
  expect(seen?.metrics?.residentBytes).toBeGreaterThan(1e6);
  expect(seen?.metrics?.loopDelaySeconds).toBeLessThan(10);

  const stopped = worker.stop(0);
  await under.elapse(1);
  await stopped;
  expect(await under.kernel.workers()).toEqual([]);
});

test('a worker of a version with other counters is listed without them', async () => {
  const under = await kernelForTest({ pipelines: [], time: 'driven' });
  await under.kernel.worker({ slots: 2 }).start();
  await under.pool.query(`UPDATE kernel.workers SET metrics = '{"attempts": "many"}'`);
  expect(await under.kernel.workers()).toMatchObject([{ slots: 2, metrics: null }]);
});

test('an attempt after the death of a process counts as a recovery, and a late write as stale', async () => {
  const stage = createStage();
  const pipelines = [toyPipeline(stage)];
  const under = await kernelForTest({ pipelines, time: 'driven' });
  await under.kernel.worker({ slots: 1 }).start();
  const other = await under.another();
  await submitWords(under.kernel, ['a']);
  await under.elapse(2);
  const first = await stage.call('a');

  // It stands still until its lease is over, and somebody else has begun.
  under.first.freeze();
  await other.kernel.worker({ slots: 1 }).start();
  await under.elapse(15);
  const second = await stage.call('a', 2);
  expect(other.kernel.metrics.recoveries).toBe(1);
  under.first.thaw();
  first.end(done('TOO LATE'));
  await under.elapse(2);
  expect(Object.fromEntries(under.kernel.metrics.staleWrites)).toEqual({ record: 1 });
  second.end(done('A'));
  await under.elapse(2);
});

test('a transaction that is run again is counted', async () => {
  const { kernel } = await kernelForTest({ pipelines: [] });
  let runs = 0;
  await kernel.transaction(async () => {
    runs += 1;
    if (runs < 3) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
  });
  expect(kernel.metrics.transactionReruns).toBe(2);
});

test('the load is what is in the queue and since when, and jobs by status', async () => {
  const stage = createStage();
  const under = await kernelForTest({ pipelines: [toyPipeline(stage)], time: 'driven' });
  const { kernel } = under;
  const nothing = { ready: 0, delayed: 0, oldestSeconds: 0 };
  const settling = { pipeline: 'kernel.settle', ...nothing };
  expect(await kernel.load()).toEqual({
    jobs: {},
    queues: [settling, { pipeline: 'toy', ...nothing }],
  });
  const job = await submitWords(kernel, ['late', 'a', 'b', 'c']);
  await submitWords(kernel, ['x']);
  await under.elapse(7);
  expect(await kernel.load()).toEqual({
    jobs: { pending: 2 },
    queues: [settling, { pipeline: 'toy', ready: 2, delayed: 0, oldestSeconds: 7 }],
  });
  await kernel.worker({ slots: 10 }).start();
  await under.elapse(2);
  (await stage.call('late')).end(retryAfter(100, 'the tide'));
  await under.elapse(2);
  const { jobs, queues } = await kernel.load();
  expect(jobs).toEqual({ processing: 2 });
  expect(queues).toEqual([settling, { ...nothing, pipeline: 'toy', delayed: 1 }]);
  await kernel.cancel(job.id, 1, 1);
  expect((await kernel.load()).jobs).toEqual({ processing: 1, cancelled: 1 });
});

test('tasks that stand behind all that may run of their job wait for no worker, and those that lack a slot do', async () => {
  const stage = createStage();
  const { kernel, work } = await kernelForTest({ pipelines: [toyPipeline(stage)] });
  await work(2);
  const words = ['a', 'b', 'c', 'd', 'e'];
  await submitWords(kernel, words, { parallel: 2 });
  await Promise.all([stage.call('a'), stage.call('b')]);
  const ready = async () =>
    (await kernel.load()).queues.find(({ pipeline }) => pipeline === 'toy')?.ready;
  expect(await ready()).toBe(0);
  await submitWords(kernel, ['x'], { ownerId: 2 });
  expect(await ready()).toBe(1);
});

test('the time from an event to its reader is counted', async () => {
  const { kernel } = await kernelForTest({ pipelines: [toyPipeline()] });
  const job = await submitWords(kernel, ['a']);
  const gone = new AbortController();
  const reading = kernel.follow(job.id, 0, gone.signal);
  await reading.next();
  expect(kernel.readers()).toBe(1);
  await kernel.cancel(job.id, 1, 1);
  expect((await reading.next()).value).toMatchObject({ type: 'job.cancelled' });
  const { count, seconds, buckets } = kernel.metrics.eventLag;
  expect(count).toBe(1);
  expect(seconds).toBeGreaterThanOrEqual(0);
  expect(seconds).toBeLessThan(5);
  expect(buckets.reduce((sum, each) => sum + each, 0)).toBe(1);
  await reading.return(undefined);
  expect(kernel.readers()).toBe(0);
});

test('every line of the log that tells of an attempt names its job, work, task, delivery and worker', async () => {
  const stage = createStage();
  const under = await kernelForTest({ pipelines: [toyPipeline(stage)], time: 'driven' });
  const worker = under.kernel.worker({ slots: 1 });
  await worker.start();
  const job = await submitWords(under.kernel, ['a']);
  await under.elapse(2);
  const first = await stage.call('a');
  first.ctx.log.info({ page: 3 }, 'Reading');
  first.fail(new Error('broken'));
  await under.elapse(5);
  const { ctx } = await stage.call('a', 2);
  await under.kernel.cancel(job.id, 1, 1);
  await under.elapse(2);

  const fields = (message: string) =>
    under.log.lines.find((line) => line.message === message)?.fields;
  const attempt = {
    jobId: job.id,
    workId: ctx.workId,
    taskId: expect.any(String),
    delivery: 1,
    worker: worker.id,
  };
  expect(fields('Reading')).toEqual({ ...attempt, page: 3 });
  expect(fields('An attempt failed')).toEqual({ ...attempt, err: expect.any(Error) });
  expect(fields('An attempt is aborted: its fence is closed')).toEqual(attempt);
  expect(fields('The worker is ready')).toEqual({ worker: worker.id, slots: 1 });
});
