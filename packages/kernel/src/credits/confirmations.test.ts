import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { JobRequest, Kernel } from '../index.ts';
import { grantForTest } from '../testing/grants.ts';
import { one, submitWords } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { beginTransaction, isWaitedFor } from '../testing/locks.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';
import { adoptHold, releaseUnusedHolds } from './holds.ts';

async function kernelWithCredit() {
  const under = await kernelForTest({ pipelines: [toyPipeline()], time: 'driven' });
  await grantForTest(under.kernel, 1, 1000);
  return under;
}

async function confirm(kernel: Kernel, amount: number, seconds?: number): Promise<number> {
  const jobId = await kernel.credits.drawJobId();
  const reservation = { jobId, ownerId: 1, amount, ...(seconds === undefined ? {} : { seconds }) };
  await kernel.transaction((tx) => kernel.credits.reserve(tx, reservation));
  return jobId;
}

const submit = (kernel: Kernel, id: number, more: Partial<JobRequest> = {}) =>
  submitWords(kernel, ['a'], { id, ...more });

const ENTRIES = `SELECT array_agg(kind || ' ' || amount ORDER BY id) AS entries FROM kernel.entries WHERE job_id = $1`;

test('a confirmation names the job before it exists, and the job takes up what was held', async () => {
  const { kernel } = await kernelWithCredit();
  const id = await confirm(kernel, 300);
  expect(await kernel.credits.balance(1)).toMatchObject({ held: 300 });
  expect(await submit(kernel, id, { credits: 300 })).toMatchObject({ id, has_hold: true });
  expect(await kernel.credits.balance(1)).toMatchObject({ held: 300, available: 700 });
  const next = await submitWords(kernel, ['b']);
  expect(next.id).toBeGreaterThan(id);
});

test('a confirmation serves once, its owner alone, and only what it covers', async () => {
  const { kernel, pool } = await kernelWithCredit();
  const id = await confirm(kernel, 300);
  const refused = (more: Partial<JobRequest>, code: string, of = id) =>
    expect(submit(kernel, of, more)).rejects.toMatchObject({ code });
  await refused({ ownerId: 2 }, 'confirmation.unknown');
  await refused({}, 'confirmation.unknown', id + 100);
  await refused({ credits: 301 }, 'confirmation.too_small');
  const submission = randomUUID();
  await submit(kernel, id, { submission });
  expect((await submit(kernel, id, { submission })).id).toBe(id);
  await refused({}, 'confirmation.used');
  await refused({ ownerId: 2 }, 'confirmation.used');
  expect(await kernel.credits.balance(1)).toMatchObject({ held: 300 });
  expect(await one(pool, 'SELECT count(*) AS jobs FROM kernel.jobs')).toEqual({ jobs: 1 });
});

test('of ten submissions with one confirmation one is accepted', async () => {
  const { kernel } = await kernelWithCredit();
  const id = await confirm(kernel, 300);
  const ends = await Promise.allSettled(Array.from({ length: 10 }, () => submit(kernel, id)));
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a confirmation that is not used in half an hour expires, and within a minute its credits are available again', async () => {
  const { kernel, pool, elapse } = await kernelWithCredit();
  const used = await confirm(kernel, 100);
  await submit(kernel, used);
  const unused = await confirm(kernel, 300);
  const { rows } = await pool.query<{ minutes: number }>(
    `SELECT extract(epoch FROM expires_at - created_at)::int / 60 AS minutes FROM kernel.holds`,
  );
  expect(rows).toEqual([{ minutes: 30 }, { minutes: 30 }]);
  const short = await confirm(kernel, 200, 5);
  await elapse(6);
  await expect(submit(kernel, short)).rejects.toMatchObject({ code: 'confirmation.expired' });
  await elapse(30);
  await expect(submit(kernel, short)).rejects.toMatchObject({ code: 'confirmation.expired' });
  expect(await one(pool, ENTRIES, [short])).toEqual({
    entries: ['hold 200', 'settle 0', 'release 200'],
  });
  expect(await one(pool, ENTRIES, [unused])).toEqual({ entries: ['hold 300'] });
  expect(await one(pool, ENTRIES, [used])).toEqual({ entries: ['hold 100'] });
});

test('a confirmation that is used while it expires is not released, and one that is released cannot be used', async () => {
  const { kernel, pool, first, elapse } = await kernelWithCredit();
  const id = await confirm(kernel, 300, 5);
  const adopting = await beginTransaction(first.pool);
  const tx = {
    query: adopting.query.bind(adopting),
    afterCommit: () => {},
  };
  await adoptHold(tx, { jobId: id, ownerId: 1, atLeast: 0 });
  await elapse(6);
  const releasing = releaseUnusedHolds({ pool: first.pool, onRerun: () => {} });
  await isWaitedFor(pool, adopting);
  await adopting.query('COMMIT');
  await releasing;
  expect(await one(pool, ENTRIES, [id])).toEqual({ entries: ['hold 300'] });
});

test('a confirmation stays used when its job is deleted', async () => {
  const { kernel } = await kernelWithCredit();
  const id = await confirm(kernel, 300);
  await submit(kernel, id, { subject: 'book:1' });
  await kernel.transaction((tx) => kernel.deleteJobs(tx, { ownerId: 1, subject: 'book:1' }));
  await expect(submit(kernel, id)).rejects.toMatchObject({ code: 'confirmation.used' });
  expect(await kernel.credits.balance(1)).toEqual({ balance: 1000, held: 0, available: 1000 });
});

test('processes that find the same expired confirmation release it once', async () => {
  const { kernel, pool, first, elapse } = await kernelWithCredit();
  const id = await confirm(kernel, 300, 5);
  await elapse(6);
  const release = () => releaseUnusedHolds({ pool: first.pool, onRerun: () => {} });
  await Promise.all([release(), release(), release()]);
  expect(await one(pool, ENTRIES, [id])).toEqual({
    entries: ['hold 300', 'settle 0', 'release 300'],
  });
  expect(await kernel.credits.balance(1)).toEqual({ balance: 1000, held: 0, available: 1000 });
});

test('a job that costs nothing is confirmed by somebody without any credits, and moves none', async () => {
  const { kernel, pool } = await kernelForTest({ pipelines: [toyPipeline()], time: 'driven' });
  const [used, unused] = [await confirm(kernel, 0), await confirm(kernel, 0, 1)];
  const job = await submit(kernel, used);
  expect(job.id).toBe(used);
  await kernel.cancel(used, 1, 1);
  await pool.query(`UPDATE kernel.holds SET expires_at = created_at WHERE job_id = $1`, [unused]);
  await expect(submit(kernel, unused)).rejects.toMatchObject({ code: 'confirmation.expired' });
  expect(await one(pool, 'SELECT count(*) AS entries FROM kernel.entries')).toEqual({ entries: 0 });
  expect(await one(pool, 'SELECT count(settled_at) AS settled FROM kernel.holds')).toEqual({
    settled: 1,
  });
});
