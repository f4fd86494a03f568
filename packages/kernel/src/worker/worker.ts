import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { isConnectionLoss } from '../db/transaction.ts';
import type { FetchedTask } from '../queue/task-queue.ts';
import type { Resources } from '../resources.ts';
import type { Claim } from '../store/claim-works.ts';
import { settleJobsWaitingFor } from '../store/settle-others.ts';
import { createDispatcher, type Slots } from './dispatcher.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createRecorder } from './recorder.ts';
import { registerWorker, unregisterWorker } from '../store/workers.ts';
import { runAttempt, type Attempt } from './run-attempt.ts';

export interface WorkerOptions {
  /** Shown to the operator. Default: host and process id. */
  readonly name?: string;
  /** How many works run at once, beside the one slot kept for waiting persons. */
  readonly slots: number;
}

/** A process's part of the work. */
export interface Worker {
  readonly id: string;
  start(): Promise<void>;
  /**
   * Stops claiming, lets running works end for `graceMs`, gives back the rest: they are free for others at once
   * and nothing is counted against them.
   */
  stop(graceMs: number): Promise<void>;
}

export function createWorker(resources: Resources, options: WorkerOptions): Worker {
  const { log, queue, pool } = resources;
  const id = randomUUID();
  const running = new Map<string, Attempt>();
  const settling = new Map<string, FetchedTask>();
  const recorder = createRecorder(resources);
  let whenIdle = () => {};

  const general = () => [...running.values()].filter((attempt) => !attempt.isInReserve).length;

  const slots: Slots = {
    free: () => options.slots - general(),
    isReserveFree: () => general() === running.size,
    crowdingOwners: () => {
      const held = Map.groupBy(running.values(), (attempt) => attempt.claim.ownerId);
      return [...held]
        .filter(([, mine]) => mine.length * 2 >= options.slots)
        .map(([owner]) => owner);
    },
    run: (claim) => void run(claim),
    settle: (task) => void settle(task),
  };

  const dispatcher = createDispatcher(resources, slots, id);

  const run = async (claim: Claim) => {
    const attempt = runAttempt(resources, claim, { isInReserve: slots.free() <= 0 });
    running.set(claim.taskId, attempt);
    try {
      const finished = await attempt.finished;
      if (finished !== undefined) await recorder.record(finished);
    } catch (error) {
      // The lease runs out and the work is delivered again: nothing is lost, and nothing was recorded.
      log.error(
        { err: error, workId: claim.workId, jobId: claim.jobId },
        'An attempt could not be recorded',
      );
    } finally {
      running.delete(claim.taskId);
      dispatcher.wake();
      if (running.size === 0) whenIdle();
    }
  };

  const settle = async (task: FetchedTask) => {
    if (settling.has(task.id)) return;
    settling.set(task.id, task);
    try {
      await settleJobsWaitingFor(resources, task.workId);
      await queue.complete(pool, [task]);
    } catch (error) {
      const level = isConnectionLoss(error) ? 'warn' : 'error';
      log[level](
        { err: error, workId: task.workId },
        'Settling joined jobs failed; it is tried again',
      );
    } finally {
      settling.delete(task.id);
    }
  };

  const heartbeat = startHeartbeat(resources, id, running, settling);

  return {
    id,
    start: async () => {
      await registerWorker(pool, {
        id,
        name: options.name ?? `${hostname()}-${process.pid}`,
        host: hostname(),
        pid: process.pid,
        slots: options.slots,
      });
      heartbeat.start();
      dispatcher.start();
      log.info({ worker: id, slots: options.slots }, 'The worker is ready');
    },
    stop: async (graceMs) => {
      await dispatcher.stop();
      if (running.size > 0) {
        const idle = new Promise<void>((resolve) => {
          whenIdle = resolve;
        });
        const timer = resources.clock.setTimeout(() => {
          for (const attempt of running.values()) attempt.giveBack();
        }, graceMs);
        await idle;
        resources.clock.clearTimeout(timer);
      }
      await recorder.idle();
      await heartbeat.stop();
      await unregisterWorker(pool, id);
    },
  };
}
