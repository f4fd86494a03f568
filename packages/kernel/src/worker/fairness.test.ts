import { expect, test } from 'vitest';
import { done } from '../index.ts';
import { firstEvent, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

/** A flood: one owner's words fill the slots and the queue before anybody else comes. */
async function flooded(slots: number, words: number) {
  const stage = createStage((word) => word.startsWith('flood'));
  const under = await kernelForTest({ pipelines: [toyPipeline(stage)] });
  await under.work(slots);
  const flood = Array.from({ length: words }, (_each, place) => `flood ${place}`);
  const job = await submitWords(under.kernel, flood, { ownerId: 1, parallel: words });
  // Of one job, the parts that come first are done first.
  for (let place = 0; place < slots; place += 1) await stage.call(`flood ${place}`);
  return { ...under, stage, flooding: job.id };
}

test.each([1, 2, 5])(
  'behind a flood on %i slots, another owner is served by the first places that become free',
  async (slots) => {
    const { kernel, stage } = await flooded(slots, 40);
    const other = await submitWords(kernel, ['other'], { ownerId: 2 });
    // Plan, chunk and merge take a place each: three of the flood's parts end, and not a fourth.
    // They begin in their order; the next one may be about to when the event of the plan is already here.
    let ended = 0;
    const endOneOfTheFlood = async () => {
      const word = `flood ${ended}`;
      (await stage.call(word)).end(done(word));
      ended += 1;
    };
    await endOneOfTheFlood();
    await firstEvent(kernel, other.id, (event) => event.type === 'job.planned');
    await endOneOfTheFlood();
    await stage.call('other');
    await firstEvent(kernel, other.id, (event) => event.type === 'job.merging');
    await endOneOfTheFlood();
    expect((await watchToEnd(kernel, other.id)).at(-1)?.type).toBe('job.completed');
    expect(stage.begun.indexOf('other')).toBeLessThanOrEqual(slots + 2);
  },
);

test('a person who waits is served on a full machine without anything of it having to end', async () => {
  const { kernel, stage, flooding } = await flooded(2, 10);
  const person = await submitWords(kernel, ['person'], { ownerId: 2, class: 'waiting' });
  expect((await watchToEnd(kernel, person.id)).at(-1)?.type).toBe('job.completed');
  expect(stage.begun).toHaveLength(3);
  expect((await kernel.job(flooding, 1)).done_chunks).toBe(0);
});

test('the place kept for persons is not given to a preload, however long the queue is', async () => {
  const { kernel, stage, pool } = await flooded(1, 3);
  const preload = await submitWords(kernel, ['preload'], { ownerId: 2, class: 'preload' });
  // A person's whole job runs through the kept place: the dispatcher has looked into the queue several times.
  const person = await submitWords(kernel, ['person'], { ownerId: 3, class: 'waiting' });
  await watchToEnd(kernel, person.id);
  expect(stage.begun).toEqual(['flood 0', 'person']);
  const { rows } = await pool.query('SELECT status FROM kernel.jobs WHERE id = $1', [preload.id]);
  expect(rows).toEqual([{ status: 'pending' }]);
});
