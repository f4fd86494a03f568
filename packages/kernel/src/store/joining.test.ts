import { afterAll, beforeAll, expect, test } from 'vitest';
import { done, failed } from '../index.ts';
import { firstEvent, one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest, startKernel, type KernelUnderTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

/* Whoever wants what somebody else wants already, joins: one row a key, so there is never a second one in flight. */

const stage = createStage((word) => word.startsWith('held'));
let under: KernelUnderTest;

beforeAll(async () => {
  under = await startKernel({ pipelines: [toyPipeline({ run: stage.run })] });
  await under.work(4);
});
afterAll(() => under.close());

/** How often a word's work was claimed, over all works there are for it. */
async function attempts(word: string): Promise<{ works: number; attempts: number }> {
  return await one(
    under.pool,
    `SELECT count(DISTINCT w.id)::int AS works, count(a.work_id)::int AS attempts
       FROM kernel.works w
       LEFT JOIN kernel.attempts a ON a.work_id = w.id
      WHERE w.input ->> 'word' = $1`,
    [word],
  );
}

test('two jobs of one owner that want the same part at the same time run it once', async () => {
  const { kernel } = under;
  const first = await submitWords(kernel, ['held-1', 'x1']);
  const call = await stage.call('held-1');
  const second = await submitWords(kernel, ['y1', 'held-1']);
  await firstEvent(kernel, second.id, (event) => event.type === 'job.planned');
  call.end(done('ONE'));
  await watchToEnd(kernel, first.id);
  await watchToEnd(kernel, second.id);
  expect(stage.runs('held-1')).toBe(1);
  expect(await attempts('held-1')).toEqual({ works: 1, attempts: 1 });
  expect(await kernel.job(first.id, 1)).toMatchObject({ output: { shouted: 'ONE X1' } });
  expect(await kernel.job(second.id, 1)).toMatchObject({
    status: 'completed',
    output: { shouted: 'Y1 ONE' },
    gaps: [],
  });
});

test('many jobs that are submitted together run each of their common parts once', async () => {
  const { kernel } = under;
  const words = Array.from({ length: 12 }, (_, index) => `common-${index}`);
  const jobs = await Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      submitWords(kernel, index % 2 === 0 ? words : words.toReversed(), { ownerId: 40 }),
    ),
  );
  for (const job of jobs) {
    await watchToEnd(kernel, job.id);
    expect(await kernel.job(job.id, 40)).toMatchObject({ status: 'completed', gaps: [] });
  }
  for (const word of words) {
    expect(await attempts(word)).toEqual({ works: 1, attempts: 1 });
    expect(stage.runs(word)).toBe(1);
  }
});

test('a part that occurs twice in a job runs once and fills both places', async () => {
  const { kernel } = under;
  const job = await submitWords(kernel, ['oui', 'non', 'oui', 'oui'], { parallel: 1 });
  await watchToEnd(kernel, job.id);
  expect(stage.runs('oui')).toBe(1);
  expect(await kernel.job(job.id, 1)).toMatchObject({
    total_chunks: 4,
    done_chunks: 4,
    output: { shouted: 'OUI NON OUI OUI' },
  });
});

test('another owner does not join, and a shared scope makes them share', async () => {
  const { kernel } = under;
  const mine = await submitWords(kernel, ['private'], { ownerId: 50 });
  await watchToEnd(kernel, mine.id);
  const theirs = await submitWords(kernel, ['private'], { ownerId: 51 });
  await watchToEnd(kernel, theirs.id);
  expect(await attempts('private')).toEqual({ works: 2, attempts: 2 });
  expect((await kernel.job(theirs.id, 51)).chunks[0]).toMatchObject({ is_reused: false });

  for (const ownerId of [50, 51]) {
    const job = await submitWords(kernel, ['public'], { ownerId, scope: 'shared' });
    await watchToEnd(kernel, job.id);
  }
  expect(await attempts('public')).toEqual({ works: 1, attempts: 1 });
});

test('a result that was there before is reused and says so; a raised generation has it done anew', async () => {
  const { kernel } = under;
  await watchToEnd(kernel, (await submitWords(kernel, ['stored'])).id);
  const again = await submitWords(kernel, ['stored', 'fresh']);
  const events = await watchToEnd(kernel, again.id);
  expect(await attempts('stored')).toEqual({ works: 1, attempts: 1 });
  const { chunks } = await kernel.job(again.id, 1);
  expect(chunks.map((chunk) => chunk.is_reused)).toEqual([true, false]);
  const settled = events.filter((event) => event.type === 'chunk.settled');
  expect(settled.map((event) => event.data['reused'])).toEqual([true, undefined]);

  await watchToEnd(kernel, (await submitWords(kernel, ['stored'], { generation: 1 })).id);
  expect(await attempts('stored')).toEqual({ works: 2, attempts: 2 });
});

test('a job whose parts are all there already goes from its plan to its merge', async () => {
  const { kernel } = under;
  const words = Array.from({ length: 8 }, (_, index) => `cached-${index}`);
  await watchToEnd(kernel, (await submitWords(kernel, words)).id);
  const job = await submitWords(kernel, words, { parallel: 2 });
  const events = await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({ status: 'completed', done_chunks: 8 });
  expect(events.map((event) => event.seq)).toEqual(events.map((_, place) => place + 1));
  expect(stage.runs('cached-0')).toBe(1);
});

test('whoever waited for a run shares its failure, and whoever comes later gets a new try', async () => {
  const { kernel } = under;
  const first = await submitWords(kernel, ['held-bad', 'x2']);
  const call = await stage.call('held-bad');
  const second = await submitWords(kernel, ['held-bad', 'y2']);
  await firstEvent(kernel, second.id, (event) => event.type === 'job.planned');
  call.end(failed('toy.unreadable', 'It cannot be read.'));
  for (const job of [first, second]) {
    await watchToEnd(kernel, job.id);
    expect(await kernel.job(job.id, 1)).toMatchObject({
      status: 'completed',
      gaps: [{ index: 0, code: 'toy.unreadable', message: 'It cannot be read.' }],
    });
  }
  const third = await submitWords(kernel, ['held-bad']);
  (await stage.call('held-bad', 2)).end(done('GOOD'));
  await watchToEnd(kernel, third.id);
  expect(await kernel.job(third.id, 1)).toMatchObject({ output: { shouted: 'GOOD' } });
});

test('a person who opens what a preload has queued is served at once, in the place kept for persons', async () => {
  const busy = await kernelForTest({ pipelines: [toyPipeline({ run: stage.run })] });
  const { kernel, pool } = busy;
  await busy.work(1);
  const bulk = await submitWords(kernel, ['held-2', 'wanted'], { class: 'bulk' });
  const held = await stage.call('held-2');
  const tasks = `SELECT id, priority FROM pgboss.job
                  WHERE data ->> 'workId' = (SELECT id::text FROM kernel.works WHERE input ->> 'word' = 'wanted')
                    AND name = 'toy.v1'
                    AND state < 'completed'`;
  const before = await one<{ id: string; priority: number }>(pool, tasks);
  const person = await submitWords(kernel, ['wanted'], { class: 'waiting' });
  await watchToEnd(kernel, person.id);
  expect(await kernel.job(person.id, 1)).toMatchObject({ status: 'completed' });
  expect(await pool.query(tasks)).toMatchObject({ rows: [] });
  expect(
    await one(
      pool,
      `SELECT t.state, w.priority > $2 AS is_raised, w.attempts
         FROM kernel.works w, pgboss.job t
        WHERE w.input ->> 'word' = 'wanted' AND t.id = $1`,
      [before.id, before.priority],
    ),
  ).toEqual({ state: 'cancelled', is_raised: true, attempts: 1 });
  held.end(done('TWO'));
  await watchToEnd(kernel, bulk.id);
  expect(await kernel.job(bulk.id, 1)).toMatchObject({ output: { shouted: 'TWO WANTED' } });
});

test('joining with a higher class moves a queued part ahead of its siblings', async () => {
  const busy = await kernelForTest({ pipelines: [toyPipeline({ run: stage.run })] });
  const { kernel } = busy;
  await busy.work(1);
  const bulk = await submitWords(kernel, ['held-3', 'held-b1', 'b2', 'b3'], { class: 'bulk' });
  const held = await stage.call('held-3');
  const reader = await submitWords(kernel, ['b3'], { class: 'interactive' });
  held.end(done('THREE'));
  // The slot is free as soon as the reader's plan has been made, so the next part may begin before it is recorded.
  const next = await stage.call('held-b1');
  await firstEvent(kernel, reader.id, (event) => event.type === 'job.planned');
  next.end(done('B1'));
  await watchToEnd(kernel, reader.id);
  await watchToEnd(kernel, bulk.id);
  expect(stage.begun.filter((word) => /^b\d$/u.test(word))).toEqual(['b3', 'b2']);
});

test('whoever has joined sees the progress of the work that somebody else began', async () => {
  const driven = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  const { kernel } = driven;
  await driven.work(3);
  const first = await submitWords(kernel, ['held-4']);
  const call = await stage.call('held-4');
  const second = await submitWords(kernel, ['held-4', 'y4']);
  await firstEvent(kernel, second.id, (event) => event.data['processed_chunks'] === 1);
  call.ctx.report(0.5, 'Half way');
  await driven.elapse(1);
  const view = await kernel.job(second.id, 1);
  expect(view.chunks[0]).toMatchObject({ status: 'active', progress: 0.5, step: 'Half way' });
  // Split 15, one of two parts 30, half of the other 15.
  expect(view).toMatchObject({ progress_percent: 60, current_step: 'Half way', waiting_for: null });
  expect(view.last_heartbeat_at).not.toBeNull();
  expect(await kernel.job(first.id, 1)).toMatchObject({ progress_percent: 45 });
  call.end(done('FOUR'));
  await watchToEnd(kernel, first.id);
  await watchToEnd(kernel, second.id);
});
