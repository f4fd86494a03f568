import { expect, test } from 'vitest';
import { done } from '../index.ts';
import { one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

const WORK = `SELECT llm_calls, tokens_used FROM kernel.works WHERE input ->> 'word' = $1`;

async function atWork(word: string) {
  const stage = createStage();
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  await under.work(1);
  const job = await submitWords(under.kernel, [word]);
  const call = await stage.call(word);
  return { ...under, job, call, stage };
}

test('what a cancelled job has used counts, whatever it used until its code obeyed', async () => {
  const { kernel, elapse, job, call, pool } = await atWork('a');
  call.ctx.usage({ calls: 1, tokens: 100 });
  await kernel.cancel(job.id, 1, 1);
  call.ctx.usage({ calls: 1, tokens: 20 });
  await elapse(2);
  expect(call.ctx.signal.aborted).toBe(true);
  expect(await kernel.job(job.id, 1)).toMatchObject({ llm_calls: 2, tokens_used: 120 });
  expect(await one(pool, WORK, ['a'])).toEqual({ llm_calls: 2, tokens_used: 120 });
});

test('what an attempt has used that was recorded too late counts, and once', async () => {
  const { kernel, elapse, job, call, first, another, stage, log } = await atWork('a');
  const { kernel: survivor, ...second } = await another();
  call.ctx.usage({ calls: 1, tokens: 100 });
  first.freeze();
  call.end(done('LATE'));
  await second.work(1);
  await elapse(12);
  const next = await stage.call('a', 2);
  next.ctx.usage({ calls: 2, tokens: 7 });
  next.end(done('A'));
  await watchToEnd(survivor, job.id);
  first.thaw();
  await elapse(2);
  expect(await kernel.job(job.id, 1)).toMatchObject({
    output: { shouted: 'A' },
    llm_calls: 3,
    tokens_used: 107,
  });
  expect(log.lines.filter((line) => line.level === 'error')).toEqual([]);
});

test('of what an attempt has used no more than its last second dies with its process', async () => {
  const { elapse, job, call, first, another, stage } = await atWork('a');
  call.ctx.usage({ calls: 1, tokens: 100 });
  await elapse(1);
  call.ctx.usage({ calls: 1, tokens: 20 });
  await elapse(1);
  const { kernel, ...survivor } = await another();
  await survivor.work(1);
  await first.kill();
  await elapse(12);
  const next = await stage.call('a', 2);
  next.ctx.usage({ calls: 1, tokens: 3 });
  next.end(done('A'));
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({ llm_calls: 3, tokens_used: 123 });
});
