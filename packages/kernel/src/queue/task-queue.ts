import { PgBoss, type Clock } from 'pg-boss';
import type { Pool } from 'pg';
import type { Queryable } from '../db/queryable.ts';
import type { KernelLog } from '../log.ts';

/** A task to put into a queue: it says what to try next, never what is finished. */
export interface NewTask {
  readonly id: string;
  readonly queue: string;
  readonly workId: number;
  readonly priority: number;
  readonly ownerId: number;
  /** Not before this moment. */
  readonly startAfter?: Date;
}

/** A task that this process has fetched. `delivery` is 1 at the first fetch and grows with each one. */
export interface FetchedTask {
  readonly id: string;
  readonly queue: string;
  readonly workId: number;
  readonly ownerId: number;
  readonly delivery: number;
}

export interface FetchOptions {
  readonly limit: number;
  readonly ignoreOwners?: readonly number[];
  readonly leastPriority?: number;
}

/** The distributed queue, as the kernel sees it. The only code that talks to pg-boss. */
export interface TaskQueue {
  start(): Promise<void>;
  stop(): Promise<void>;
  declare(queues: readonly string[]): Promise<void>;
  insert(db: Queryable, tasks: readonly NewTask[]): Promise<void>;
  fetch(db: Queryable, queue: string, options: FetchOptions): Promise<FetchedTask[]>;
  /** Ends tasks by their attempt. A task that was delivered again meanwhile is left alone. */
  complete(
    db: Queryable,
    tasks: readonly Pick<FetchedTask, 'id' | 'queue' | 'delivery'>[],
  ): Promise<void>;
  /** Takes tasks out of the queue whoever runs them. */
  cancel(db: Queryable, tasks: readonly { id: string; queue: string }[]): Promise<void>;
  /** Keeps running tasks from being given to somebody else. */
  touch(
    db: Queryable,
    tasks: readonly Pick<FetchedTask, 'id' | 'queue' | 'delivery'>[],
  ): Promise<void>;
}

/** A queue is a pipeline at one recipe version: a process that lacks the version never sees its tasks. */
export function queueName(pipeline: string, recipeVersion: number): string {
  return `${pipeline}.v${recipeVersion}`;
}

const SETTINGS = {
  // Back at work 10.5 s after kill -9 (24.5 s with 15 s, a supervision every 2 s and a delay of 5 s).
  heartbeatSeconds: 10,
  retryDelay: 0,
  // The kernel alone counts. pg-boss must neither give up nor put tasks aside.
  retryLimit: 2_000_000_000,
  // A clock from the start of an attempt, whatever its heartbeats say: as far away as pg-boss allows.
  expireInSeconds: 86_399,
  retentionSeconds: 365 * 86_400,
  deleteAfterSeconds: 60,
};

export interface TaskQueueOptions {
  readonly pool: Pool;
  readonly log: KernelLog;
  readonly clock?: Clock;
}

interface TaskData {
  workId: number;
}

/** Opens the queue on the application's own database and pool. */
export function openTaskQueue({ pool, log, clock }: TaskQueueOptions): TaskQueue {
  const boss = new PgBoss({
    db: {
      executeSql: (text, values) => pool.query(text, values),
      // A test clock needs a session setting; its pool carries it in the connection options.
      setSessionStatements: () => Promise.resolve(),
    },
    schema: 'pgboss',
    schedule: false,
    registerInstance: false,
    monitorVacuum: false,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    maintenanceIntervalSeconds: 60,
    ...(clock === undefined ? {} : { clock }),
  });
  boss.on('error', (error) => log.warn({ err: error }, 'The queue reported an error'));
  boss.on('warning', (warning) => log.debug({ warning }, 'The queue reported a warning'));

  return {
    start: async () => void (await boss.start()),
    stop: () => boss.stop({ graceful: false, close: false }),
    declare: async (queues) => {
      for (const queue of queues) await boss.createQueue(queue, SETTINGS);
    },
    insert: async (db, tasks) => {
      for (const [queue, group] of byQueue(tasks)) {
        await boss.insert(
          queue,
          group.map((task) => ({
            id: task.id,
            priority: task.priority,
            group: { id: String(task.ownerId) },
            data: { workId: task.workId } satisfies TaskData,
            ...(task.startAfter === undefined ? {} : { startAfter: task.startAfter }),
          })),
          { db: adapter(db), returnId: false },
        );
      }
    },
    fetch: async (db, queue, { limit, ignoreOwners, leastPriority }) => {
      const jobs = await boss.fetch<TaskData>(queue, {
        db: adapter(db),
        batchSize: limit,
        ...(ignoreOwners?.length ? { ignoreGroups: ignoreOwners.map(String) } : {}),
        ...(leastPriority === undefined ? {} : { minPriority: leastPriority }),
      });
      return jobs.map((job) => ({
        id: job.id,
        queue,
        workId: job.data.workId,
        ownerId: Number(job.groupId),
        delivery: job.retryCount + 1,
      }));
    },
    complete: async (db, tasks) => {
      for (const [queue, group] of byQueue(tasks)) {
        await boss.complete(queue, group.map(toAttempt), null, { db: adapter(db) });
      }
    },
    cancel: async (db, tasks) => {
      for (const [queue, group] of byQueue(tasks)) {
        await boss.cancel(
          queue,
          group.map((task) => task.id),
          { db: adapter(db) },
        );
      }
    },
    touch: async (db, tasks) => {
      for (const [queue, group] of byQueue(tasks)) {
        await boss.touch(queue, group.map(toAttempt), { db: adapter(db) });
      }
    },
  };
}

function toAttempt(task: Pick<FetchedTask, 'id' | 'delivery'>) {
  return { id: task.id, retryCount: task.delivery - 1 };
}

function adapter(db: Queryable) {
  return { executeSql: (text: string, values?: unknown[]) => db.query(text, values) };
}

function byQueue<T extends { queue: string }>(tasks: readonly T[]): Map<string, T[]> {
  return Map.groupBy(tasks, (task) => task.queue);
}
