import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { inTransaction } from '../db/transaction.ts';
import { done, failed, type JobRequest, type Kernel } from '../index.ts';
import { addUsage } from '../store/add-usage.ts';
import { grantForTest } from '../testing/grants.ts';
import { firstEvent, one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { beginTransaction, isWaitedFor } from '../testing/locks.ts';
import { createStage, type Call } from '../testing/stage.ts';
import { toyPipeline, type ToyOptions } from '../testing/toy-pipeline.ts';

/* A word may cost 50 millicredits at most. What its code really uses, the test says. */

const CEILING = 50;
const MODEL = { calls: 1, model: 'toy-1', factor: 1, costMicros: 7 };

async function paidKernel(options: ToyOptions = {}) {
  const stage = createStage();
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run, ceiling: CEILING, ...options })],
  });
  await under.work(4);
  await grantForTest(under.kernel, 1, 1000);
  return { ...under, stage };
}

function endWith(call: Call, tokens: number): void {
  call.ctx.usage({ ...MODEL, tokens });
  call.end(done(call.word.toUpperCase()));
}

async function runWords(
  { kernel, stage }: { kernel: Kernel; stage: ReturnType<typeof createStage> },
  costs: Record<string, number>,
  more: Partial<JobRequest>,
): Promise<number> {
  const job = await submitWords(kernel, Object.keys(costs), more);
  for (const [word, tokens] of Object.entries(costs)) {
    void stage.call(word).then((call) => endWith(call, tokens));
  }
  await watchToEnd(kernel, job.id);
  return job.id;
}

const CHARGES = `SELECT count(*)::int AS count, COALESCE(sum(amount), 0)::int AS sum FROM kernel.charges`;

test('a job holds its credits when it is handed in; its last transaction spends what its results cost and gives back the rest', async () => {
  const { kernel, stage } = await paidKernel();
  const job = await submitWords(kernel, ['a', 'b'], { credits: 200 });
  expect(await kernel.credits.balance(1)).toEqual({ balance: 1000, held: 200, available: 800 });
  endWith(await stage.call('a'), 30);
  await firstEvent(kernel, job.id, ({ type }) => type === 'chunk.settled');
  expect(await kernel.credits.receipt(job.id, 1)).toMatchObject({
    credits: { held: 200, charged: 30, settled: null, returned: null },
  });
  endWith(await stage.call('b'), 20);
  await watchToEnd(kernel, job.id);
  expect(await kernel.credits.balance(1)).toEqual({ balance: 950, held: 0, available: 950 });
  expect(await kernel.credits.entries(1, { limit: 10 })).toMatchObject([
    { kind: 'release', amount: 150, available_after: 950, held_after: 0, job_id: job.id },
    { kind: 'settle', amount: -50, available_after: 800, held_after: 150, job_id: job.id },
    { kind: 'hold', amount: -200, available_after: 800, held_after: 200, job_id: job.id },
    { kind: 'grant', amount: 1000 },
  ]);
  expect(await kernel.credits.receipt(job.id, 1)).toEqual({
    jobId: job.id,
    calls: 2,
    tokens: 50,
    models: [{ model: 'toy-1', calls: 2, tokens: 50, costMicros: 14 }],
    costMicros: 14,
    credits: { held: 200, charged: 50, settled: 50, returned: 150 },
  });
  await expect(kernel.credits.receipt(job.id, 2)).rejects.toThrow('no job');
});

test('a result costs its ceiling at most, and a call that came to nothing is listed and costs no credits', async () => {
  const { kernel, stage } = await paidKernel();
  const job = await submitWords(kernel, ['dear', 'vain'], { credits: 100 });
  endWith(await stage.call('dear'), 5000);
  const vain = await stage.call('vain');
  vain.ctx.usage({ calls: 1, tokens: 20, model: 'toy-2', factor: 1 });
  vain.end(failed('toy.unreadable', 'It cannot be read.'));
  await watchToEnd(kernel, job.id);
  expect(await kernel.credits.receipt(job.id, 1)).toMatchObject({
    calls: 2,
    tokens: 5020,
    models: [{ model: 'toy-1' }, { model: 'toy-2', tokens: 20, costMicros: null }],
    costMicros: null,
    credits: { settled: 50, returned: 50 },
  });
});

test('credits that are not there refuse the job, and nothing of it is stored', async () => {
  const { kernel, pool } = await paidKernel();
  await expect(submitWords(kernel, ['a'], { credits: 1001 })).rejects.toMatchObject({
    code: 'credit.insufficient',
  });
  expect(
    await one(
      pool,
      `SELECT (SELECT count(*) FROM kernel.jobs) AS jobs, (SELECT count(*) FROM kernel.holds) AS holds`,
    ),
  ).toEqual({ jobs: 0, holds: 0 });
});

test('ten submissions at once against credit for one start exactly one, whichever process takes them', async () => {
  const { kernel, another, pool } = await paidKernel();
  const elsewhere = await another();
  const ends = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) =>
      submitWords(index % 2 === 0 ? kernel : elsewhere.kernel, ['a'], { credits: 600 }),
    ),
  );
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await one(pool, 'SELECT count(*) AS jobs FROM kernel.jobs')).toEqual({ jobs: 1 });
  expect(await kernel.credits.balance(1)).toMatchObject({ held: 600, available: 400 });
});

test('a cancelled job pays for what is done, lists what is aborted, and the rest is given back', async () => {
  const { kernel, stage } = await paidKernel();
  const job = await submitWords(kernel, ['a', 'b'], { credits: 200 });
  const running = await stage.call('b');
  running.ctx.usage({ ...MODEL, tokens: 40 });
  endWith(await stage.call('a'), 30);
  await firstEvent(kernel, job.id, ({ type }) => type === 'chunk.settled');
  await kernel.cancel(job.id, 1, 1);
  expect(await kernel.credits.balance(1)).toEqual({ balance: 970, held: 0, available: 970 });
  await expect
    .poll(() => kernel.credits.receipt(job.id, 1))
    .toMatchObject({ calls: 2, tokens: 70, credits: { settled: 30, returned: 170 } });
});

test('a result that is shared is charged once, to the job that had it made; who joins or comes later pays nothing', async () => {
  const { kernel, stage, pool } = await paidKernel();
  const first = await submitWords(kernel, ['a'], { credits: 100 });
  const call = await stage.call('a');
  const joined = await submitWords(kernel, ['a'], { credits: 100 });
  await firstEvent(kernel, joined.id, ({ type }) => type === 'job.planned');
  endWith(call, 30);
  for (const { id } of [first, joined]) await watchToEnd(kernel, id);
  const later = await submitWords(kernel, ['a'], { credits: 100 });
  await watchToEnd(kernel, later.id);
  expect(await one(pool, CHARGES)).toEqual({ count: 1, sum: 30 });
  expect(await kernel.credits.receipt(first.id, 1)).toMatchObject({ credits: { settled: 30 } });
  for (const { id } of [joined, later]) {
    expect(await kernel.job(id, 1)).toMatchObject({ output: { shouted: 'A' } });
    expect(await kernel.credits.receipt(id, 1)).toMatchObject({
      credits: { settled: 0, returned: 100 },
    });
  }
  expect(await kernel.credits.balance(1)).toEqual({ balance: 970, held: 0, available: 970 });
});

test('a work that passes to another job when the first one is cancelled is paid by that one', async () => {
  const { kernel, stage } = await paidKernel();
  const first = await submitWords(kernel, ['a'], { credits: 100 });
  const call = await stage.call('a');
  const heir = await submitWords(kernel, ['a'], { credits: 100 });
  await firstEvent(kernel, heir.id, ({ type }) => type === 'job.planned');
  await kernel.cancel(first.id, 1, 1);
  endWith(call, 30);
  await watchToEnd(kernel, heir.id);
  expect(await kernel.credits.receipt(first.id, 1)).toMatchObject({ credits: { settled: 0 } });
  expect(await kernel.credits.receipt(heir.id, 1)).toMatchObject({
    credits: { settled: 30 },
  });
});

test('a work does not pass to a job that has not kept its ceiling free: it is aborted, and starts anew in its turn', async () => {
  const { kernel, stage, pool } = await paidKernel();
  const first = await submitWords(kernel, ['b'], { credits: 100 });
  const call = await stage.call('b');
  const other = await submitWords(kernel, ['a', 'b'], { credits: 100, parallel: 1 });
  const before = await stage.call('a');
  await kernel.cancel(first.id, 1, 1);
  await expect.poll(() => call.ctx.signal.aborted).toBe(true);
  endWith(before, 50);
  endWith(await stage.call('b', 2), 50);
  await watchToEnd(kernel, other.id);
  expect(await kernel.job(other.id, 1)).toMatchObject({ output: { shouted: 'A B' }, gaps: [] });
  expect(await one(pool, CHARGES)).toEqual({ count: 2, sum: 100 });
});

test('a part that is not covered at the moment waits for those at work; one that never will be is a gap', async () => {
  const under = await paidKernel();
  const { kernel, stage, pool } = under;
  const enough = await runWords(under, { a: 20, b: 20, c: 20, d: 20 }, { credits: 120 });
  expect(await kernel.job(enough, 1)).toMatchObject({ gaps: [], output: { shouted: 'A B C D' } });
  expect(stage.begun.slice(0, 2)).toEqual(['a', 'b']);

  const short = await submitWords(kernel, ['p', 'q', 'r', 's'], { credits: 120 });
  for (const word of ['p', 'q']) endWith(await stage.call(word), 45);
  await watchToEnd(kernel, short.id);
  expect(await kernel.job(short.id, 1)).toMatchObject({
    status: 'completed',
    output: { shouted: 'P Q [out_of_credit] [out_of_credit]' },
    gaps: [
      { index: 2, code: 'out_of_credit' },
      { index: 3, code: 'out_of_credit' },
    ],
  });
  expect(stage.runs('r') + stage.runs('s')).toBe(0);
  expect(await one(pool, CHARGES)).toEqual({ count: 6, sum: 170 });
});

test('never are more parts at work than the hold covers', async () => {
  const { kernel, stage } = await paidKernel();
  const job = await submitWords(kernel, ['a', 'b', 'c', 'd'], { credits: 120 });
  const first = await stage.call('a');
  await stage.call('b');
  await firstEvent(kernel, job.id, ({ type }) => type === 'job.planned');
  expect(await kernel.job(job.id, 1)).toMatchObject({
    chunks: [
      { status: 'active' },
      { status: 'active' },
      { status: 'waiting' },
      { status: 'waiting' },
    ],
  });
  // 110 are left, and 50 of them are b's: c and d want 50 each.
  endWith(first, 10);
  await stage.call('c');
  expect(stage.runs('d')).toBe(0);
});

test('a part that is too dear does not hold up those that are not', async () => {
  const ceilings: Record<string, number> = { a: 50, b: 60, c: 70, d: 10 };
  const { kernel, stage } = await paidKernel({ ceiling: (word) => ceilings[word] ?? 0 });
  const job = await submitWords(kernel, ['a', 'b', 'c', 'd'], { credits: 100, parallel: 1 });
  endWith(await stage.call('a'), 50);
  endWith(await stage.call('d'), 10);
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({
    output: { shouted: 'A [out_of_credit] [out_of_credit] D' },
  });
});

test('without a hold nothing paid is started, and what is stored already is free', async () => {
  const under = await paidKernel();
  const { kernel, stage } = under;
  await runWords(under, { a: 30 }, { credits: 100 });
  const free = await submitWords(kernel, ['a', 'b']);
  await watchToEnd(kernel, free.id);
  expect(await kernel.job(free.id, 1)).toMatchObject({
    status: 'completed',
    output: { shouted: 'A [out_of_credit]' },
  });
  expect(stage.runs('b')).toBe(0);
  expect(await kernel.credits.receipt(free.id, 1)).toMatchObject({ calls: 0, credits: null });
});

test('a pipeline without ceilings needs no credits, and use that it reports costs none', async () => {
  const { kernel, stage, pool } = await paidKernel({ ceiling: 0 });
  const job = await submitWords(kernel, ['a']);
  endWith(await stage.call('a'), 30);
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({ status: 'completed', tokens_used: 30 });
  expect(await kernel.credits.receipt(job.id, 1)).toMatchObject({ tokens: 30, credits: null });
  expect(await one(pool, CHARGES)).toEqual({ count: 0, sum: 0 });
});

test('a retry has a hold of its own and pays only for what the first try lacks', async () => {
  const under = await paidKernel();
  const { kernel, stage } = under;
  const job = await submitWords(kernel, ['a', 'b'], { credits: 200 });
  endWith(await stage.call('a'), 30);
  (await stage.call('b')).end(failed('toy.unreadable', 'It cannot be read.'));
  await watchToEnd(kernel, job.id);
  const submission = randomUUID();
  const retry = await kernel.retry(job.id, 1, { credits: 60, submission });
  expect((await kernel.retry(job.id, 1, { credits: 60, submission })).id).toBe(retry.id);
  endWith(await stage.call('b', 2), 40);
  await watchToEnd(kernel, retry.id);
  expect(await kernel.credits.receipt(retry.id, 1)).toMatchObject({
    credits: { held: 60, settled: 40, returned: 20 },
  });
  expect(await kernel.credits.balance(1)).toEqual({ balance: 930, held: 0, available: 930 });
});

test('deleting a document settles its open jobs and keeps every entry and receipt', async () => {
  const { kernel, stage } = await paidKernel();
  const document = { ownerId: 1, subject: 'book:1' };
  const job = await submitWords(kernel, ['a', 'b'], { credits: 200, subject: 'book:1' });
  endWith(await stage.call('a'), 30);
  await stage.call('b');
  await firstEvent(kernel, job.id, ({ type }) => type === 'chunk.settled');
  await kernel.transaction((tx) => kernel.deleteJobs(tx, document));
  expect(await kernel.credits.balance(1)).toEqual({ balance: 970, held: 0, available: 970 });
  const entries = await kernel.credits.entries(1, { limit: 10, jobId: job.id });
  expect(entries.map(({ kind }) => kind)).toEqual(['release', 'settle', 'hold']);
  expect(await kernel.credits.receipt(job.id, 1)).toMatchObject({
    credits: { settled: 30, returned: 170 },
  });
});

test('a job without a result gives everything back', async () => {
  const { kernel, stage } = await paidKernel();
  const job = await submitWords(kernel, ['a'], { credits: 200 });
  (await stage.call('a')).end(failed('toy.unreadable', 'It cannot be read.'));
  await watchToEnd(kernel, job.id);
  expect(await kernel.job(job.id, 1)).toMatchObject({ status: 'failed' });
  expect(await kernel.credits.balance(1)).toEqual({ balance: 1000, held: 0, available: 1000 });
});

test('a ceiling that is no amount fails the plan and says so', async () => {
  const { kernel } = await paidKernel({ ceiling: 0.5 });
  const job = await submitWords(kernel, ['a'], { credits: 100 });
  const { data } = await firstEvent(kernel, job.id, ({ type }) => type === 'job.waiting');
  expect(data).toMatchObject({
    waiting_for: { reason: expect.stringContaining('The ceiling of part 0 is 0.5') },
  });
});

test('what an attempt has used is kept once, also by a transaction that is run again', async () => {
  const { kernel, pool, stage } = await paidKernel();
  const job = await submitWords(kernel, ['a'], { credits: 100 });
  const { ctx } = await stage.call('a');
  const use = { calls: 2, tokens: 30, model: null, costMicros: null };
  const attempt = { workId: ctx.workId, taskId: randomUUID(), delivery: 1 };
  const usages = [{ id: randomUUID(), ...use, ...attempt, jobId: job.id, ownerId: 1 }];
  for (let run = 1; run <= 2; run += 1) {
    await inTransaction(pool, (tx) => addUsage(tx, usages));
  }
  expect(await kernel.credits.receipt(job.id, 1)).toMatchObject({ calls: 2, tokens: 30 });
  expect(await kernel.job(job.id, 1)).toMatchObject({ llm_calls: 2, tokens_used: 30 });
});

const OF_THE_QUEUE = `SELECT FROM pgboss.job WHERE state = 'active' AND name = 'toy.v1' FOR UPDATE SKIP LOCKED`;

test('whoever waits for accounts has locked no task yet, so it holds up no lease', async () => {
  const { kernel, stage, pool } = await paidKernel();
  const [ending, cancelled] = [
    await submitWords(kernel, ['a'], { credits: 100 }),
    await submitWords(kernel, ['b'], { credits: 100 }),
  ];
  await stage.call('b');
  const holder = await beginTransaction(pool);
  await holder.query('SELECT FROM kernel.accounts FOR UPDATE');
  endWith(await stage.call('a'), 30);
  await isWaitedFor(pool, holder);
  // The merge that is being recorded and the part that runs.
  expect(await pool.query(OF_THE_QUEUE)).toMatchObject({ rowCount: 2 });
  await holder.query('ROLLBACK');
  await watchToEnd(kernel, ending.id);

  const again = await beginTransaction(pool);
  await again.query('SELECT FROM kernel.accounts FOR UPDATE');
  const cancelling = kernel.cancel(cancelled.id, 1, 1);
  await isWaitedFor(pool, again);
  expect(await pool.query(OF_THE_QUEUE)).toMatchObject({ rowCount: 1 });
  await again.query('ROLLBACK');
  await cancelling;
  expect(await kernel.credits.balance(1)).toEqual({ balance: 970, held: 0, available: 970 });
});
