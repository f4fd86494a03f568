import { expect, onTestFinished, test } from 'vitest';
import { done } from '../index.ts';
import { submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { beginTransaction, isWaitedFor } from '../testing/locks.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

test('the parts of a job stand in the queue in their order, the first ones and those released later', async () => {
  const stage = createStage();
  const under = await kernelForTest({ pipelines: [toyPipeline({ run: stage.run })] });
  await under.work(4);
  const words = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
  const job = await submitWords(under.kernel, words, { parallel: 4 });
  const inQueue = async () => {
    const { rows } = await under.pool.query<{ index: number }>(
      `SELECT c.index
         FROM kernel.chunks c
         JOIN kernel.works w ON w.id = c.work_id
         JOIN pgboss.job t ON t.id = w.task_id
        WHERE w.status = 'queued'
        ORDER BY t.priority DESC, t.created_on, c.index DESC`,
    );
    return rows.map((row) => row.index);
  };
  const calls = await Promise.all(words.slice(0, 4).map((word) => stage.call(word)));
  expect(await inQueue()).toEqual([4, 5, 6, 7]);
  calls[0]?.end(done('ONE'));
  await stage.call('five');
  await expect.poll(inQueue).toEqual([5, 6, 7, 8]);
  calls[1]?.end(done('TWO'));
  await stage.call('six');
  await expect.poll(inQueue).toEqual([6, 7, 8, 9]);
  for (const word of words.slice(2)) (await stage.call(word)).end(done(word));
  await watchToEnd(under.kernel, job.id);
});

test('a claim that is the victim of a deadlock is run again, and its tasks are not left to their leases', async () => {
  const stage = createStage();
  const under = await kernelForTest({ pipelines: [toyPipeline({ run: stage.run })] });
  const { kernel, pool } = under;
  const first = await under.work(2);
  const job = await submitWords(kernel, ['a', 'b']);
  const calls = [await stage.call('a'), await stage.call('b')];
  const works = calls.map(({ ctx }) => ctx.workId).toSorted((x, y) => x - y);
  await first.stop(0);

  // Whoever has waited for so long looks for a circle, once: the claim is to look when it is closed, and first.
  const { rows } = await pool.query<{ name: string }>('SELECT current_database() AS name');
  const database = rows[0]!.name;
  await pool.query(`ALTER DATABASE ${database} SET deadlock_timeout = '3s'`);
  onTestFinished(async () => {
    await pool.query(`ALTER DATABASE ${database} RESET deadlock_timeout`);
  });
  const second = await under.another();
  const other = await beginTransaction(pool);
  await other.query(`SET LOCAL deadlock_timeout = '1min'`);
  const lock = 'SELECT FROM kernel.works WHERE id = $1 FOR UPDATE';
  await other.query(lock, [works[1]]);
  await second.work(2);
  await isWaitedFor(pool, other);
  await other.query(lock, [works[0]]);
  await other.query('ROLLBACK');
  for (const word of ['a', 'b']) (await stage.call(word, 2)).end(done(word));
  await watchToEnd(kernel, job.id);
  expect(second.kernel.metrics.transactionReruns).toBe(1);
  expect(under.log.lines.filter((line) => line.level !== 'info')).toEqual([]);
});
