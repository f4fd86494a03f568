import { expect, test } from 'vitest';
import { done } from '../index.ts';
import { firstEvent, one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

const shouting = (version: number) =>
  toyPipeline({
    recipeVersion: version,
    run: ({ word }) => Promise.resolve(done(`${word}${version}`)),
  });

test('a worker that lacks a job’s recipe version does not see its tasks, and one that has it does', async () => {
  const { kernel, first, another, pool } = await kernelForTest({ pipelines: [shouting(2)] });
  await first.work(2);
  const old = await another({ pipelines: [shouting(1)] });
  const waiting = await submitWords(old.kernel, ['a']);
  expect(waiting.recipe_version).toBe(1);
  // A whole job of its own version runs through the newer worker meanwhile: it has looked into its queues often enough.
  const newer = await submitWords(kernel, ['b']);
  await watchToEnd(kernel, newer.id);
  expect((await kernel.job(newer.id, 1)).output).toEqual({ shouted: 'b2' });
  expect(await one(pool, 'SELECT status FROM kernel.jobs WHERE id = $1', [waiting.id])).toEqual({
    status: 'pending',
  });
  await old.work(1);
  await watchToEnd(kernel, waiting.id);
  expect((await old.kernel.job(waiting.id, 1)).output).toEqual({ shouted: 'a1' });
});

test('a job that was begun before an upgrade ends on the upgraded process with the version it was accepted with', async () => {
  const stage = createStage((word) => word === 'held');
  const before = toyPipeline({ recipeVersion: 1, run: stage.run });
  const under = await kernelForTest({ pipelines: [before] });
  const worker = await under.work(1);
  const job = await submitWords(under.kernel, ['held', 'next'], { parallel: 1 });
  await stage.call('held');
  await worker.stop(0);

  const upgraded = await under.another({ pipelines: [shouting(1), shouting(2)] });
  await upgraded.work(1);
  await watchToEnd(upgraded.kernel, job.id);
  expect((await upgraded.kernel.job(job.id, 1)).output).toEqual({ shouted: 'held1 next1' });
  const later = await submitWords(upgraded.kernel, ['next']);
  expect(later.recipe_version).toBe(2);
  // Another version is another key: nothing of the old recipe is served as the new one's result.
  const events = await watchToEnd(upgraded.kernel, later.id);
  expect(events.some(({ data }) => data['reused'] === true)).toBe(false);
  expect((await upgraded.kernel.job(later.id, 1)).output).toEqual({ shouted: 'next2' });
});

test('two pipelines of one name and version stop the start', async () => {
  const { another } = await kernelForTest({ pipelines: [] });
  await expect(another({ pipelines: [shouting(1), shouting(1)] })).rejects.toThrow('defined twice');
});

test('a job of several parts is planned once, whoever continues it', async () => {
  const plans: number[] = [];
  const counted = toyPipeline({
    plan: (_words, ctx) => {
      plans.push(ctx.jobId);
      return Promise.resolve();
    },
  });
  const { kernel, work } = await kernelForTest({ pipelines: [counted] });
  await work(2);
  const job = await submitWords(kernel, ['a', 'b', 'c']);
  await firstEvent(kernel, job.id, ({ type }) => type === 'job.completed');
  expect(plans).toEqual([job.id]);
});

test('what waits for a part is settled by a process that has the version, with its hook, whoever finds the task first', async () => {
  const stage = createStage();
  const told: number[] = [];
  const older = toyPipeline({
    recipeVersion: 1,
    run: stage.run,
    onSettled: (_tx, { jobId }) => {
      told.push(jobId);
      return Promise.resolve();
    },
  });
  const under = await kernelForTest({ pipelines: [older], time: 'driven' });
  const worker = await under.work(2);
  const first = await submitWords(under.kernel, ['a']);
  const call = await stage.call('a');
  const joined = await submitWords(under.kernel, ['a']);
  await firstEvent(under.kernel, joined.id, ({ type }) => type === 'job.planned');
  const stopping = worker.stop(60_000);
  call.end(done('A'));
  await under.elapse(1);
  await stopping;

  const { kernel, ...newer } = await under.another({ pipelines: [shouting(2)] });
  await newer.work(2);
  // Not yet half a minute: the reconciler of the older process would find it.
  await under.elapse(15);
  expect(await kernel.job(joined.id, 1)).toMatchObject({ status: 'processing', done_chunks: 0 });
  expect(told).toEqual([first.id]);
  await under.work(2);
  await under.elapse(10);
  await watchToEnd(kernel, joined.id);
  expect(told).toEqual([first.id, joined.id]);
});
