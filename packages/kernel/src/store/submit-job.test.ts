import { expect, test } from 'vitest';
import { one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

const COUNTS = `SELECT (SELECT count(*) FROM kernel.jobs) AS jobs,
                       (SELECT count(*) FROM kernel.works) AS works,
                       (SELECT count(*) FROM kernel.events) AS events,
                       (SELECT count(*) FROM pgboss.job) AS tasks`;

const request = { pipeline: 'toy', ownerId: 1, input: { words: ['a'] } };

test('a submit that is rolled back leaves neither job nor work, event or task; a commit leaves all of them', async () => {
  const { kernel, pool } = await kernelForTest({ pipelines: [toyPipeline()] });
  const rolledBack = kernel.transaction(async (tx) => {
    await kernel.submit(tx, request);
    throw new Error('the row it needs was refused');
  });
  await expect(rolledBack).rejects.toThrow('was refused');
  expect(await one(pool, COUNTS)).toEqual({ jobs: 0, works: 0, events: 0, tasks: 0 });
  await kernel.transaction((tx) => kernel.submit(tx, request));
  expect(await one(pool, COUNTS)).toEqual({ jobs: 1, works: 1, events: 1, tasks: 1 });
});

test('a worker sees a job that was accepted while it slept, without being told', async () => {
  const { kernel, first, another } = await kernelForTest({ pipelines: [toyPipeline()] });
  const elsewhere = await another();
  const job = await submitWords(elsewhere.kernel, ['a', 'b']);
  await first.work(1);
  expect((await watchToEnd(kernel, job.id)).at(-1)?.type).toBe('job.completed');
});

test('a repeated submission is answered with the first one’s job, also when both come at once', async () => {
  const { kernel, pool } = await kernelForTest({ pipelines: [toyPipeline()] });
  const submission = '3f0f6a0e-7d5c-4f8e-9b3a-0c1d2e3f4a5b';
  const submit = () => kernel.transaction((tx) => kernel.submit(tx, { ...request, submission }));
  const jobs = await Promise.all([submit(), submit(), submit()]);
  expect(new Set(jobs.map(({ id }) => id)).size).toBe(1);
  expect(await one(pool, COUNTS)).toMatchObject({ jobs: 1, works: 1, tasks: 1 });
  const stolen = kernel.transaction((tx) =>
    kernel.submit(tx, { ...request, submission, ownerId: 2 }),
  );
  await expect(stolen).rejects.toMatchObject({ code: 'job.submission_taken' });
});

test('an input that its pipeline refuses is refused at the door, and nothing is stored', async () => {
  const { kernel, pool } = await kernelForTest({ pipelines: [toyPipeline()] });
  const wrong = kernel.transaction((tx) => kernel.submit(tx, { ...request, input: { words: 7 } }));
  await expect(wrong).rejects.toThrow(/expected array/u);
  const unknown = kernel.transaction((tx) => kernel.submit(tx, { ...request, pipeline: 'opera' }));
  await expect(unknown).rejects.toMatchObject({ code: 'job.unknown_pipeline' });
  expect(await one(pool, COUNTS)).toEqual({ jobs: 0, works: 0, events: 0, tasks: 0 });
});
