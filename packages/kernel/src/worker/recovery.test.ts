import { expect, test } from 'vitest';
import { done } from '../index.ts';
import { one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';
import { ChildCrashError, type RunAlone } from './alone.ts';

const WORK = `SELECT status, attempts, failures, crashes, is_alone FROM kernel.works WHERE input ->> 'word' = $1`;

test('a process that has slept through its lease and takes the work again keeps the two attempts apart', async () => {
  const stage = createStage();
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  const { kernel, pool } = under;
  await under.another();
  await under.work(2);
  const job = await submitWords(kernel, ['a']);
  const asleep = await stage.call('a');
  under.first.freeze();
  await under.elapse(12);
  under.first.thaw();
  await under.elapse(2);
  const awake = await stage.call('a', 2);
  expect(asleep.ctx.signal.aborted).toBe(true);
  // Beaten for, it keeps its lease; forgotten, it would lose it after ten seconds.
  await under.elapse(15);
  expect(awake.ctx.signal.aborted).toBe(false);
  expect(stage.runs('a')).toBe(2);
  awake.end(done('A'));
  await watchToEnd(kernel, job.id);
  expect(await one(pool, WORK, ['a'])).toMatchObject({ status: 'done', attempts: 2, crashes: 1 });
});

/** A process that has died at a word, and one that lives on and runs suspects as it is told. */
async function afterTheDeathOf(word: string, runAlone: RunAlone) {
  const stage = createStage();
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  await under.work(2);
  const job = await submitWords(under.kernel, [word]);
  await stage.call(word);
  const survivor = await under.another({ runAlone });
  await under.first.kill();
  return { ...under, survivor, kernel: survivor.kernel, job, stage };
}

const crash = () => Promise.reject(new ChildCrashError(3, null));

test('a retry leaves alone what was set aside, and a replay runs it again, still in a process of its own', async () => {
  const runs: string[] = [];
  let isHealed = false;
  const { kernel, job, elapse, survivor, pool, stage } = await afterTheDeathOf(
    'poison',
    (claim) => {
      runs.push(claim.kind);
      return isHealed ? Promise.resolve(done('CURED')) : crash();
    },
  );
  await survivor.work(2);
  await elapse(12);
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({
    status: 'failed',
    error: { code: 'job.no_result', message: expect.stringContaining('3 times') },
  });
  expect(runs).toEqual(['chunk', 'chunk', 'chunk']);

  const retry = await kernel.retry(job.id, 1);
  expect(retry).toMatchObject({ retry_of: job.id, retry_count: 1 });
  await watchToEnd(kernel, retry.id);
  expect(await kernel.job(retry.id, 1)).toMatchObject({
    status: 'failed',
    chunks: [{ status: 'failed', error: { code: 'work.quarantined' } }],
  });
  expect(runs).toHaveLength(3);

  isHealed = true;
  const replay = await kernel.retry(retry.id, 1, { replay: true });
  await watchToEnd(kernel, replay.id);
  expect(await kernel.job(replay.id, 1)).toMatchObject({
    status: 'completed',
    output: { shouted: 'CURED' },
    retry_count: 2,
  });
  expect(runs).toHaveLength(4);
  expect(stage.runs('poison')).toBe(1);
  expect(await one(pool, WORK, ['poison'])).toMatchObject({ status: 'done', crashes: 4 });
});

test('a replay that is cancelled before it has begun leaves nothing in the queue', async () => {
  const runs: string[] = [];
  const { kernel, job, elapse, survivor, pool } = await afterTheDeathOf('poison', (claim) => {
    runs.push(claim.kind);
    return crash();
  });
  const worker = await survivor.work(2);
  await elapse(12);
  await watchToEnd(kernel, job.id);
  const stopping = worker.stop(0);
  await elapse(0);
  await stopping;
  const replay = await kernel.retry(job.id, 1, { replay: true });
  await kernel.cancel(replay.id, 1, 1);
  await survivor.work(2);
  await elapse(2);
  expect(runs).toHaveLength(3);
  expect((await pool.query(`SELECT FROM pgboss.job WHERE state < 'completed'`)).rowCount).toBe(0);
  expect((await pool.query(`SELECT FROM kernel.works WHERE status = 'queued'`)).rowCount).toBe(0);
});

test('a suspect is one for whoever wants it next, too', async () => {
  const runs: string[] = [];
  const { kernel, job, elapse, survivor, stage } = await afterTheDeathOf(
    'suspect',
    (claim, { signal }) => {
      runs.push(claim.kind);
      if (runs.length > 1) return Promise.resolve(done('HARMLESS'));
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    },
  );
  await survivor.work(2);
  await elapse(12);
  await kernel.cancel(job.id, 1, 1);
  await elapse(1);
  const next = await submitWords(kernel, ['suspect']);
  await watchToEnd(kernel, next.id);
  expect(await kernel.job(next.id, 1)).toMatchObject({ output: { shouted: 'HARMLESS' } });
  expect(runs).toEqual(['chunk', 'chunk']);
  expect(stage.runs('suspect')).toBe(1);
});

test('after the death of a process its work is back when its lease is over, and what was finished stays so', async () => {
  const stage = createStage((word) => word.startsWith('held'));
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  const { pool, elapse } = under;
  await under.work(2);
  const job = await submitWords(under.kernel, ['quick', 'held-a', 'held-b', 'late'], {
    parallel: 2,
  });
  await Promise.all(['held-a', 'held-b'].map((word) => stage.call(word)));
  const { kernel, ...survivor } = await under.another();
  await survivor.work(2);
  await under.first.kill();
  await elapse(9);
  expect(stage.runs('held-a')).toBe(1);
  await elapse(3);
  for (const word of ['held-a', 'held-b']) (await stage.call(word, 2)).end(done(word));
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({
    status: 'completed',
    output: { shouted: 'QUICK held-a held-b LATE' },
  });
  expect(stage.runs('quick')).toBe(1);
  expect(await one(pool, WORK, ['quick'])).toEqual({
    status: 'done',
    attempts: 1,
    failures: 0,
    crashes: 0,
    is_alone: false,
  });
  // A crash is no failure, and whoever was there is a suspect from now on.
  expect(await one(pool, WORK, ['held-a'])).toEqual({
    status: 'done',
    attempts: 2,
    failures: 0,
    crashes: 1,
    is_alone: true,
  });
  expect(kernel.metrics.recoveries).toBe(2);
});

test('a plan that brings down every process it runs in fails its job with that reason', async () => {
  const planning = Promise.withResolvers<void>();
  const under = await kernelForTest({
    pipelines: [
      toyPipeline({
        plan: () => {
          planning.resolve();
          return new Promise(() => {});
        },
      }),
    ],
    time: 'driven',
  });
  await under.work(1);
  const job = await submitWords(under.kernel, ['a']);
  await planning.promise;
  const { kernel, ...survivor } = await under.another({ runAlone: crash });
  await survivor.work(1);
  await under.first.kill();
  await under.elapse(12);
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({
    status: 'failed',
    error: { code: 'work.quarantined', message: expect.stringContaining('exit code 3') },
  });
});

test('where suspects run in the process itself, the claims count its deaths, and the fourth sets the work aside', async () => {
  const stage = createStage((word) => word === 'poison');
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  const { pool, elapse } = under;
  const job = await submitWords(under.kernel, ['poison', 'fine']);
  let victim = under.first;
  for (let death = 1; death <= 4; death += 1) {
    await victim.work(2);
    if (death > 1) await elapse(12);
    await stage.call('poison', death);
    await elapse(0);
    const next = await under.another();
    await victim.kill();
    victim = next;
  }
  await victim.work(2);
  await elapse(12);
  await watchToEnd(victim.kernel, job.id);
  expect(await victim.kernel.job(job.id, 1)).toMatchObject({
    status: 'completed',
    gaps: [{ index: 0, code: 'work.quarantined' }],
  });
  expect(stage.runs('poison')).toBe(4);
  expect(await one(pool, WORK, ['poison'])).toMatchObject({
    status: 'quarantined',
    crashes: 4,
    failures: 0,
  });
});
