import { expect, test } from 'vitest';
import { z } from 'zod';
import { done, type Kernel, type WorkContext } from '../index.ts';
import { filesForTest } from '../testing/files.ts';
import { one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest, type KernelUnderTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';
import { deleteUnreferencedWorks } from './retention.ts';

const LARGE = 'x'.repeat(300_000);

const run = async ({ word }: { word: string }, ctx: WorkContext) => {
  const answer = await ctx.memo('call', z.string(), () => Promise.resolve(`${word}?`));
  await ctx.artifacts.put({ name: 'a.txt', mediaType: 'text/plain' }, Buffer.from(answer));
  return done(word === 'large' ? LARGE : answer);
};

async function finish(kernel: Kernel, words: readonly string[]): Promise<number> {
  const job = await submitWords(kernel, words);
  await watchToEnd(kernel, job.id);
  return job.id;
}

/** A job deleted by hand: what it referred to is left behind. */
async function forgetJob({ pool }: Pick<KernelUnderTest, 'pool'>, jobId: number): Promise<void> {
  await pool.query('DELETE FROM kernel.jobs WHERE id = $1', [jobId]);
}

const noteDays = (days: number) =>
  `UPDATE kernel.works
      SET unreferenced_since = unreferenced_since - interval '${days} days'
    WHERE unreferenced_since IS NOT NULL`;

test('what nothing refers to goes after its time, with its memos, its attempts and its files', async () => {
  const files = await filesForTest();
  const under = await kernelForTest({ pipelines: [toyPipeline({ run })], files });
  const { kernel, first, pool } = under;
  await first.work(1);
  const forgotten = await finish(kernel, ['large', 'shared']);
  await finish(kernel, ['shared']);
  await forgetJob(under, forgotten);

  expect(await kernel.sweep()).toMatchObject({ works: 0 });
  await pool.query(noteDays(29));
  expect(await kernel.sweep()).toMatchObject({ works: 0 });
  await pool.query(noteDays(2));
  // Its plan, its merge and the part that only it had; that part's file and its large result.
  expect(await kernel.sweep()).toMatchObject({ works: 3, artifacts: 2 });
  const { rows } = await pool.query(
    `SELECT w.kind, w.result, count(m.*) AS memos
       FROM kernel.works w
       LEFT JOIN kernel.memos m ON m.work_id = w.id
      GROUP BY w.id
      ORDER BY w.id`,
  );
  expect(rows.filter((row) => row.kind === 'chunk')).toEqual([
    { kind: 'chunk', result: 'shared?', memos: 1 },
  ]);
  expect(new Set(rows.map((row) => row.kind))).toEqual(new Set(['plan', 'chunk', 'merge']));
  expect(rows).toHaveLength(3);
  expect(await files.paths()).toHaveLength(1);
});

test('a work that is wanted again starts a new time when it is left again', async () => {
  const under = await kernelForTest({
    pipelines: [toyPipeline()],
    retention: { unreferencedWorks: 7 },
  });
  const { kernel, first, pool } = under;
  await first.work(1);
  await forgetJob(under, await finish(kernel, ['word']));
  await kernel.sweep();
  await pool.query(noteDays(6));
  const again = await finish(kernel, ['word']);
  await kernel.sweep();
  await forgetJob(under, again);
  await kernel.sweep();
  await pool.query(noteDays(2));
  await kernel.sweep();
  const found = await one(pool, `SELECT count(*) AS works FROM kernel.works WHERE kind = 'chunk'`);
  expect(found).toEqual({ works: 1 });
});

test('a work that is joined while its time is over is kept, and its note is gone', async () => {
  const under = await kernelForTest({ pipelines: [toyPipeline()] });
  const { kernel, first, pool } = under;
  await first.work(1);
  await forgetJob(under, await finish(kernel, ['word']));
  await kernel.sweep();
  await pool.query(noteDays(31));
  // The job has come between the notes of the last sweep and this one.
  const job = await submitWords(kernel, ['word']);
  await watchToEnd(kernel, job.id);
  await kernel.sweep();
  const work = await one(
    pool,
    `SELECT w.unreferenced_since, c.is_reused
       FROM kernel.chunks c
       JOIN kernel.works w ON w.id = c.work_id`,
  );
  expect(work).toEqual({ unreferenced_since: null, is_reused: true });
});

test('only what nothing refers to is deleted, whatever the sweeper thought before it locked it', async () => {
  const under = await kernelForTest({ pipelines: [toyPipeline()] });
  const { kernel, first, pool } = under;
  await first.work(1);
  const forgotten = await finish(kernel, ['a', 'b']);
  await finish(kernel, ['b']);
  await forgetJob(under, forgotten);
  const { rows } = await pool.query<{ id: number }>('SELECT id FROM kernel.works');
  const ids = rows.map((row) => row.id);
  expect(ids).toHaveLength(6);
  expect(await kernel.transaction((tx) => deleteUnreferencedWorks(tx, ids))).toBe(3);
});

test('a plan that finds a work in the middle of its deletion makes it anew', async () => {
  const under = await kernelForTest({ pipelines: [toyPipeline()] });
  const { kernel, first, pool } = under;
  await first.work(1);
  await forgetJob(under, await finish(kernel, ['word']));
  const sweeper = await pool.connect();
  await sweeper.query('BEGIN');
  await sweeper.query(`DELETE FROM kernel.works WHERE kind = 'chunk'`);
  const job = await submitWords(kernel, ['word']);
  await expect
    .poll(async () => (await pool.query(`SELECT FROM pg_locks WHERE NOT granted`)).rowCount)
    .toBe(1);
  await sweeper.query('COMMIT');
  sweeper.release();
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({
    status: 'completed',
    chunks: [{ status: 'done', is_reused: false }],
  });
});

test('works of open jobs are nobody’s to sweep, running or waiting', async () => {
  const stage = createStage();
  const { kernel, first, pool } = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    retention: { unreferencedWorks: 0 },
  });
  await first.work(1);
  const job = await submitWords(kernel, ['a', 'b', 'c'], { parallel: 1 });
  const call = await stage.call('a');
  expect(await kernel.sweep()).toMatchObject({ works: 0 });
  expect(await one(pool, 'SELECT count(*) AS works FROM kernel.works')).toEqual({ works: 4 });
  call.end(done('A'));
  for (const word of ['b', 'c']) (await stage.call(word)).end(done(word));
  await watchToEnd(kernel, job.id);
});

test('the log of a job that ended a month ago is reduced to its first and last event', async () => {
  const { kernel, first, pool } = await kernelForTest({ pipelines: [toyPipeline()] });
  await first.work(1);
  const old = await finish(kernel, ['a', 'b']);
  const young = await finish(kernel, ['c']);
  const whole = await kernel.events(old, 0);
  const days = (id: number, count: number) =>
    pool.query(
      `UPDATE kernel.jobs SET finished_at = finished_at - $2 * interval '1 day' WHERE id = $1`,
      [id, count],
    );
  await days(old, 31);
  await days(young, 29);
  expect(await kernel.sweep()).toMatchObject({ logs: 1 });
  expect(await kernel.sweep()).toMatchObject({ logs: 0 });

  const reduced = await kernel.events(old, 0);
  expect(reduced).toEqual([whole[0], whole.at(-1)]);
  expect(reduced.map((event) => event.type)).toEqual(['job.accepted', 'job.completed']);
  // Whoever was in the middle of it learns how it ended, at once.
  expect(await Array.fromAsync(kernel.follow(old, 3, AbortSignal.timeout(5000)))).toEqual([
    whole.at(-1),
  ]);
  expect(await watchToEnd(kernel, old)).toHaveLength(2);
  expect((await kernel.events(young, 0)).length).toBeGreaterThan(2);
});
