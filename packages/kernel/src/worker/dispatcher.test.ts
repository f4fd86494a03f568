import { expect, test } from 'vitest';
import { done } from '../index.ts';
import { submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { beginTransaction, isWaitedFor } from '../testing/locks.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

test('a claim that is the victim of a deadlock is run again, and its tasks are not left to their leases', async () => {
  const stage = createStage();
  const under = await kernelForTest({ pipelines: [toyPipeline({ run: stage.run })] });
  const { kernel, pool } = under;
  const first = await under.work(2);
  const job = await submitWords(kernel, ['a', 'b']);
  const calls = [await stage.call('a'), await stage.call('b')];
  const works = calls.map(({ ctx }) => ctx.workId).toSorted((x, y) => x - y);
  await first.stop(0);

  const other = await beginTransaction(pool);
  const lock = 'SELECT FROM kernel.works WHERE id = $1 FOR UPDATE';
  await other.query(lock, [works[1]]);
  await under.work(2);
  await isWaitedFor(pool, other);
  await other.query(lock, [works[0]]);
  await other.query('ROLLBACK');
  for (const word of ['a', 'b']) (await stage.call(word, 2)).end(done(word));
  await watchToEnd(kernel, job.id);
  expect(kernel.metrics.transactionReruns).toBe(1);
  expect(under.log.lines.filter((line) => line.level !== 'info')).toEqual([]);
});
