import { expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { done, retryAfter, type WorkContext } from '../index.ts';
import { firstEvent, one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage, type Stage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

/* Jobs that wait for a budget: they say so, they use up no try, and they go on by themselves. */

const budgets = { acme: { requestsPerMinute: 5 } };

/** Chunk code that asks for the budget and is then in the hands of the test. */
function asking(stage: Stage): Stage['run'] {
  return async (chunk, ctx) => {
    const answer = await ctx.budget('acme').take({ tokens: 0 });
    return answer.granted ? await stage.run(chunk, ctx) : retryAfter(answer.seconds, answer.reason);
  };
}

const waitingFor = z.object({ reason: z.string(), until: z.coerce.date() });
const isWaiting = ({ type }: { type: string }) => type === 'job.waiting';

test('two workers share a budget; the job says what it waits for and until when, and goes on afterwards', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const stage = createStage();
  const pipelines = [toyPipeline({ run: asking(stage) })];
  const under = await kernelForTest({ pipelines, budgets, time: 'driven' });
  const { kernel } = under;
  const other = await under.another();
  for (const each of [kernel, other.kernel]) await each.worker({ slots: 3 }).start();

  const words = ['a', 'b', 'c', 'd', 'e', 'f'];
  const job = await submitWords(kernel, words, { parallel: 6 });
  await under.elapse(3);
  // Four of five requests, the fifth is kept; each worker has three places, so both of them have asked.
  expect(words.filter((word) => stage.runs(word) === 1)).toHaveLength(4);
  const { at, data } = await firstEvent(kernel, job.id, isWaiting);
  const { reason, until } = waitingFor.parse(data['waiting_for']);
  expect(reason).toBe("acme's budget of 5 requests a minute");
  expect(until.getTime() - at.getTime()).toBeGreaterThan(50_000);

  const begun = words.filter((word) => stage.runs(word) === 1);
  for (const word of begun) (await stage.call(word)).end(done(word));
  await under.elapse(2);
  expect((await kernel.job(job.id, 1)).waiting_for).toEqual({
    reason: "acme's budget of 5 requests a minute",
    until: expect.any(Date),
  });

  vi.setSystemTime(Date.now() + 61_000);
  await under.elapse(65);
  for (const word of words.filter((each) => !begun.includes(each))) {
    (await stage.call(word)).end(done(word));
  }
  await under.elapse(2);
  expect(await kernel.job(job.id, 1)).toMatchObject({ status: 'completed', gaps: [] });
  expect(
    await one(
      under.pool,
      `SELECT count(DISTINCT worker_id)::int AS workers,
              count(*) FILTER (WHERE outcome = 'retry')::int AS postponed,
              (SELECT sum(failures)::int FROM kernel.works) AS failures
         FROM kernel.attempts`,
    ),
  ).toEqual({ workers: 2, postponed: 2, failures: 0 });
});

test('a refusal by the provider pauses the workers of all processes and uses up no try', async () => {
  const calls: string[] = [];
  const run = (name: string) => async (_chunk: unknown, ctx: WorkContext) => {
    const budget = ctx.budget('acme');
    const answer = await budget.take({ tokens: 0 });
    if (!answer.granted) return retryAfter(answer.seconds, answer.reason);
    calls.push(name);
    if (calls.length > 1) return done('late');
    await budget.pause(20, 'acme asks to wait');
    return retryAfter(20, 'acme asks to wait');
  };
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: run('first') })],
    time: 'driven',
  });
  await under.kernel.worker({ slots: 1 }).start();
  const early = await submitWords(under.kernel, ['a']);
  await under.elapse(2);
  expect(calls).toEqual(['first']);

  const other = await under.another({ pipelines: [toyPipeline({ run: run('other') })] });
  const worker = other.kernel.worker({ slots: 4 });
  await worker.start();
  const late = await submitWords(other.kernel, ['b', 'c'], { ownerId: 2 });
  await under.elapse(3);
  expect(calls).toEqual(['first']);
  expect((await other.kernel.job(late.id, 2)).waiting_for).toEqual({
    reason: 'acme asks to wait',
    until: expect.any(Date),
  });
  await under.elapse(25);
  expect(calls).toHaveLength(4);
  for (const [id, owner] of [[early.id, 1] as const, [late.id, 2] as const]) {
    expect(await under.kernel.job(id, owner)).toMatchObject({ status: 'completed', gaps: [] });
  }
  expect(await one(under.pool, 'SELECT sum(failures)::int AS failures FROM kernel.works')).toEqual({
    failures: 0,
  });
});

test('the kept fifth is for the job of a person who waits, and for the work that such a job has joined', async () => {
  const ask = asking(createStage(() => false));
  const gate = Promise.withResolvers<void>();
  const joined = Promise.withResolvers<void>();
  const run: Stage['run'] = async (chunk, ctx) => {
    if (chunk.word === 'joined') {
      joined.resolve();
      await gate.promise;
    }
    return await ask(chunk, ctx);
  };
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run })],
    budgets: { acme: { requestsPerMinute: 10 } },
  });
  const { kernel } = under;
  await kernel.worker({ slots: 3 }).start();

  const preload = await submitWords(kernel, ['joined', 'x'], { class: 'preload' });
  await joined.promise;
  const crowd = await submitWords(
    kernel,
    Array.from({ length: 9 }, (_, index) => `bulk-${index}`),
    { class: 'bulk', parallel: 9 },
  );
  await firstEvent(kernel, crowd.id, isWaiting);

  const own = await submitWords(kernel, ['own'], { class: 'waiting' });
  await watchToEnd(kernel, own.id);
  // The work that runs already was begun for a preload; whoever joins it brings it the kept part.
  const reader = await submitWords(kernel, ['joined'], { class: 'waiting' });
  await firstEvent(kernel, reader.id, ({ type }) => type === 'job.planned');
  gate.resolve();
  await watchToEnd(kernel, reader.id);
  expect(await kernel.job(reader.id, 1)).toMatchObject({ status: 'completed', gaps: [] });
  await watchToEnd(kernel, preload.id);
  expect((await kernel.job(crowd.id, 1)).status).toBe('processing');
});

test('a work that waits for a budget is asked again at once when a person joins, but not one that obeys a moment', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const stage = createStage();
  const pipelines = [toyPipeline({ run: asking(stage) })];
  const under = await kernelForTest({ pipelines, budgets, time: 'driven' });
  const { kernel } = under;
  await under.work(6);
  const job = await submitWords(kernel, ['a', 'b', 'c', 'd', 'put-off'], { parallel: 5 });
  await under.elapse(2);
  const late = ['a', 'b', 'c', 'd', 'put-off'].find((word) => stage.runs(word) === 0)!;
  await firstEvent(kernel, job.id, isWaiting);
  const person = await submitWords(kernel, [late], { class: 'waiting' });
  await under.elapse(2);
  expect(stage.runs(late)).toBe(1);
  (await stage.call(late)).end(retryAfter(50, 'the model said so'));
  await under.elapse(1);
  const another = await submitWords(kernel, [late], { class: 'waiting', isPremium: true });
  await under.elapse(2);
  expect(stage.runs(late)).toBe(1);
  await kernel.cancel(person.id, 1, 1);
  await kernel.cancel(another.id, 1, 1);
});
