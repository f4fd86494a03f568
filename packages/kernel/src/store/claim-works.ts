import { z } from 'zod';
import type { Queryable } from '../db/queryable.ts';
import type { FetchedTask } from '../queue/task-queue.ts';
import { move } from '../states/transitions.ts';
import { NOW } from './sql.ts';

/** A claimed attempt as it crosses to a child process. */
export const claimSchema = z.object({
  workId: z.number(),
  kind: z.enum(['plan', 'chunk', 'merge']),
  jobId: z.number(),
  ownerId: z.number(),
  pipeline: z.string(),
  recipeVersion: z.number(),
  input: z.unknown(),
  timeoutSeconds: z.number(),
  queue: z.string(),
  taskId: z.string(),
  delivery: z.number(),
  /** The process of the attempt before died with it: it runs alone in a child process now. */
  isAlone: z.boolean(),
  /** This very claim found it running: the process of the attempt before died, or lost its lease. */
  isRecovery: z.boolean(),
  /** Nobody has tried it before, so nothing is remembered of it. */
  isFirst: z.boolean(),
  aloneCrashStreak: z.number(),
  failureStreak: z.number(),
  workerId: z.string(),
});

/** What to run, and the fence `(taskId, delivery)` that every later write of the attempt carries. */
export type Claim = Readonly<z.infer<typeof claimSchema>>;

/** Names one attempt among those of this process: a task that it has lost and fetched anew is two of them for a while. */
export function attemptKey({ taskId, delivery }: Pick<Claim, 'taskId' | 'delivery'>): string {
  return `${taskId}:${delivery}`;
}

/** Names an attempt on every line of the log that tells of it. */
export function attemptFields({ jobId, workId, taskId, delivery, workerId }: Claim): object {
  return { jobId, workId, taskId, delivery, worker: workerId };
}

/**
 * Claims fetched tasks, in one statement and in the transaction that fetched them. A task that is no longer its work's current
 * one, because the work was sent anew, let go or finished, claims nothing.
 *
 * A work found `running` was running when its process died or lost its lease: that is a crash, counted here, at
 * the claim, because the dead cannot count. (Counting at the end would loop for ever on an input that kills its process.)
 * It is a crash alone only if the suspect ran in the dead process itself: of one that ran in a child the parent has recorded each death,
 * and the parent's own, by an operator's kill or a machine's end, says nothing against it.
 *
 * @param hasChildren this process runs suspects in child processes
 */
export async function claimWorks(
  db: Queryable,
  tasks: readonly FetchedTask[],
  workerId: string,
  { hasChildren }: { hasChildren: boolean },
): Promise<Claim[]> {
  const rule = move('work', 'claim');
  const { rows } = await db.query<Omit<Claim, 'queue'>>(
    `WITH task AS (
       SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::int[]) AS t (work_id, task_id, delivery)
     ), found AS (
       SELECT w.id, w.status = 'running' AS has_crashed, t.task_id, t.delivery,
              EXISTS (SELECT FROM kernel.attempts a
                       WHERE a.work_id = w.id AND a.ended_at IS NULL AND a.is_alone) AS was_in_child
         FROM kernel.works w
         JOIN task t ON t.work_id = w.id
        WHERE w.task_id = t.task_id
          AND w.delivery < t.delivery
          AND ${rule.when('w')}
        ORDER BY w.id
          FOR UPDATE OF w
     ), ended AS (
       UPDATE kernel.attempts a
          SET outcome = 'crashed', ended_at = ${NOW}
         FROM found
        WHERE a.work_id = found.id
          AND a.ended_at IS NULL
     ), claimed AS (
       UPDATE kernel.works w
          SET ${rule.set},
              delivery = found.delivery,
              attempts = w.attempts + 1,
              crashes = w.crashes + found.has_crashed::int,
              alone_crash_streak = w.alone_crash_streak + (found.has_crashed AND w.is_alone AND NOT found.was_in_child)::int,
              is_alone = w.is_alone OR found.has_crashed,
              worker_id = $4,
              claimed_at = ${NOW},
              not_before = NULL,
              waiting_for = NULL,
              waits_for_budget = false
         FROM found
        WHERE w.id = found.id
       RETURNING w.*, found.has_crashed
     ), begun AS (
       INSERT INTO kernel.attempts (work_id, task_id, delivery, worker_id, is_alone, started_at)
       SELECT id, task_id, delivery, $4, is_alone AND $5, ${NOW} FROM claimed
     )
     SELECT id AS "workId", kind, job_id AS "jobId", owner_id AS "ownerId", pipeline,
            recipe_version AS "recipeVersion", input, timeout_seconds AS "timeoutSeconds", task_id AS "taskId",
            delivery, is_alone AS "isAlone", alone_crash_streak AS "aloneCrashStreak",
            failure_streak AS "failureStreak", worker_id AS "workerId", has_crashed AS "isRecovery", attempts = 1 AS "isFirst"
       FROM claimed`,
    [
      tasks.map((task) => task.workId),
      tasks.map((task) => task.id),
      tasks.map((task) => task.delivery),
      workerId,
      hasChildren,
    ],
  );
  const queueOf = new Map(tasks.map((task) => [task.id, task.queue]));
  return rows.map((row) => ({ ...row, queue: queueOf.get(row.taskId) ?? '' }));
}
