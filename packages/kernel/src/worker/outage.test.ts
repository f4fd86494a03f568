import { expect, test } from 'vitest';
import { done } from '../index.ts';
import { one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

const WORK = `SELECT status, attempts, failures, crashes FROM kernel.works WHERE kind = 'chunk'`;

/** A job whose only part is at work in a process of its own, and somebody else to ask. */
async function working() {
  const stage = createStage();
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  const server = await under.another();
  const worker = await under.work(1);
  const job = await submitWords(under.kernel, ['costly']);
  const call = await stage.call('costly');
  const isTold = async (message: RegExp) => {
    await expect
      .poll(() => under.log.lines.some((line) => message.test(line.message)), {
        interval: 10,
        timeout: 15_000,
      })
      .toBe(true);
  };
  return { ...under, server, worker, job, stage, call, isTold };
}

test('a result outlives an outage of the database that is longer than the reruns of its record', async () => {
  const { first, server, job, stage, call, isTold, elapse, pool } = await working();
  await first.unplug();
  call.end(done('PAID'));
  await isTold(/kept until the database is back/u);
  first.plug();
  await elapse(2);
  await watchToEnd(server.kernel, job.id);
  expect(await server.kernel.job(job.id, 1)).toMatchObject({ output: { shouted: 'PAID' } });
  expect(stage.runs('costly')).toBe(1);
  expect(await one(pool, WORK)).toEqual({ status: 'done', attempts: 1, failures: 0, crashes: 0 });
});

test('a worker that stops during an outage gives its results up, and the work is done again', async () => {
  const { first, server, worker, job, stage, call, isTold, elapse } = await working();
  await first.unplug();
  call.end(done('LOST'));
  await isTold(/kept until the database is back/u);
  const stopping = worker.stop(0);
  await elapse(0);
  await stopping;
  await isTold(/could not say that it stops/u);
  await server.work(1);
  await elapse(12);
  (await stage.call('costly', 2)).end(done('AGAIN'));
  await watchToEnd(server.kernel, job.id);
  expect(await server.kernel.job(job.id, 1)).toMatchObject({ output: { shouted: 'AGAIN' } });
});
