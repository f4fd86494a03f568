import { expect, test } from 'vitest';
import { done } from '../index.ts';
import { firstEvent, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

/* Time stands still in these tests, so no poll helps: what happens, happens because of a wake-up. */

async function twoProcesses() {
  const stage = createStage();
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  const server = await under.another();
  await under.work(1);
  return { under, server, stage };
}

test('a job handed in by one process begins in another at once, and its events come back', async () => {
  const { under, server, stage } = await twoProcesses();
  const job = await submitWords(server.kernel, ['a']);
  await under.elapse(0);
  const call = await stage.call('a');
  const planned = firstEvent(server.kernel, job.id, (event) => event.type === 'job.planned');
  await under.elapse(0);
  await planned;
  call.end(done('A'));
  const ended = firstEvent(server.kernel, job.id, (event) => event.type === 'job.completed');
  await firstEvent(under.kernel, job.id, (event) => event.type === 'job.completed');
  // Signals are coalesced to twenty a second.
  await under.elapse(0.05);
  expect(await ended).toMatchObject({ data: { progress_percent: 100 } });
});

test('what strangers say on the channel harms nobody', async () => {
  const { under, server, stage } = await twoProcesses();
  for (const nonsense of ['', 'hello', '{}', '{"from":1}', 'null']) {
    await under.pool.query('SELECT pg_notify($1, $2)', ['scriptorium', nonsense]);
  }
  const job = await submitWords(server.kernel, ['a']);
  await under.elapse(0);
  (await stage.call('a')).end(done('A'));
  const events = await watchToEnd(under.kernel, job.id);
  expect(events.at(-1)?.type).toBe('job.completed');
});

test('a listener whose connection was cut listens anew, and looks at what it may have missed', async () => {
  const { under, server, stage } = await twoProcesses();
  const listeners = `FROM pg_stat_activity
                    WHERE application_name = 'scriptorium-listen' AND datname = current_database()`;
  await under.pool.query(`SELECT pg_terminate_backend(pid, 5000) ${listeners}`);
  await submitWords(server.kernel, ['a']);
  // Nobody hears of it. Half a second later the listeners are back, and look.
  await expect
    .poll(
      async () => {
        await under.elapse(0.1);
        return (await under.pool.query(`SELECT ${listeners}`)).rowCount;
      },
      { interval: 5, timeout: 10_000 },
    )
    .toBe(2);
  const call = await stage.call('a');
  expect(call.ctx.signal.aborted).toBe(false);
  call.end(done('A'));
});
