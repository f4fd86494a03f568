import type { ClockTimer } from 'pg-boss';
import { isConnectionLoss } from '../db/transaction.ts';
import { leastWaitingPriority } from '../queue/priority.ts';
import { queueName, type FetchedTask, type FetchOptions } from '../queue/task-queue.ts';
import type { Resources } from '../resources.ts';
import { claimWorks, type Claim } from '../store/claim-works.ts';
import { SETTLE_QUEUE } from '../store/settle-chunks.ts';

/** What the dispatcher hands its claims to, and asks for room. */
export interface Slots {
  /** General slots that are free. */
  free(): number;
  /** True while the slot kept for waiting persons is free. */
  isReserveFree(): boolean;
  /** Owners who hold at least half of the general slots. */
  crowdingOwners(): number[];
  run(claim: Claim): void;
  settle(task: FetchedTask): void;
}

export interface Dispatcher {
  start(): void;
  /** Stops claiming; resolves when no fetch is under way. */
  stop(): Promise<void>;
  /** Looks for tasks now: a slot has become free, or a task has arrived. */
  wake(): void;
}

const POLL_MS = 1000;
const SETTLE_BATCH = 10;

/**
 * The one loop of a process that takes tasks from the queues: as many as there are free slots, claimed in one statement.
 *
 * Two passes make it fair: first without the owners who hold half of this process's slots already, then without that
 * condition, so a slot is never left empty for fairness' sake. One slot more than the general ones takes only
 * tasks for which a person waits.
 *
 * Fetch and claim are two transactions: the fetch locks queue rows and the claim locks works, while a cancel locks works
 * first; together they would deadlock.
 */
export function createDispatcher(resources: Resources, slots: Slots, workerId: string): Dispatcher {
  const { clock, log, pool, queue, pipelines, notifier } = resources;
  const queues = pipelines.all().map((each) => queueName(each.name, each.recipeVersion));
  let isStopping = false;
  let isAwake = false;
  let round: Promise<void> | undefined;
  let timer: ClockTimer | undefined;
  let stopListening: (() => void) | undefined;

  const wake = () => {
    isAwake = true;
    if (round === undefined && !isStopping) round = rounds();
  };

  const rounds = async () => {
    // Yields once, so that everything which becomes free in the same turn is filled by the same fetch.
    await Promise.resolve();
    while (isAwake && !isStopping) {
      isAwake = false;
      try {
        await fetchRound();
      } catch (error) {
        if (!isConnectionLoss(error))
          log.error({ err: error }, 'Fetching tasks failed; trying again');
        else log.warn({ err: error }, 'The database is away; fetching again shortly');
      }
    }
    round = undefined;
    if (isAwake) wake();
  };

  const fetchRound = async () => {
    const settling = await queue.fetch(pool, SETTLE_QUEUE, { limit: SETTLE_BATCH });
    for (const task of settling) slots.settle(task);
    if (settling.length === SETTLE_BATCH) isAwake = true;
    if (slots.free() > 0) {
      const crowding = slots.crowdingOwners();
      if (crowding.length > 0) await fill(() => slots.free(), { ignoreOwners: crowding });
      await fill(() => slots.free(), {});
    }
    if (slots.isReserveFree()) {
      await fill(() => (slots.isReserveFree() ? 1 : 0), {
        leastPriority: leastWaitingPriority(clock.now()),
      });
    }
  };

  const fill = async (room: () => number, options: Omit<FetchOptions, 'limit'>) => {
    for (const name of await byUrgency()) {
      const limit = room();
      if (limit <= 0) return;
      const tasks = await queue.fetch(pool, name, { ...options, limit });
      if (tasks.length === 0) continue;
      const claims = await claimWorks(pool, tasks, workerId);
      await dropUnclaimed(tasks, claims);
      for (const claim of claims) slots.run(claim);
      // There may be more behind those that claimed nothing.
      if (claims.length < tasks.length) isAwake = true;
    }
  };

  /** A task that is no longer its work's current one has no purpose left. */
  const dropUnclaimed = async (tasks: readonly FetchedTask[], claims: readonly Claim[]) => {
    const claimed = new Set(claims.map((claim) => claim.taskId));
    await queue.complete(
      pool,
      tasks.filter((task) => !claimed.has(task.id)),
    );
  };

  /** Queues with the most urgent task first. One query, and none where there is only one queue. */
  const byUrgency = async (): Promise<readonly string[]> => {
    if (queues.length < 2) return queues;
    const { rows } = await pool.query<{ pipeline: string; recipe_version: number }>(
      `SELECT pipeline, recipe_version
         FROM kernel.works
        WHERE status = 'queued'
        GROUP BY pipeline, recipe_version
        ORDER BY max(priority) DESC`,
    );
    const live = rows.map((row) => queueName(row.pipeline, row.recipe_version));
    return [...live, ...queues.filter((name) => !live.includes(name))].filter((name) =>
      queues.includes(name),
    );
  };

  return {
    wake,
    start: () => {
      stopListening = notifier.on('tasks', (names) => {
        if (
          names === undefined ||
          names.some((name) => name === SETTLE_QUEUE || queues.includes(name))
        ) {
          wake();
        }
      });
      timer = clock.setInterval(wake, POLL_MS);
      wake();
    },
    stop: async () => {
      isStopping = true;
      if (timer !== undefined) clock.clearInterval(timer);
      stopListening?.();
      await round;
    },
  };
}
