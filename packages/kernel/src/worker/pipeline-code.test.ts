import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { done } from '../index.ts';
import { firstEvent, one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline, type ToyOptions } from '../testing/toy-pipeline.ts';

async function drivenKernel(options: ToyOptions = {}) {
  const stage = createStage((word) => word.startsWith('held'));
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run, ...options })],
    time: 'driven',
  });
  await under.work(2);
  return { ...under, stage };
}

interface Counts {
  status: string;
  attempts: number;
  failures: number;
  crashes: number;
}

function countsOf(pool: Pool, word: string): Promise<Counts> {
  return one<Counts>(
    pool,
    'SELECT status, attempts, failures, crashes FROM kernel.works WHERE input ->> $1 = $2',
    ['word', word],
  );
}

test('code that takes too long is aborted and tried again like any failure', async () => {
  const { kernel, pool, elapse, stage } = await drivenKernel({ timeouts: { chunk: 5 } });
  const job = await submitWords(kernel, ['held', 'fine']);
  for (let time = 1; time <= 4; time += 1) {
    const call = await stage.call('held', time);
    await elapse(4);
    expect(call.ctx.signal.aborted).toBe(false);
    await elapse(1);
    expect(call.ctx.signal.aborted).toBe(true);
    // At most four seconds pass until the next try.
    for (let second = 0; second < 5 && stage.runs('held') === time; second += 1) await elapse(1);
  }
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({
    status: 'completed',
    gaps: [{ index: 0, code: 'work.timed_out', message: expect.stringContaining('5 seconds') }],
  });
  expect(await countsOf(pool, 'held')).toMatchObject({ attempts: 4, failures: 4 });
});

test('a plan and a merge that fail take the job with them, with their code', async () => {
  let failing = 'plan';
  const fail = (what: string) =>
    failing === what
      ? Promise.reject(Object.assign(new Error(`No ${what}.`), { code: `toy.no_${what}` }))
      : Promise.resolve();
  const { kernel, elapse, pool } = await drivenKernel({
    plan: () => fail('plan'),
    merge: () => fail('merge'),
  });
  for (const what of ['plan', 'merge']) {
    failing = what;
    const job = await submitWords(kernel, [`a ${what}`]);
    await elapse(16);
    await watchToEnd(kernel, job.id);
    expect(await kernel.job(job.id, 1)).toMatchObject({
      status: 'failed',
      error: { code: `toy.no_${what}`, message: `No ${what}.` },
    });
  }
  failing = '';
  const { id } = await one<{ id: number }>(pool, 'SELECT max(id) AS id FROM kernel.jobs');
  const retry = await kernel.retry(id, 1);
  await watchToEnd(kernel, retry.id);
  // Its part was done before.
  expect(await kernel.job(retry.id, 1)).toMatchObject({
    status: 'completed',
    chunks: [{ is_reused: true }],
  });
});

test('what a pipeline writes with a transition is there exactly if the transition is', async () => {
  const isBroken = { settled: true, ended: true };
  const breakOnce = (what: keyof typeof isBroken) => {
    if (!isBroken[what]) return;
    isBroken[what] = false;
    throw new Error('The statement after it failed.');
  };
  const { kernel, pool, elapse } = await drivenKernel({
    onSettled: async (tx, { jobId, chunks }) => {
      for (const { index, status } of chunks) {
        await tx.query('INSERT INTO told VALUES ($1, $2)', [jobId, `${index} ${status}`]);
      }
      breakOnce('settled');
    },
    onEnded: async (tx, { jobId, status }) => {
      await tx.query('INSERT INTO told VALUES ($1, $2)', [jobId, status]);
      breakOnce('ended');
    },
  });
  await pool.query('CREATE TABLE told (job_id bigint, what text)');
  const told = async (jobId: number) => {
    const { rows } = await pool.query<{ what: string }>(
      'SELECT what FROM told WHERE job_id = $1 ORDER BY what',
      [jobId],
    );
    return rows.map((row) => row.what);
  };
  const unlucky = await submitWords(kernel, ['a']);
  await elapse(4);
  await watchToEnd(kernel, unlucky.id);
  // Each transition was rolled back once with what the hook had written, and made again.
  expect(isBroken).toEqual({ settled: false, ended: false });
  expect(await kernel.job(unlucky.id, 1)).toMatchObject({ status: 'completed', gaps: [] });
  expect(await told(unlucky.id)).toEqual(['0 done', 'completed']);

  const lucky = await submitWords(kernel, ['b', 'c', 'b']);
  await watchToEnd(kernel, lucky.id);
  expect(await told(lucky.id)).toEqual(['0 done', '1 done', '2 done', 'completed']);
  const again = await submitWords(kernel, ['c']);
  await watchToEnd(kernel, again.id);
  expect(await told(again.id)).toEqual(['0 done', 'completed']);
  const cancelled = await submitWords(kernel, ['held']);
  await firstEvent(kernel, cancelled.id, (event) => event.type === 'job.planned');
  await kernel.cancel(cancelled.id, 1, 1);
  expect(await told(cancelled.id)).toEqual(['cancelled']);
});

test('what an attempt has remembered is there for the next one, whoever runs it', async () => {
  let calls = 0;
  const { kernel, elapse } = await drivenKernel({
    run: async (_chunk, ctx) => {
      const answer = await ctx.memo('answer', z.string(), () => {
        calls += 1;
        return Promise.resolve(`answer ${calls}`);
      });
      if (calls === 1) {
        calls = 10;
        throw new Error('The next step failed.');
      }
      return done(answer);
    },
  });
  const job = await submitWords(kernel, ['a']);
  await elapse(4);
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({ output: { shouted: 'answer 1' } });
  expect(calls).toBe(10);
});

test('of two attempts that remember at the same time both go on with what was stored first', async () => {
  const { kernel, pool } = await drivenKernel({
    run: async (_chunk, ctx) =>
      done(
        await ctx.memo('answer', z.string(), async () => {
          await pool.query(
            `INSERT INTO kernel.memos (work_id, key, value, created_at) VALUES ($1, 'answer', '"the other one’s"', now())`,
            [ctx.workId],
          );
          return 'mine';
        }),
      ),
  });
  const job = await submitWords(kernel, ['a']);
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({ output: { shouted: 'the other one’s' } });
});

test('an answer with characters that PostgreSQL refuses is remembered without them', async () => {
  let calls = 0;
  const { kernel, pool, elapse } = await drivenKernel({
    run: async (_chunk, ctx) => {
      const answer = await ctx.memo('an\u0000swer', z.record(z.string(), z.string()), () => {
        calls += 1;
        return Promise.resolve({ 'ke\u0000y': 'half of \ud83d and \u0000' });
      });
      if (calls === 1) {
        calls = 10;
        throw new Error('The next step failed.');
      }
      return done(Object.entries(answer).flat().join(': '));
    },
  });
  const job = await submitWords(kernel, ['a']);
  await elapse(4);
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({
    output: { shouted: 'ke\ufffdy: half of \ufffd and \ufffd' },
  });
  expect(calls).toBe(10);
  expect((await pool.query('SELECT FROM kernel.memos')).rowCount).toBe(1);
});
