import { afterAll, beforeAll, expect, test } from 'vitest';
import { watchToEnd } from './testing/jobs.ts';
import { startKernel, type KernelUnderTest } from './testing/kernel-under-test.ts';
import { toyPipeline } from './testing/toy-pipeline.ts';

let under: KernelUnderTest;

beforeAll(async () => {
  under = await startKernel({ pipelines: [toyPipeline()] });
});
afterAll(() => under.close());

test('a job goes from hand-in through plan, chunks and merge to its output', async () => {
  const { kernel } = under;
  await under.work(2);
  const job = await kernel.transaction((tx) =>
    kernel.submit(tx, { pipeline: 'toy', ownerId: 7, input: { words: ['a', 'b', 'c'] } }),
  );
  expect(job).toMatchObject({ status: 'pending', progress_percent: 0 });

  const events = await watchToEnd(kernel, job.id);
  expect(events.map((event) => event.seq)).toEqual(events.map((_event, place) => place + 1));
  expect(events.map((event) => event.type)).toEqual([
    'job.accepted',
    'job.started',
    'job.planned',
    'chunk.settled',
    'chunk.settled',
    'chunk.settled',
    'job.merging',
    'job.completed',
  ]);
  const percents = events.map((event) => Number(event.data['progress_percent']));
  expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  expect(await kernel.job(job.id, 7)).toMatchObject({
    status: 'completed',
    progress_percent: 100,
    output: { shouted: 'A B C' },
    gaps: [],
    waiting_for: null,
  });
  expect(under.log.lines.filter((line) => line.level !== 'info')).toEqual([]);
});
