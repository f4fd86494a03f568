import { expect, test } from 'vitest';
import { done, type Tx } from '../index.ts';
import { firstEvent, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline, type ToyOptions } from '../testing/toy-pipeline.ts';

async function drivenKernel(options: ToyOptions = {}) {
  const stage = createStage((word) => word.startsWith('held'));
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run, ...options })],
    time: 'driven',
  });
  await under.work(2);
  return { ...under, stage };
}

const givenUp = { code: 'hook.failed', message: expect.stringContaining('3 times') };

test.each([['onSettled'], ['onEnded']] as const)(
  'a job whose %s fails at every try ends as failed, and its results are kept',
  async (hook) => {
    let calls = 0;
    let isMended = false;
    const fail = async (tx: Tx) => {
      if (isMended) return;
      calls += 1;
      await tx.query('SELECT 1 / 0');
    };
    const { kernel, elapse, stage, log } = await drivenKernel({ [hook]: fail });
    const job = await submitWords(kernel, ['held-b']);
    (await stage.call('held-b')).end(done('B'));
    await elapse(6);
    await watchToEnd(kernel, job.id);
    expect(await kernel.job(job.id, 1)).toMatchObject({ status: 'failed', error: givenUp });
    // Three times it could have undone the transition; at the end itself `onEnded` is asked once more.
    expect(calls).toBe(hook === 'onEnded' ? 4 : 3);
    const errors = log.lines.filter((line) => line.level === 'error');
    expect(errors).toHaveLength(calls);
    expect(errors[0]!.fields).toMatchObject({ jobId: job.id, hook });
    isMended = true;
    const retry = await kernel.retry(job.id, 1);
    await elapse(1);
    await watchToEnd(kernel, retry.id);
    expect(await kernel.job(retry.id, 1)).toMatchObject({
      status: 'completed',
      output: { shouted: 'B' },
    });
    expect(stage.begun).toEqual(['held-b']);
  },
);

test('a hook that fails once is asked again with the same transition, and what it wrote is there once', async () => {
  let failures = 2;
  const { kernel, elapse, pool } = await drivenKernel({
    onSettled: async (tx, { jobId, chunks }) => {
      for (const { index } of chunks)
        await tx.query('INSERT INTO told VALUES ($1, $2)', [jobId, index]);
      if ((failures -= 1) >= 0) throw new Error('Just now it does not work.');
    },
  });
  await pool.query('CREATE TABLE told (job_id bigint, index int)');
  const job = await submitWords(kernel, ['a']);
  await elapse(4);
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({ status: 'completed', gaps: [] });
  expect((await pool.query('SELECT FROM told')).rowCount).toBe(1);
});

test('a cancel takes place whatever the hook at the end does', async () => {
  const { kernel, stage, pool } = await drivenKernel({
    onEnded: (tx) => tx.query('SELECT 1 / 0').then(() => undefined),
  });
  const job = await submitWords(kernel, ['held-a']);
  await stage.call('held-a');
  expect(await kernel.cancel(job.id, 1, 1)).toMatchObject({ status: 'cancelled' });
  const other = await submitWords(kernel, ['held-b'], { subject: 'book:1' });
  await stage.call('held-b');
  await kernel.transaction((tx) => kernel.cancelIn(tx, other.id, 1));
  expect(await kernel.job(other.id, 1)).toMatchObject({ status: 'cancelled' });
  await kernel.transaction((tx) => kernel.deleteJobs(tx, { ownerId: 1, subject: 'book:1' }));
  expect((await pool.query('SELECT FROM kernel.jobs WHERE id = $1', [other.id])).rowCount).toBe(0);
});

test('a job that waits for a shared part and whose hook fails at every try ends, too', async () => {
  const { kernel, elapse, stage } = await drivenKernel({
    onSettled: (_tx, { subject }) =>
      subject === 'broken' ? Promise.reject(new Error('A bug.')) : Promise.resolve(),
  });
  const first = await submitWords(kernel, ['held-a']);
  const call = await stage.call('held-a');
  const broken = await submitWords(kernel, ['held-a'], { subject: 'broken' });
  await firstEvent(kernel, broken.id, (event) => event.type === 'job.planned');
  call.end(done('A'));
  await watchToEnd(kernel, first.id);
  await elapse(50);
  await watchToEnd(kernel, broken.id);
  expect(await kernel.job(broken.id, 1)).toMatchObject({ status: 'failed', error: givenUp });
});

test('what a plan brings after the soft limit is skipped, and the merge follows with gaps', async () => {
  const planning = Promise.withResolvers<void>();
  const plan = Promise.withResolvers<void>();
  const { kernel, elapse, stage } = await drivenKernel({
    timeouts: { soft: 3, hard: 60 },
    plan: (words) => {
      if (!words.includes('late')) return Promise.resolve();
      planning.resolve();
      return plan.promise;
    },
  });
  const early = await submitWords(kernel, ['early']);
  await watchToEnd(kernel, early.id);
  const job = await submitWords(kernel, ['early', 'late']);
  await planning.promise;
  await elapse(5);
  plan.resolve();
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({
    status: 'completed',
    output: { shouted: 'EARLY [job.soft_limit]' },
    gaps: [{ index: 1, code: 'job.soft_limit' }],
  });
  expect(stage.runs('late')).toBe(0);
});

test('a merge has the time of the hard limit for itself, and then the job fails with its code', async () => {
  let merging: AbortSignal | undefined;
  const { kernel, elapse } = await drivenKernel({
    timeouts: { soft: 5, hard: 10 },
    merge: ({ signal }) => {
      merging = signal;
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    },
  });
  const job = await submitWords(kernel, ['a']);
  await firstEvent(kernel, job.id, (event) => event.type === 'job.merging');
  await elapse(8);
  expect(await kernel.job(job.id, 1)).toMatchObject({ status: 'processing' });
  await elapse(5);
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({
    status: 'failed',
    error: { code: 'job.hard_limit', message: expect.stringContaining('together') },
  });
  await elapse(1);
  expect(merging?.aborted).toBe(true);
});
