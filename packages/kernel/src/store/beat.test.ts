import { expect, test } from 'vitest';
import { done } from '../index.ts';
import { one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { beginTransaction } from '../testing/locks.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';
import { beatWorks } from './beat.ts';
import { attemptKey } from './claim-works.ts';

test('a beat waits for nobody: what is being changed keeps its fence and is written by the next beat', async () => {
  const stage = createStage();
  const under = await kernelForTest({ pipelines: [toyPipeline({ run: stage.run })] });
  const { kernel, pool } = under;
  await under.work(2);
  const job = await submitWords(kernel, ['busy', 'free']);
  const calls = [await stage.call('busy'), await stage.call('free')];
  const fences = await Promise.all(
    calls.map(async ({ ctx }) => ({
      ...(await one<{ taskId: string; delivery: number }>(
        pool,
        'SELECT task_id AS "taskId", delivery FROM kernel.works WHERE id = $1',
        [ctx.workId],
      )),
      workId: ctx.workId,
      fraction: 0.5,
      step: undefined,
    })),
  );
  const record = await beginTransaction(pool);
  const beat = await beginTransaction(pool);
  await record.query('SELECT FROM kernel.works WHERE id = $1 FOR UPDATE', [calls[0]!.ctx.workId]);
  await beat.query(`SET LOCAL lock_timeout = '5s'`);
  const standing = await beatWorks(beat, fences);
  expect(standing).toEqual(new Set(fences.map(attemptKey)));
  await beat.query('COMMIT');
  const { rows } = await pool.query(
    `SELECT input ->> 'word' AS word, progress FROM kernel.works WHERE kind = 'chunk' ORDER BY word`,
  );
  expect(rows).toEqual([
    { word: 'busy', progress: 0 },
    { word: 'free', progress: 0.5 },
  ]);
  await record.query('ROLLBACK');

  const stale = await beatWorks(pool, [{ ...fences[0]!, delivery: 2 }]);
  expect(stale.size).toBe(0);
  for (const call of calls) call.end(done('OK'));
  await watchToEnd(kernel, job.id);
});
