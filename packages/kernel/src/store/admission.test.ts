import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { filesForTest } from '../testing/files.ts';
import { one, submitWords } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

const tooMany = { code: 'admission.too_many_jobs' };

test('one job more than an owner may have open is refused, with nothing stored', async () => {
  const limits = { openJobs: 2 };
  const { kernel, pool } = await kernelForTest({ pipelines: [toyPipeline()], limits });
  const first = await submitWords(kernel, ['a']);
  await submitWords(kernel, ['b']);
  await expect(submitWords(kernel, ['c'])).rejects.toMatchObject({
    ...tooMany,
    details: { ownerId: 1, open: 2, limit: 2 },
  });
  expect(await one(pool, 'SELECT count(*) AS jobs FROM kernel.jobs')).toEqual({ jobs: 2 });
  await submitWords(kernel, ['theirs'], { ownerId: 2 });

  await kernel.cancel(first.id, 1, 1);
  await submitWords(kernel, ['c']);
  await expect(kernel.retry(first.id, 1)).rejects.toMatchObject(tooMany);
});

test('a caller who swallows the refusal has stored nothing either', async () => {
  const limits = { openJobs: 0 };
  const { kernel, pool } = await kernelForTest({ pipelines: [toyPipeline()], limits });
  await kernel.transaction(async (tx) => {
    const request = { pipeline: 'toy', ownerId: 1, input: { words: [] } };
    await expect(kernel.submit(tx, request)).rejects.toMatchObject(tooMany);
  });
  expect(await one(pool, 'SELECT count(*) AS jobs FROM kernel.jobs')).toEqual({ jobs: 0 });
});

test('requests that arrive together do not share the last place', async () => {
  const limits = { openJobs: 3 };
  const { kernel, pool } = await kernelForTest({ pipelines: [toyPipeline()], limits });
  const answers = await Promise.allSettled(
    Array.from({ length: 8 }, (_each, place) => submitWords(kernel, [`word ${place}`])),
  );
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  expect(await one(pool, 'SELECT count(*) AS jobs FROM kernel.jobs')).toEqual({ jobs: 3 });
});

test('a repeated request is answered with its job, also where no other would be taken', async () => {
  const limits = { openJobs: 1 };
  const { kernel } = await kernelForTest({ pipelines: [toyPipeline()], limits });
  const submission = randomUUID();
  const answers = await Promise.all(
    [1, 2, 3].map(() => submitWords(kernel, ['a'], { submission })),
  );
  expect(new Set(answers.map((job) => job.id)).size).toBe(1);
});

test('by default an owner may have a hundred open jobs', async () => {
  const { kernel } = await kernelForTest({ pipelines: [toyPipeline()] });
  for (let job = 0; job < 100; job += 1) await submitWords(kernel, []);
  await expect(submitWords(kernel, [])).rejects.toMatchObject({ details: { limit: 100 } });
});

test('limits can depend on the owner', async () => {
  const limits = { openJobs: (ownerId: number) => Promise.resolve(ownerId) };
  const { kernel } = await kernelForTest({ pipelines: [toyPipeline()], limits });
  await submitWords(kernel, ['a'], { ownerId: 1 });
  await expect(submitWords(kernel, ['b'], { ownerId: 1 })).rejects.toMatchObject(tooMany);
  await submitWords(kernel, ['a'], { ownerId: 2 });
  await submitWords(kernel, ['b'], { ownerId: 2 });
});

test('bytes for which the disk has no room are refused before anything is read', async () => {
  let free = 1_000_000;
  const freeBytes = () => Promise.resolve(free);
  const files = await filesForTest({ minFreeBytes: 400_000, freeBytes });
  const { kernel, pool } = await kernelForTest({ pipelines: [], files });
  await kernel.admitBytes(600_000, 1);
  await expect(kernel.admitBytes(600_001, 1)).rejects.toMatchObject({
    code: 'disk.full',
    details: { free: 1_000_000 },
  });
  free = 399_999;
  let wasRead = false;
  async function* content() {
    wasRead = true;
    yield Buffer.from('x');
  }
  const upload = { ownerId: 1, name: 'a', mediaType: 'text/plain' };
  await expect(kernel.receive(upload, content())).rejects.toMatchObject({ code: 'disk.full' });
  expect(wasRead).toBe(false);
  expect(await files.paths()).toEqual([]);
  expect((await pool.query('SELECT FROM kernel.artifacts')).rowCount).toBe(0);
});

test('the free space is that of the real file system', async () => {
  const files = await filesForTest();
  const { kernel } = await kernelForTest({ pipelines: [], files });
  await kernel.admitBytes(1, 1);
  await expect(kernel.admitBytes(Number.MAX_SAFE_INTEGER, 1)).rejects.toMatchObject({
    code: 'disk.full',
  });
});

test('bytes above an owner’s quota are refused; what was deleted counts no more', async () => {
  const files = await filesForTest();
  const limits = { storedBytes: 1000 };
  const { kernel } = await kernelForTest({ pipelines: [], files, limits });
  const upload = { ownerId: 1, name: 'a', mediaType: 'text/plain' };
  const file = await kernel.receive(upload, Buffer.alloc(700));
  await kernel.transaction((tx) => kernel.keep(tx, file, { keepSeconds: 0 }));
  await kernel.admitBytes(300, 1);
  await expect(kernel.admitBytes(301, 1)).rejects.toMatchObject({
    code: 'admission.quota_exceeded',
    details: { left: 300 },
  });
  await kernel.admitBytes(1000, 2);
  await kernel.sweep();
  await kernel.admitBytes(1000, 1);
});
