import { randomUUID } from 'node:crypto';
import type { Tx } from '../db/transaction.ts';
import { priorityOf, type PriorityClass } from '../queue/priority.ts';
import { queueName } from '../queue/task-queue.ts';
import type { Resources } from '../resources.ts';
import { move, type Transition } from '../states/transitions.ts';
import { databaseNow } from './sql.ts';
import type { WorkRow } from './work-row.ts';

/** The job that wants the works: it decides who is served first and whose row the record locks. */
export interface Wanting {
  readonly id: number;
  readonly owner_id: number;
  readonly class: PriorityClass;
  readonly is_premium: boolean;
}

type Enqueueing = Extract<Transition<'work'>, 'enqueue' | 'resend' | 'postpone'>;

export interface EnqueueOptions {
  /** Not before so many seconds have passed, and what is being waited for, in words. */
  readonly delaySeconds?: number;
  readonly waitingFor?: string;
  /** What time it is for this transaction, if the caller knows. */
  readonly now?: number;
  /** What is being waited for is the next minute of a budget. */
  readonly isForBudget?: boolean;
  /** The least priority of what waits in the queue already and is to go first. */
  readonly behind?: number | null;
}

/** Seconds that a task may rank behind its moment: less than what premium goes before others, so that nothing falls behind its class. */
const MOST_SECONDS_BEHIND = 59;

/**
 * Tasks of one insert tie in every other respect, and the queue breaks ties at random: a reader would get chapter
 * five first. Each ranks as if it had come a second after the one before, and the first no earlier than what waits of its job: of equal
 * ones, the queue takes the one that came first.
 */
function inOrder(priority: number, place: number, behind: number): number {
  return Math.max(priority - MOST_SECONDS_BEHIND, Math.min(priority, behind) - place);
}

/** The wake-up for tasks of a queue for which a person waits: it also opens the slot kept for them. */
export function urgent(queue: string): string {
  return `${queue}!`;
}

/**
 * Puts locked works into the queue, each with a new task: new id, delivery 0. Whoever holds an older task is fenced off
 * by that. The tasks are inserted by this very transaction, so a work is queued and has a task, or neither.
 *
 * `enqueue` is a fresh start and begins new streaks; `resend` and `postpone` continue the old ones. A suspect stays one: it
 * was running when a process died, and whoever wants it next would lose another process to it.
 *
 * @returns before which moment they do not start; null without a delay
 */
export async function enqueueWorks(
  tx: Tx,
  { queue, notifier }: Pick<Resources, 'queue' | 'notifier'>,
  works: readonly WorkRow[],
  job: Wanting,
  transition: Enqueueing,
  options: EnqueueOptions = {},
): Promise<Date | null> {
  if (works.length === 0) return null;
  const rule = move('work', transition);
  const isFreshStart = transition === 'enqueue';
  const { delaySeconds = null } = options;
  const now = options.now ?? (await databaseNow(tx));
  const priority = priorityOf({ class: job.class, isPremium: job.is_premium }, now);
  const notBefore = delaySeconds === null ? null : new Date(now + delaySeconds * 1000);
  const tasks = works.map((work, place) => ({
    id: randomUUID(),
    queue: queueName(work.pipeline, work.recipe_version),
    workId: work.id,
    ownerId: job.owner_id,
    priority: isFreshStart
      ? inOrder(priority, place, options.behind ?? Infinity)
      : Math.max(priority, work.priority),
    ...(notBefore === null ? {} : { startAfter: notBefore }),
  }));
  const { rowCount } = await tx.query(
    `UPDATE kernel.works w
        SET ${rule.set},
            task_id = t.task_id,
            delivery = 0,
            priority = t.priority,
            job_id = $4,
            owner_id = $5,
            not_before = $6,
            waiting_for = $7,
            waits_for_budget = $8,
            worker_id = NULL,
            finished_at = NULL,
            error = NULL
            ${isFreshStart ? ', failure_streak = 0, alone_crash_streak = 0, progress = 0, step = NULL' : ''}
       FROM unnest($1::bigint[], $2::uuid[], $3::int[]) AS t (work_id, task_id, priority)
      WHERE w.id = t.work_id
        AND ${rule.when('w')}`,
    [
      tasks.map((task) => task.workId),
      tasks.map((task) => task.id),
      tasks.map((task) => task.priority),
      job.id,
      job.owner_id,
      notBefore,
      options.waitingFor ?? null,
      options.isForBudget ?? false,
    ],
  );
  if (rowCount !== works.length) {
    throw new Error(
      `Of ${works.length} locked works only ${rowCount} could be put into the queue.`,
    );
  }
  await queue.insert(tx, tasks);
  const queues = new Set(tasks.map((task) => task.queue));
  tx.afterCommit(() => {
    for (const name of queues) {
      notifier.signal('tasks', job.class === 'waiting' ? urgent(name) : name);
    }
  });
  return notBefore;
}
