import { expect, test } from 'vitest';
import { submitWords } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { beginTransaction, isWaitedFor } from '../testing/locks.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';
import { lockWorksAhead } from './work-row.ts';

test('works that somebody changes while their lock is waited for are locked as they then are', async () => {
  const stage = createStage();
  const under = await kernelForTest({ pipelines: [toyPipeline({ run: stage.run })] });
  const { kernel, pool } = under;
  await under.work(2);
  const job = await submitWords(kernel, ['a', 'b', 'c', 'd', 'e', 'f'], { parallel: 2 });
  const works = [(await stage.call('a')).ctx.workId, (await stage.call('b')).ctx.workId];
  const other = await beginTransaction(pool);
  const mine = await beginTransaction(pool);
  await other.query('UPDATE kernel.works SET job_id = job_id WHERE id = ANY ($1)', [works]);
  // The plan that a large table gets: with it, a lock over a join loses rows that change while it waits.
  await mine.query('SET enable_seqscan = off');
  const locked = lockWorksAhead(mine, job, works);
  await isWaitedFor(pool, other);
  await other.query('COMMIT');
  const rows = await locked;
  expect(works.map((id) => rows.get(id)?.status)).toEqual(['running', 'running']);
  expect(rows.size).toBe(4);
  await mine.query('ROLLBACK');
});
