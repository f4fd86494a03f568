import { expect, test } from 'vitest';
import { done } from '../index.ts';
import { filesForTest } from '../testing/files.ts';
import { one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

/** "ü" has two bytes: a result is measured in bytes, not in letters. */
const LARGE = 150_000;

const run = ({ word }: { word: string }) =>
  Promise.resolve(done(word === 'large' ? 'ü'.repeat(LARGE) : word));

test('a result of 300 kB is kept in the store, and a merge reads it like any other', async () => {
  const files = await filesForTest();
  const { kernel, first, pool } = await kernelForTest({ pipelines: [toyPipeline({ run })], files });
  await first.work(2);
  const job = await submitWords(kernel, ['small', 'large', 'small too'], { ownerId: 3 });
  await watchToEnd(kernel, job.id);

  const { output } = await kernel.job(job.id, 3);
  expect(output).toEqual({ shouted: `small ${'ü'.repeat(LARGE)} small too` });
  const { rows } = await pool.query(
    `SELECT w.result, a.size, a.owner_id, a.is_result
       FROM kernel.chunks c
       JOIN kernel.works w ON w.id = c.work_id
       LEFT JOIN kernel.artifacts a ON a.blob = w.result_blob
      ORDER BY c.index`,
  );
  expect(rows).toEqual([
    { result: 'small', size: null, owner_id: null, is_result: null },
    { result: null, size: 2 * LARGE + 2, owner_id: 3, is_result: true },
    { result: 'small too', size: null, owner_id: null, is_result: null },
  ]);
  expect(await files.paths()).toHaveLength(1);
});

test('results can be read outside of a merge, those in the store too', async () => {
  const files = await filesForTest();
  const { kernel, first } = await kernelForTest({ pipelines: [toyPipeline({ run })], files });
  await first.work(1);
  const job = await submitWords(kernel, ['small', 'large'], { ownerId: 3 });
  await watchToEnd(kernel, job.id);
  expect(await Array.fromAsync(kernel.results(job.id, 3))).toEqual([
    { index: 0, label: '"small"', status: 'done', result: 'small' },
    { index: 1, label: '"large"', status: 'done', result: 'ü'.repeat(LARGE) },
  ]);
  await expect(Array.fromAsync(kernel.results(job.id, 4))).rejects.toMatchObject({
    code: 'job.not_found',
  });
});

test('a second job takes a large result by key', async () => {
  const files = await filesForTest();
  const { kernel, first } = await kernelForTest({ pipelines: [toyPipeline({ run })], files });
  await first.work(1);
  await watchToEnd(kernel, (await submitWords(kernel, ['large'])).id);
  const again = await submitWords(kernel, ['large']);
  await watchToEnd(kernel, again.id);
  expect((await kernel.job(again.id, 1)).output).toEqual({ shouted: 'ü'.repeat(LARGE) });
  expect(await files.paths()).toHaveLength(1);
});

test('the file of a result is nobody’s to download', async () => {
  const files = await filesForTest();
  const { kernel, first, pool } = await kernelForTest({ pipelines: [toyPipeline({ run })], files });
  await first.work(1);
  await watchToEnd(kernel, (await submitWords(kernel, ['large'])).id);
  const { id } = await one<{ id: string }>(pool, 'SELECT id FROM kernel.artifacts');
  await expect(kernel.openArtifact(id, 1)).rejects.toMatchObject({ code: 'artifact.not_found' });
});

test('the store’s copy of a result cannot be forgotten while its work is there', async () => {
  const files = await filesForTest();
  const { kernel, first, pool } = await kernelForTest({ pipelines: [toyPipeline({ run })], files });
  await first.work(1);
  await watchToEnd(kernel, (await submitWords(kernel, ['large'])).id);
  await expect(pool.query('DELETE FROM kernel.artifacts')).rejects.toMatchObject({ code: '23503' });
});

test('without a place for files a large result stays in its row', async () => {
  const { kernel, first } = await kernelForTest({ pipelines: [toyPipeline({ run })] });
  await first.work(1);
  const job = await submitWords(kernel, ['large']);
  await watchToEnd(kernel, job.id);
  expect((await kernel.job(job.id, 1)).output).toEqual({ shouted: 'ü'.repeat(LARGE) });
});
