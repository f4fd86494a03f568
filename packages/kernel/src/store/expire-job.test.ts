import { expect, test } from 'vitest';
import { done, retryAfter } from '../index.ts';
import { firstEvent, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline, type ToyOptions } from '../testing/toy-pipeline.ts';

/** Limits of five and ten seconds, and code in the hands of the test. */
async function limited(options: ToyOptions = {}) {
  const stage = createStage((word) => word.startsWith('held'));
  const timeouts = { soft: 5, hard: 10 };
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run, timeouts, ...options })],
    time: 'driven',
  });
  await under.work(2);
  return { ...under, stage };
}

const softLimit = {
  code: 'job.soft_limit',
  message: expect.stringContaining('time of 5 seconds was over'),
};
const hardLimit = {
  code: 'job.hard_limit',
  message: expect.stringContaining('time of 10 seconds was over'),
};

test('at the soft limit what has not begun is skipped, and what runs may end', async () => {
  const { kernel, elapse, stage } = await limited();
  const job = await submitWords(kernel, ['held-a', 'c', 'held-b', 'd'], { parallel: 1 });
  const first = await stage.call('held-a');
  await elapse(4);
  expect(await kernel.job(job.id, 1)).toMatchObject({ skipped_chunks: 0, active_seconds: 4 });
  await elapse(2);
  const view = await kernel.job(job.id, 1);
  expect(view.chunks.map((chunk) => chunk.status)).toEqual([
    'active',
    'skipped',
    'skipped',
    'skipped',
  ]);
  expect(first.ctx.signal.aborted).toBe(false);
  first.end(done('A'));
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({
    status: 'completed',
    output: { shouted: 'A [job.soft_limit] [job.soft_limit] [job.soft_limit]' },
    gaps: [
      { index: 1, ...softLimit },
      { index: 2, ...softLimit },
      { index: 3, ...softLimit },
    ],
  });
  expect(stage.begun).toEqual(['held-a']);
});

test('at the hard limit what runs is aborted, and what is there is merged, in a time of its own', async () => {
  const merging = Promise.withResolvers<void>();
  const merge = Promise.withResolvers<void>();
  const { kernel, elapse, stage } = await limited({
    merge: () => {
      merging.resolve();
      return merge.promise;
    },
  });
  const job = await submitWords(kernel, ['quick', 'held-slow']);
  const slow = await stage.call('held-slow');
  await elapse(9);
  expect(slow.ctx.signal.aborted).toBe(false);
  await elapse(3);
  expect(slow.ctx.signal.aborted).toBe(true);
  await merging.promise;
  await elapse(6);
  merge.resolve();
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({
    status: 'completed',
    output: { shouted: 'QUICK [job.hard_limit]' },
    gaps: [{ index: 1, ...hardLimit }],
  });
});

test('a job that is not split by its hard limit has failed, and its plan is aborted', async () => {
  let planning: AbortSignal | undefined;
  const { kernel, elapse } = await limited({
    plan: (_words, { signal }) => {
      planning = signal;
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    },
  });
  const job = await submitWords(kernel, ['a']);
  await firstEvent(kernel, job.id, (event) => event.type === 'job.started');
  await elapse(12);
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({ status: 'failed', error: hardLimit });
  await elapse(1);
  expect(planning?.aborted).toBe(true);
});

test('only time in which a part was running counts', async () => {
  const { kernel, elapse, stage } = await limited();
  const job = await submitWords(kernel, ['held-a']);
  (await stage.call('held-a')).end(retryAfter(90, 'the model’s limit'));
  await elapse(60);
  expect(await kernel.job(job.id, 1)).toMatchObject({ status: 'processing', active_seconds: 0 });
  await elapse(31);
  const second = await stage.call('held-a', 2);
  await elapse(4);
  second.end(done('A'));
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({ status: 'completed', gaps: [] });
});

test('a limit takes nothing from another job that waits for the same part', async () => {
  const { kernel, elapse, stage } = await limited();
  const patient = await submitWords(kernel, ['held-shared'], {
    softLimitSeconds: 1000,
    hardLimitSeconds: 1000,
  });
  const call = await stage.call('held-shared');
  const hasty = await submitWords(kernel, ['own', 'held-shared']);
  await watchToEndOf(hasty.id);
  expect(await kernel.job(hasty.id, 1)).toMatchObject({
    status: 'completed',
    output: { shouted: 'OWN [job.hard_limit]' },
  });
  expect(call.ctx.signal.aborted).toBe(false);
  call.end(done('SHARED'));
  await watchToEnd(kernel, patient.id);
  expect(await kernel.job(patient.id, 1)).toMatchObject({ output: { shouted: 'SHARED' } });

  async function watchToEndOf(jobId: number): Promise<void> {
    await firstEvent(kernel, jobId, (event) => event.data['processed_chunks'] === 1);
    await elapse(12);
    await watchToEnd(kernel, jobId);
  }
});

test('a result that is there, but not yet settled, is not skipped', async () => {
  let failures = 0;
  const { kernel, elapse, stage } = await limited({
    onSettled: (_tx, { subject }) =>
      subject === 'unlucky' && (failures += 1) === 1
        ? Promise.reject(new Error('The database is busy.'))
        : Promise.resolve(),
  });
  const first = await submitWords(kernel, ['held-shared']);
  const shared = await stage.call('held-shared');
  const job = await submitWords(kernel, ['held-own', 'held-shared'], { subject: 'unlucky' });
  const own = await stage.call('held-own');
  shared.end(done('SHARED'));
  await watchToEnd(kernel, first.id);
  await elapse(7);
  expect(failures).toBe(1);
  expect(await kernel.job(job.id, 1)).toMatchObject({
    soft_limit_hit_at: expect.any(Date),
    skipped_chunks: 0,
  });
  own.end(done('OWN'));
  await elapse(6);
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({
    status: 'completed',
    output: { shouted: 'OWN SHARED' },
    gaps: [],
  });
});
