import { systemClock } from 'pg-boss';
import { expect, test } from 'vitest';
import { Notifier } from '../events/notifier.ts';
import { TransitionError } from '../index.ts';
import { one, submitWords } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';
import { changeJob, type JobChange } from './change-job.ts';

/*
 * A job that has ended never changes again. The callers look first, under the row's lock; this is what holds when one of them
 * forgets to.
 */
test.each<[what: string, change: JobChange]>([
  ['progress', { settled: { done: 1, failed: 0, skipped: 0 } }],
  ['a stage', { stage: 'merge' }],
  ['a start', { transition: 'start' }],
  ['an end of another kind', { transition: 'complete' }],
  ['a step', { step: 'Reading on' }],
])('a cancelled job refuses %s, with no event of it', async (_what, change) => {
  const { kernel, pool, log } = await kernelForTest({ pipelines: [toyPipeline()], time: 'driven' });
  const { id } = await submitWords(kernel, ['a']);
  const ended = await kernel.cancel(id, 1, 1);
  const row = 'SELECT to_jsonb(j) AS job FROM kernel.jobs j WHERE id = $1';
  const before = await one(pool, row, [id]);
  const notifier = new Notifier({ pool, clock: systemClock, log });
  const write = kernel.transaction((tx) =>
    changeJob(tx, { notifier }, ended, change, [{ type: 'job.progress' }]),
  );
  await expect(write).rejects.toThrow(TransitionError);
  expect(await one(pool, row, [id])).toEqual(before);
  expect((await kernel.events(id, 0)).at(-1)?.type).toBe('job.cancelled');
});
