import { expect, test } from 'vitest';
import { done } from '../index.ts';
import { one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

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
