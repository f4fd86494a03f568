import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { aloneInChild } from '../index.ts';
import type { Claim } from '../store/claim-works.ts';
import { firstEvent, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { createStage } from '../testing/stage.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';
import type { AloneHooks } from './alone.ts';

const runAlone = aloneInChild(
  fileURLToPath(new URL('../testing/deadly-child.ts', import.meta.url)),
);

function claimOf(word: string): Claim {
  return {
    workId: 1,
    kind: 'chunk',
    jobId: 1,
    ownerId: 1,
    pipeline: 'toy',
    recipeVersion: 1,
    input: { word },
    timeoutSeconds: 60,
    queue: 'toy.v1',
    taskId: randomUUID(),
    delivery: 1,
    isAlone: true,
    isRecovery: false,
    isFirst: false,
    aloneCrashStreak: 0,
    failureStreak: 0,
    workerId: randomUUID(),
  };
}

function hooks(signal = new AbortController().signal) {
  const reports: [number, string | undefined][] = [];
  const uses: { calls: number; tokens: number }[] = [];
  const reported = Promise.withResolvers<void>();
  const all: AloneHooks = {
    signal,
    onReport: (...report) => {
      reports.push(report);
      reported.resolve();
    },
    onUsage: ({ calls, tokens }) => void uses.push({ calls, tokens }),
    onPut: () => {},
  };
  return { ...all, reports, uses, reported: reported.promise };
}

test.each([
  ['exit', 'Its process ended with exit code 3.'],
  ['kill', 'Its process was ended by SIGKILL.'],
])('a child that dies of “%s” is a crash, and its cause is told', async (word, message) => {
  await expect(runAlone(claimOf(word), hooks())).rejects.toMatchObject({
    code: 'work.crashed',
    message,
  });
});

test('what the code of a child throws, and what it refuses, is the same as without a child', async () => {
  await expect(runAlone(claimOf('throw'), hooks())).rejects.toMatchObject({
    code: 'llm.unavailable',
    message: 'The model is out.',
  });
  expect(await runAlone(claimOf('refuse'), hooks())).toMatchObject({
    kind: 'failed',
    code: 'toy.unreadable',
  });
});

test('a child that babbles neither harms its parent nor loses its result', async () => {
  const heard = hooks();
  expect(await runAlone(claimOf('babble'), heard)).toEqual({ kind: 'done', result: 'BABBLE' });
  expect(heard.reports).toEqual([[0, 'Half of \ufffd']]);
  expect(heard.uses).toEqual([{ calls: 1, tokens: 20 }]);
});

test('aborting kills the child, also when the signal was there before the child', async () => {
  const controller = new AbortController();
  const heard = hooks(controller.signal);
  const running = runAlone(claimOf('hang'), heard);
  await heard.reported;
  controller.abort();
  const killed = { code: 'work.crashed', message: 'Its process was ended by SIGKILL.' };
  await expect(running).rejects.toMatchObject(killed);
  // One in five of these is dead before it can be given its claim.
  for (let child = 0; child < 30; child += 1)
    await expect(runAlone(claimOf('hang'), hooks(controller.signal))).rejects.toMatchObject(killed);
});

test('a child dies with its parent, though its code lets it hear of nothing', async () => {
  const parent = fork(fileURLToPath(new URL('../testing/mortal-parent.ts', import.meta.url)), {
    serialization: 'advanced',
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const reported = once(parent, 'message');
  parent.send(claimOf('spin'));
  const child = Number((await reported)[0]);
  process.kill(child, 0);
  parent.kill('SIGKILL');
  await expect.poll(() => isRunning(child), { timeout: 10_000 }).toBe(false);
});

/** A zombie, which nobody has waited for in a container without an init, has died as well. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !/^\d+ \(.*\) Z/u.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

test('a work that brings down its process runs in a child next time, and the third crash alone sets it aside', async () => {
  const stage = createStage();
  const under = await kernelForTest({
    pipelines: [toyPipeline({ run: stage.run })],
    time: 'driven',
  });
  const job = await submitWords(under.kernel, ['exit', 'innocent']);
  await under.work(2);
  await Promise.all(['exit', 'innocent'].map((word) => stage.call(word)));
  await under.first.kill();

  const survivor = await under.another({ runAlone });
  await survivor.work(2);
  await under.elapse(12);
  const end = watchToEnd(survivor.kernel, job.id);
  await firstEvent(survivor.kernel, job.id, (event) => event.type === 'job.merging');
  await end;
  expect(await survivor.kernel.job(job.id, 1)).toMatchObject({
    status: 'completed',
    output: { shouted: '[work.quarantined] INNOCENT' },
    gaps: [
      {
        index: 0,
        code: 'work.quarantined',
        message: expect.stringContaining('ended with exit code 3'),
      },
    ],
  });
  // Only the first, shared crash was in a process of the kernel's.
  expect(stage.begun.toSorted()).toEqual(['exit', 'innocent']);
  const { rows } = await under.pool.query(
    `SELECT w.input ->> 'word' AS word, w.status, w.crashes, w.failures, w.is_alone,
            array_agg(a.outcome ORDER BY a.outcome) AS outcomes
       FROM kernel.works w
       JOIN kernel.attempts a ON a.work_id = w.id
      WHERE w.kind = 'chunk'
      GROUP BY w.id
      ORDER BY word`,
  );
  expect(rows).toEqual([
    {
      word: 'exit',
      status: 'quarantined',
      crashes: 4,
      failures: 0,
      is_alone: true,
      outcomes: ['crashed', 'crashed', 'crashed', 'quarantined'],
    },
    {
      word: 'innocent',
      status: 'done',
      crashes: 1,
      failures: 0,
      is_alone: true,
      outcomes: ['crashed', 'done'],
    },
  ]);
});
