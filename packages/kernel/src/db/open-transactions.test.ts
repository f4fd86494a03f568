import { expect, test } from 'vitest';
import { z } from 'zod';
import { done, type BlobStore } from '../index.ts';
import { filesForTest } from '../testing/files.ts';
import { submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

const OPEN = `SELECT FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL`;

test('no transaction is open while a plan, a part, a memo, a merge or the store of files is at work', async () => {
  const seen: string[] = [];
  // Beats and fetches come and go, so a moment without any transaction is waited for: one that is held across never lets it come.
  const isNoneOpen = async (during: string) => {
    await expect.poll(async () => (await pool.query(OPEN)).rowCount, { interval: 5 }).toBe(0);
    seen.push(during);
  };
  const files = await filesForTest();
  const store: BlobStore = {
    ...files.store,
    adopt: async (file, name) => {
      await isNoneOpen('adopt');
      await files.store.adopt(file, name);
    },
    read: async (name, range) => {
      await isNoneOpen('read');
      return await files.store.read(name, range);
    },
  };
  const pipeline = toyPipeline({
    plan: () => isNoneOpen('plan'),
    run: async (_chunk, ctx) => {
      await isNoneOpen('part');
      await ctx.memo('answer', z.string(), () => isNoneOpen('memo').then(() => 'kept'));
      return done('x'.repeat(300_000));
    },
    merge: () => isNoneOpen('merge'),
  });
  const { kernel, first, pool } = await kernelForTest({
    pipelines: [pipeline],
    files: { ...files, store },
  });
  await first.work(1);
  await watchToEnd(kernel, (await submitWords(kernel, ['large'])).id);
  expect(seen).toEqual(['plan', 'part', 'memo', 'adopt', 'merge', 'read']);
});

test('a hook that reaches for a file inside the transaction of its transition is refused, and its job says so', async () => {
  const files = await filesForTest();
  const { kernel, first, log } = await kernelForTest({
    files,
    pipelines: [
      toyPipeline({
        run: () => Promise.resolve(done('x'.repeat(300_000))),
        onEnded: async (_tx, { jobId, ownerId }) => {
          await Array.fromAsync(kernel.results(jobId, ownerId));
        },
      }),
    ],
  });
  await first.work(1);
  const job = await submitWords(kernel, ['large'], { ownerId: 1 });
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({ error: { code: 'hook.failed' } });
  expect(log.lines.find(({ level }) => level === 'error')).toMatchObject({
    fields: { err: { cause: { code: 'kernel.open_transaction' } } },
  });
});
