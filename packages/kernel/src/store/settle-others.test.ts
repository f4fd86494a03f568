import { expect, test } from 'vitest';
import { done } from '../index.ts';
import { firstEvent, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { beginTransaction, isWaitedFor } from '../testing/locks.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

const LOCK_JOB = 'SELECT FROM kernel.jobs WHERE id = $1 FOR UPDATE';

test('a job that cannot be settled holds up none of those that wait for the same part', async () => {
  const stage = createStage();
  const under = await kernelForTest({
    pipelines: [
      toyPipeline({
        run: stage.run,
        onSettled: (_tx, { subject }) =>
          subject === 'broken' ? Promise.reject(new Error('A bug.')) : Promise.resolve(),
      }),
    ],
  });
  const { kernel } = under;
  await under.work(2);
  const first = await submitWords(kernel, ['a']);
  const call = await stage.call('a');
  const broken = await submitWords(kernel, ['a'], { subject: 'broken' });
  await firstEvent(kernel, broken.id, (event) => event.type === 'job.planned');
  const sound = await submitWords(kernel, ['a']);
  await firstEvent(kernel, sound.id, (event) => event.type === 'job.planned');
  call.end(done('A'));
  for (const job of [first, sound]) {
    await watchToEnd(kernel, job.id);
    expect(await kernel.job(job.id, 1)).toMatchObject({ status: 'completed' });
  }
  expect(await kernel.job(broken.id, 1)).toMatchObject({ status: 'processing' });
});

test('a job whose settling waits leaves the connections to others, and is settled before its process ends', async () => {
  const stage = createStage((word) => word.startsWith('word'));
  const under = await kernelForTest({ pipelines: [toyPipeline({ run: stage.run })] });
  const { kernel, pool } = under;
  const worker = await under.work(41);
  const words = Array.from({ length: 40 }, (_, index) => `word-${index}`);
  const first = await submitWords(kernel, words, { parallel: 40 });
  const calls = await Promise.all(words.map((word) => stage.call(word)));
  const joined = await submitWords(kernel, words, { parallel: 40 });
  await firstEvent(kernel, joined.id, (event) => event.type === 'job.planned');
  const holder = await beginTransaction(pool);
  await holder.query(LOCK_JOB, [joined.id]);
  for (const call of calls) call.end(done(call.word));
  // All forty parts are recorded, and the other job's settling waits for its row.
  await watchToEnd(kernel, first.id);
  await isWaitedFor(pool, holder);
  const other = await submitWords(kernel, ['quick'], { ownerId: 2 });
  await watchToEnd(kernel, other.id);
  expect(await kernel.job(other.id, 2)).toMatchObject({ status: 'completed' });

  let isStopped = false;
  const stop = async () => {
    await worker.stop(10_000);
    isStopped = true;
  };
  const stopping = stop();
  await submitWords(kernel, [], { ownerId: 3 });
  expect(isStopped).toBe(false);
  await holder.query('ROLLBACK');
  await stopping;
  await under.work(1);
  await watchToEnd(kernel, joined.id);
  expect(await kernel.job(joined.id, 1)).toMatchObject({ status: 'completed', gaps: [] });
  expect(under.log.lines.filter((line) => line.level !== 'info')).toEqual([]);
});
