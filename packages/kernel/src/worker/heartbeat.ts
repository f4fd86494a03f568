import type { ClockTimer } from 'pg-boss';
import { inTransaction } from '../db/transaction.ts';
import { countStaleWrite } from '../metrics.ts';
import type { FetchedTask } from '../queue/task-queue.ts';
import type { Resources } from '../resources.ts';
import { beatJobs, beatWorks } from '../store/beat.ts';
import { expireJob } from '../store/expire-job.ts';
import { beatWorker } from '../store/workers.ts';
import type { Attempt } from './run-attempt.ts';

export interface Heartbeat {
  start(): void;
  stop(): Promise<void>;
}

const BEAT_MS = 1000;

/**
 * Once a second, for all running attempts of the process together: their leases, their progress, their jobs' heartbeat,
 * and a look at their fences. An attempt whose fence is closed is aborted: its job was cancelled, or its lease was lost.
 */
export function startHeartbeat(
  resources: Resources,
  workerId: string,
  running: ReadonlyMap<string, Attempt>,
  settling: ReadonlyMap<string, FetchedTask>,
): Heartbeat {
  const { clock, log, metrics, notifier, pool, queue } = resources;
  let timer: ClockTimer | undefined;
  let beating: Promise<void> | undefined;

  const checkFences = async () => {
    const attempts = [...running.values()];
    if (attempts.length === 0) return attempts;
    const standing = await beatWorks(
      pool,
      attempts.map(({ claim, progress }) => ({
        workId: claim.workId,
        taskId: claim.taskId,
        delivery: claim.delivery,
        fraction: progress.fraction,
        step: progress.step,
      })),
    );
    const fenced = attempts.filter(
      ({ claim }) => running.has(claim.taskId) && !standing.has(claim.taskId),
    );
    for (const attempt of fenced) {
      // What has ended on its own is being recorded, and its record says what became of it.
      if (attempt.hasEnded()) continue;
      countStaleWrite(metrics, 'beat');
      attempt.abandon();
    }
    return attempts.filter((attempt) => !fenced.includes(attempt));
  };

  const beat = async () => {
    const alive = await checkFences();
    await queue.touch([
      ...alive.map(({ claim }) => ({
        id: claim.taskId,
        queue: claim.queue,
        delivery: claim.delivery,
      })),
      ...settling.values(),
    ]);
    if (alive.length > 0) {
      const jobs = await inTransaction(pool, (tx) =>
        beatJobs(
          tx,
          alive.map(({ claim }) => claim.workId),
        ),
      );
      for (const job of jobs) {
        if (job.has_moved) notifier.signal('jobs', String(job.id));
        if (job.is_over_hard) await expireJob(resources, job.id, 'hard');
        else if (job.is_over_soft) await expireJob(resources, job.id, 'soft');
      }
    }
    await beatWorker(
      pool,
      workerId,
      alive.map(({ claim, progress }) => ({
        workId: claim.workId,
        jobId: claim.jobId,
        ...(progress.step === undefined ? {} : { step: progress.step }),
      })),
    );
  };

  /** Never two at once: a slow database must not pile up beats. */
  const once = (action: () => Promise<unknown>) => {
    beating ??= action()
      .then(
        () => undefined,
        (error: unknown) => log.warn({ err: error }, 'A heartbeat failed; the next one follows'),
      )
      .finally(() => {
        beating = undefined;
      });
  };

  return {
    start: () => {
      timer = clock.setInterval(() => once(beat), BEAT_MS);
    },
    stop: async () => {
      if (timer !== undefined) clock.clearInterval(timer);
      await beating;
    },
  };
}
