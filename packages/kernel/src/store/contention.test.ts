import { expect, test } from 'vitest';
import { isLastEvent, TransitionError, type JobRow } from '../index.ts';
import { one, submitWords, watchToEnd } from '../testing/jobs.ts';
import { kernelForTest, type KernelUnderTest } from '../testing/kernel-under-test.ts';
import { toyPipeline } from '../testing/toy-pipeline.ts';

/* One lock order everywhere: job, then works by id. Whoever breaks it deadlocks, and each deadlock costs a second. */

function reruns(under: KernelUnderTest, kernels: readonly KernelUnderTest['kernel'][]): number {
  return [under.kernel, ...kernels].reduce((sum, each) => sum + each.metrics.transactionReruns, 0);
}

const troubles = (under: KernelUnderTest) =>
  under.log.lines.filter((line) => line.level !== 'info');

/** The same words, each job from another one on, and every second one backwards. */
function turned(words: readonly string[], by: number): string[] {
  const from = by % words.length;
  const order = [...words.slice(from), ...words.slice(0, from)];
  return by % 2 === 0 ? order : order.reverse();
}

test('records, joins and settlements of jobs that share all their parts never wait in a circle', async () => {
  const under = await kernelForTest({ pipelines: [toyPipeline()] });
  const second = await under.another();
  await under.work(3);
  await second.work(3);
  const words = Array.from({ length: 16 }, (_, index) => `shared-${index}`);
  const jobs = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      submitWords(index % 2 === 0 ? under.kernel : second.kernel, turned(words, index), {
        // Some with tasks behind those at work, on six slots.
        parallel: 1 + (index % 8),
      }),
    ),
  );
  for (const job of jobs) await watchToEnd(under.kernel, job.id);
  expect(
    await one(
      under.pool,
      `SELECT (SELECT count(*)::int FROM kernel.jobs WHERE status = 'completed' AND gaps = '[]') AS whole,
              (SELECT count(*)::int FROM kernel.attempts a JOIN kernel.works w ON w.id = a.work_id
                WHERE w.kind = 'chunk') AS attempts`,
    ),
  ).toEqual({ whole: 12, attempts: 16 });
  expect(reruns(under, [second.kernel])).toBe(0);
  expect(troubles(under)).toEqual([]);
});

test('cancels in the middle of it all take only what they must, and no deadlock reaches anybody', async () => {
  const under = await kernelForTest({ pipelines: [toyPipeline()] });
  const second = await under.another();
  await under.work(3);
  await second.work(3);
  const words = Array.from({ length: 24 }, (_, index) => `torn-${index}`);
  const isDoomed = (index: number) => index % 2 === 1;
  const jobs: JobRow[] = await Promise.all(
    Array.from({ length: 16 }, (_, index) =>
      submitWords(second.kernel, turned(words, index), { parallel: 2 + (index % 6) }),
    ),
  );
  /** Cancels a job after so many of its events, from both processes at once. */
  const cancelAfter = async (job: JobRow, count: number) => {
    for await (const event of under.kernel.follow(job.id, 0, AbortSignal.timeout(30_000))) {
      if (event.seq < count) continue;
      if (isLastEvent(event)) return;
      await Promise.all(
        [under.kernel, second.kernel].map((kernel) =>
          kernel.cancel(job.id, 1, 1).catch((error: unknown) => {
            // It was quicker.
            if (!(error instanceof TransitionError)) throw error;
          }),
        ),
      );
      return;
    }
  };
  await Promise.all(
    jobs.flatMap((job, index) => (isDoomed(index) ? [cancelAfter(job, 1 + index)] : [])),
  );
  for (const job of jobs) await watchToEnd(under.kernel, job.id);
  const rows = await Promise.all(jobs.map((job) => under.kernel.job(job.id, 1)));
  const spared = rows.filter((_, index) => !isDoomed(index));
  expect(spared.map((job) => ({ status: job.status, gaps: job.gaps }))).toEqual(
    spared.map(() => ({ status: 'completed', gaps: [] })),
  );
  expect(
    await one(
      under.pool,
      `SELECT (SELECT count(*)::int FROM kernel.chunks WHERE settled_at IS NULL) AS open_chunks,
              (SELECT count(*)::int FROM kernel.works WHERE status IN ('queued', 'running')) AS live_works,
              (SELECT count(*)::int FROM kernel.attempts a JOIN kernel.works w ON w.id = a.work_id
                WHERE w.kind = 'chunk' AND a.outcome = 'done') AS results`,
    ),
  ).toEqual({ open_chunks: 0, live_works: 0, results: 24 });
  expect(reruns(under, [second.kernel])).toBe(0);
  expect(troubles(under)).toEqual([]);
});
