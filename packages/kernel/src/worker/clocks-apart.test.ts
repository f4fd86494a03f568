import { expect, test } from 'vitest';
import { done, retryAfter } from '../index.ts';
import { one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage, type Stage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

/* The machines of an installation do not agree on what time it is. The database's clock decides. */

const BEHIND_AND_AHEAD = [-300, 300];

const onStage = (stage: Stage) =>
  kernelForTest({ pipelines: [toyPipeline({ run: stage.run })], time: 'driven' });

test.each(BEHIND_AND_AHEAD)(
  'a part is tried again after the pause it asked for by a worker whose clock is %i s ahead',
  async (aheadSeconds) => {
    const stage = createStage();
    const under = await onStage(stage);
    await (await under.another({ aheadSeconds })).work(2);
    const job = await submitWords(under.kernel, ['a']);
    await under.elapse(1);
    (await stage.call('a')).end(retryAfter(20, 'the model’s limit'));
    await under.elapse(1);
    const { waiting_for: waitingFor } = await under.kernel.job(job.id, 1);
    const seconds = ((waitingFor?.until?.getTime() ?? 0) - under.now().getTime()) / 1000;
    expect(seconds).toBeGreaterThan(15);
    expect(seconds).toBeLessThanOrEqual(20);
    // Somebody else who waits for the part does not bring its moment forward.
    await submitWords(under.kernel, ['a'], { class: 'waiting' });
    await under.elapse(15);
    expect(stage.runs('a')).toBe(1);
    await under.elapse(6);
    (await stage.call('a', 2)).end(done('A'));
    await under.elapse(1);
    expect(await under.kernel.job(job.id, 1)).toMatchObject({ status: 'completed' });
  },
);

test.each(BEHIND_AND_AHEAD)(
  'the place kept for persons is theirs alone on a worker whose clock is %i s ahead',
  async (aheadSeconds) => {
    const stage = createStage((word) => word !== 'person');
    const under = await onStage(stage);
    await (await under.another({ aheadSeconds: aheadSeconds * 20 })).work(1);
    await submitWords(under.kernel, ['held']);
    await under.elapse(1);
    await stage.call('held');
    const preload = await submitWords(under.kernel, ['preload'], { ownerId: 2, class: 'preload' });
    const person = await submitWords(under.kernel, ['person'], { ownerId: 3, class: 'waiting' });
    await under.elapse(5);
    expect((await watchToEnd(under.kernel, person.id)).at(-1)?.type).toBe('job.completed');
    expect(stage.begun).toEqual(['held', 'person']);
    expect(await under.kernel.job(preload.id, 2)).toMatchObject({ status: 'pending' });
  },
);

test('jobs are served in the order in which they came, whichever server took them', async () => {
  const stage = createStage();
  const under = await onStage(stage);
  const [behind, ahead] = await Promise.all(
    BEHIND_AND_AHEAD.map((aheadSeconds) => under.another({ aheadSeconds })),
  );
  const priorities: number[] = [];
  for (const { kernel } of [ahead!, under.first, behind!]) {
    const job = await submitWords(kernel, ['a']);
    const { priority } = await one<{ priority: number }>(
      under.pool,
      'SELECT priority FROM kernel.works WHERE job_id = $1',
      [job.id],
    );
    priorities.push(priority);
    await under.elapse(1);
  }
  const [first = 0] = priorities;
  expect(priorities).toEqual([first, first - 1, first - 2]);
});
