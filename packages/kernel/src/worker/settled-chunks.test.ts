import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Queryable } from '../db/queryable.ts';
import { submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';
import { readSettledChunks } from './settled-chunks.ts';

/** The first query is answered, every later one fails. */
function lostAfterOne(db: Queryable): Queryable {
  let queries = 0;
  return {
    query: (text, values) => {
      queries += 1;
      return queries === 1
        ? db.query(text, values)
        : Promise.reject(new Error('The database has gone.'));
    },
  };
}

test('a batch that cannot be read fails the merge when it is wanted, and not the process before', async () => {
  const unhandled: unknown[] = [];
  const remember = (error: unknown) => void unhandled.push(error);
  process.on('unhandledRejection', remember);
  onTestFinished(() => void process.off('unhandledRejection', remember));
  const { kernel, pool, work } = await kernelForTest({ pipelines: [toyPipeline()] });
  await work(2);
  const job = await submitWords(kernel, 'a b c d e f g h i j k l'.split(' '));
  await watchToEnd(kernel, job.id);
  const read: number[] = [];
  const merge = async () => {
    for await (const { index } of readSettledChunks(lostAfterOne(pool), undefined, job.id)) {
      read.push(index);
      // Rejections that nobody has taken by the end of a turn are unhandled.
      await setImmediate();
    }
  };
  await expect(merge()).rejects.toThrow('The database has gone.');
  expect(read).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(unhandled).toEqual([]);
});
