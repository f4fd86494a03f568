import { expect, test } from 'vitest';
import { done, retryAfter } from '../index.ts';
import { firstEvent, one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

const WORK = `SELECT status, owner_id FROM kernel.works WHERE input ->> 'word' = $1`;
const COUNTS = `SELECT status, attempts, failures, crashes, is_alone FROM kernel.works WHERE kind = $1`;

test('a worker that stops gives back what runs: it runs elsewhere, and nothing is counted', async () => {
  const stage = createStage();
  const { kernel, pool, another, work } = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
  });
  const worker = await work(2);
  const job = await submitWords(kernel, ['a', 'b']);
  const calls = [await stage.call('a'), await stage.call('b')];
  const other = await another();
  const stopping = worker.stop(0);
  await other.work(2);
  const again = [await stage.call('a', 2), await stage.call('b', 2)];
  await stopping;
  expect(calls.map((call) => call.ctx.signal.aborted)).toEqual([true, true]);
  for (const call of again) call.end(done(call.word));
  await watchToEnd(kernel, job.id);
  expect((await pool.query(COUNTS, ['chunk'])).rows).toEqual(
    [1, 2].map(() => ({
      status: 'done',
      attempts: 2,
      failures: 0,
      crashes: 0,
      is_alone: false,
    })),
  );
  const { rows } = await pool.query(
    `SELECT outcome, count(*)::int FROM kernel.attempts a JOIN kernel.works w ON w.id = a.work_id
      WHERE w.kind = 'chunk' GROUP BY outcome ORDER BY outcome`,
  );
  expect(rows).toEqual([
    { outcome: 'done', count: 2 },
    { outcome: 'given_back', count: 2 },
  ]);
});

test('a worker that stops takes nothing new, and lets what runs end in its time', async () => {
  const stage = createStage();
  const { kernel, work } = await kernelForTest({ pipelines: [toyPipeline({ run: stage.run })] });
  const worker = await work(2);
  const job = await submitWords(kernel, ['a']);
  const call = await stage.call('a');
  const stopping = worker.stop(60_000);
  await submitWords(kernel, ['b']);
  call.end(done('A'));
  await stopping;
  expect(call.ctx.signal.aborted).toBe(false);
  expect(await kernel.job(job.id, 1)).toMatchObject({ done_chunks: 1, stage: 'merge' });
  expect(stage.begun).toEqual(['a']);
  expect(await kernel.workers()).toEqual([]);
});

test('what a given-back plan has used is counted all the same', async () => {
  const planning = Promise.withResolvers<void>();
  const { kernel, pool, work } = await kernelForTest({
    pipelines: [
      toyPipeline({
        plan: async (_words, ctx) => {
          const { signal } = ctx;
          ctx.usage({ calls: 1, tokens: 100 });
          planning.resolve();
          await new Promise((resolve) => {
            signal.addEventListener('abort', resolve);
          });
        },
      }),
    ],
  });
  const worker = await work(1);
  const job = await submitWords(kernel, []);
  await planning.promise;
  await worker.stop(0);
  expect(await one(pool, COUNTS, ['plan'])).toMatchObject({ status: 'queued', failures: 0 });
  expect(await kernel.job(job.id, 1)).toMatchObject({
    status: 'processing',
    llm_calls: 1,
    tokens_used: 100,
  });
});

test('code that ignores its signal is left behind after five seconds, and its slot is free', async () => {
  const deaf = Promise.withResolvers<void>();
  const { kernel, work, another, elapse, log } = await kernelForTest({
    pipelines: [
      toyPipeline({
        run: async ({ word }) => {
          if (word === 'deaf') await deaf.promise;
          return done(word);
        },
      }),
    ],
    time: 'driven',
  });
  await another();
  await work(1);
  const job = await submitWords(kernel, ['deaf']);
  await firstEvent(kernel, job.id, (event) => event.type === 'job.planned');
  await elapse(1);
  await kernel.cancel(job.id, 1, 1);
  const next = await submitWords(kernel, ['next']);
  await elapse(3);
  expect(await kernel.job(next.id, 1)).toMatchObject({ status: 'pending' });
  await elapse(5);
  await watchToEnd(kernel, next.id);
  expect(await kernel.job(next.id, 1)).toMatchObject({ status: 'completed' });
  expect(log.lines).toContainEqual(
    expect.objectContaining({
      level: 'error',
      message: 'Pipeline code ignored its abort signal; its slot is taken away',
    }),
  );
  deaf.resolve();
});

test('a part that outlives its job’s cancel goes on in the name of the owner who still waits for it', async () => {
  const stage = createStage();
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  const { kernel, pool, elapse } = under;
  await under.work(3);
  const first = await submitWords(kernel, ['shared'], { ownerId: 1, scope: 'shared' });
  const call = await stage.call('shared');
  const heir = await submitWords(kernel, ['shared'], { ownerId: 2, scope: 'shared' });
  await firstEvent(kernel, heir.id, (event) => event.type === 'job.planned');
  await kernel.cancel(first.id, 1, 1);
  await elapse(2);
  expect(call.ctx.signal.aborted).toBe(false);
  expect(await one(pool, WORK, ['shared'])).toEqual({ status: 'running', owner_id: 2 });

  call.end(retryAfter(5, 'the model’s limit'));
  await elapse(7);
  const second = await stage.call('shared', 2);
  expect(second.ctx).toMatchObject({ ownerId: 2, jobId: heir.id });
  second.end(done('SHARED'));
  await watchToEnd(kernel, heir.id);
  expect(await kernel.job(heir.id, 2)).toMatchObject({
    status: 'completed',
    output: { shouted: 'SHARED' },
  });
});
