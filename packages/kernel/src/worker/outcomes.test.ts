import { expect, test } from 'vitest';
import { done, failed, retryAfter, type Outcome } from '../index.ts';
import { one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

/** A kernel whose parts end by their word. */
async function endingBy(endings: Record<string, () => Promise<Outcome<string>>>) {
  const run = ({ word }: { word: string }) => endings[word]?.() ?? Promise.resolve(done(word));
  const under = await kernelForTest({ pipelines: [toyPipeline({ run })] });
  await under.work(3);
  return under;
}

const WORK = `SELECT status, attempts, failures, crashes FROM kernel.works WHERE input ->> 'word' = $1`;

test('a completed job says what is missing, and is whole only without gaps', async () => {
  const { kernel } = await endingBy({
    bad: () => Promise.resolve(failed('toy.bad', 'It cannot be shouted.')),
  });
  const job = await submitWords(kernel, ['a', 'bad', 'c']);
  const events = await watchToEnd(kernel, job.id);
  const gaps = [{ index: 1, code: 'toy.bad', message: 'It cannot be shouted.' }];
  expect(events.at(-1)).toMatchObject({ type: 'job.completed', data: { gaps } });
  expect(await kernel.job(job.id, 1)).toMatchObject({
    status: 'completed',
    gaps,
    output: { shouted: 'a [toy.bad] c' },
    done_chunks: 2,
    failed_chunks: 1,
  });
});

test('a job of which no part has a result has failed; a job of no parts at all is complete', async () => {
  const { kernel } = await endingBy({ bad: () => Promise.resolve(failed('toy.bad', 'No.')) });
  const none = await submitWords(kernel, ['bad']);
  await watchToEnd(kernel, none.id);
  const failedJob = await kernel.job(none.id, 1);
  expect(failedJob).toMatchObject({ status: 'failed', error: { code: 'job.no_result' } });
  expect(failedJob.progress_percent).toBeLessThan(100);
  const empty = await submitWords(kernel, []);
  await watchToEnd(kernel, empty.id);
  expect(await kernel.job(empty.id, 1)).toMatchObject({ status: 'completed', gaps: [] });
});

test('what can never succeed is not tried again, and a retry does only that part anew', async () => {
  let isBroken = true;
  const ran: string[] = [];
  const { kernel, pool } = await endingBy({
    good: () => {
      ran.push('good');
      return Promise.resolve(done('good'));
    },
    bad: () => {
      ran.push('bad');
      return Promise.resolve(isBroken ? failed('toy.bad', 'No.') : done('better'));
    },
  });
  const job = await submitWords(kernel, ['good', 'bad']);
  await watchToEnd(kernel, job.id);
  expect(await one(pool, WORK, ['bad'])).toMatchObject({
    status: 'failed',
    attempts: 1,
    failures: 1,
  });
  isBroken = false;
  const retry = await kernel.retry(job.id, 1);
  expect(retry).toMatchObject({ retry_of: job.id, retry_count: 1 });
  await watchToEnd(kernel, retry.id);
  expect((await kernel.job(retry.id, 1)).output).toEqual({ shouted: 'good better' });
  expect(ran.toSorted()).toEqual(['bad', 'bad', 'good']);
});

test('an exception is tried three times more with growing pauses, then fails with its own code', async () => {
  const stage = createStage();
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  await under.work(1);
  const job = await submitWords(under.kernel, ['a']);
  const outage = Object.assign(new Error('The model is away.'), { code: 'toy.away' });
  for (const time of [1, 2, 3, 4]) {
    (await stage.call('a', time)).fail(outage);
    await under.elapse(5);
  }
  await watchToEnd(under.kernel, job.id);
  expect((await under.kernel.job(job.id, 1)).gaps).toEqual([
    { index: 0, code: 'toy.away', message: 'The model is away.' },
  ]);
  expect(await one(under.pool, WORK, ['a'])).toEqual({
    status: 'failed',
    attempts: 4,
    failures: 4,
    crashes: 0,
  });
});

test('"later" keeps its moment, says so, and uses up no try', async () => {
  const stage = createStage();
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  await under.work(1);
  const job = await submitWords(under.kernel, ['a']);
  for (const time of [1, 2, 3, 4, 5, 6]) {
    (await stage.call('a', time)).end(retryAfter(20, 'the model’s limit'));
    await under.elapse(15);
    expect(stage.runs('a')).toBe(time);
    const { waiting_for: waitingFor } = await under.kernel.job(job.id, 1);
    expect(waitingFor?.reason).toBe('the model’s limit');
    expect(waitingFor?.until?.getTime()).toBeGreaterThan(under.now().getTime());
    await under.elapse(7);
  }
  (await stage.call('a', 7)).end(done('A'));
  await watchToEnd(under.kernel, job.id);
  expect(await one(under.pool, WORK, ['a'])).toMatchObject({
    status: 'done',
    attempts: 7,
    failures: 0,
  });
});

test('a result that the database refuses fails its part alone', async () => {
  const { kernel } = await endingBy({ nul: () => Promise.resolve(done('a\u0000b')) });
  const job = await submitWords(kernel, ['a', 'nul', 'c']);
  await watchToEnd(kernel, job.id);
  const { status, gaps, done_chunks: doneChunks } = await kernel.job(job.id, 1);
  expect({ status, doneChunks }).toEqual({ status: 'completed', doneChunks: 2 });
  expect(gaps).toMatchObject([{ index: 1 }]);
});

test('a late result of an attempt that has lost its lease changes nothing', async () => {
  const stage = createStage();
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  await under.work(1);
  const job = await submitWords(under.kernel, ['a']);
  const late = await stage.call('a');
  const survivor = await under.another();
  await survivor.work(1);
  under.first.freeze();
  await under.elapse(12);
  (await stage.call('a', 2)).end(done('second'));
  await watchToEnd(survivor.kernel, job.id);
  const before = await survivor.kernel.events(job.id, 0);
  under.first.thaw();
  late.end(done('first'));
  await under.elapse(2);
  expect(await survivor.kernel.events(job.id, 0)).toEqual(before);
  expect((await survivor.kernel.job(job.id, 1)).output).toEqual({ shouted: 'second' });
  expect(under.kernel.metrics.staleWrites.size).toBeGreaterThan(0);
});
