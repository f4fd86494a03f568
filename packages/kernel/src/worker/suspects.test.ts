import { expect, test } from 'vitest';
import { done } from '../index.ts';
import { one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import type { ProcessUnderTest } from '../testing/process-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';
import { ChildCrashError, type RunAlone } from './alone.ts';

const WORK = `SELECT status, crashes, alone_crash_streak, is_alone FROM kernel.works WHERE input ->> 'word' = $1`;

/** Children that live until the test says how they end. */
function children() {
  const born: { end: () => void }[] = [];
  const waiting: (() => void)[] = [];
  const runAlone: RunAlone = () =>
    new Promise((resolve) => {
      born.push({ end: () => resolve(done('HARMLESS')) });
      waiting.shift()?.();
    });
  const next = () => new Promise<void>((resolve) => void waiting.push(resolve));
  return { born, runAlone, next };
}

test('a suspect whose parents are killed from outside is not set aside for that', async () => {
  const stage = createStage();
  const { born, runAlone, next } = children();
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  await under.work(1);
  const job = await submitWords(under.kernel, ['suspect']);
  await stage.call('suspect');
  let parent: ProcessUnderTest = under.first;
  for (let death = 1; death <= 4; death += 1) {
    const born = next();
    const heir = await under.another({ runAlone });
    await heir.work(1);
    await parent.kill();
    await under.elapse(12);
    await born;
    parent = heir;
  }
  expect(await one(under.pool, WORK, ['suspect'])).toEqual({
    status: 'running',
    crashes: 4,
    alone_crash_streak: 0,
    is_alone: true,
  });
  born.at(-1)!.end();
  await watchToEnd(parent.kernel, job.id);
  expect(await parent.kernel.job(job.id, 1)).toMatchObject({ output: { shouted: 'HARMLESS' } });
});

test('a retry of a job whose plan has brought down processes plans alone from its first run on', async () => {
  const planning = Promise.withResolvers<void>();
  const under = await kernelForTest({
    pipelines: [
      toyPipeline({
        plan: () => {
          planning.resolve();
          return new Promise(() => {});
        },
      }),
    ],
    time: 'driven',
  });
  await under.work(1);
  const job = await submitWords(under.kernel, ['a']);
  await planning.promise;
  const runs: string[] = [];
  const { kernel, ...survivor } = await under.another({
    runAlone: ({ kind }) => {
      runs.push(kind);
      return Promise.reject(new ChildCrashError(3, null));
    },
  });
  await survivor.work(1);
  await under.first.kill();
  await under.elapse(12);
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({ error: { code: 'work.quarantined' } });
  const retry = await kernel.retry(job.id, 1);
  await watchToEnd(kernel, retry.id);
  const again = await kernel.retry(retry.id, 1);
  await watchToEnd(kernel, again.id);
  expect(await kernel.job(again.id, 1)).toMatchObject({ error: { code: 'work.quarantined' } });
  expect(runs).toEqual(Array(9).fill('plan'));
});
