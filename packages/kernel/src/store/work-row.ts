import type { Queryable } from '../db/queryable.ts';
import type { Failure } from '../errors.ts';
import type { WorkStatus } from '../states/transitions.ts';
import { mostTasks, type Releasing } from './most-tasks.ts';

export type WorkKind = 'plan' | 'chunk' | 'merge';

/** What decisions about a work need to know. */
export interface WorkRow {
  readonly id: number;
  readonly kind: WorkKind;
  readonly pipeline: string;
  readonly recipe_version: number;
  readonly status: WorkStatus;
  readonly job_id: number;
  readonly owner_id: number;
  readonly priority: number;
  readonly task_id: string | null;
  readonly delivery: number;
  readonly failure_streak: number;
  readonly not_before: Date | null;
  /** `not_before` is when the minute of a budget is over, of which waiting persons have a part of their own. */
  readonly waits_for_budget: boolean;
  readonly error: Failure | null;
}

const COLUMNS =
  'id, kind, pipeline, recipe_version, status, job_id, owner_id, priority, task_id, delivery, failure_streak, not_before, waits_for_budget, error';

/**
 * Locks works in the order of their ids, which is the order everywhere. Statements that follow see what other
 * transactions committed while this one waited; a check in the same statement would not.
 */
export async function lockWorks(
  db: Queryable,
  ids: readonly number[],
): Promise<Map<number, WorkRow>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<WorkRow>(
    `SELECT ${COLUMNS} FROM kernel.works WHERE id = ANY ($1) ORDER BY id FOR UPDATE`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Locks works, and with them, in the same order of ids, those that the job (whose row is locked) puts into the queue once these
 * are settled.
 *
 * Locked in a second step they would be out of order. Twelve jobs that shared sixteen parts, each holding one that it
 * had finished and wanting another's, came to a dozen deadlocks; each costs a second, and a claim among them its lease.
 *
 * An array and not a join: rows that change while a lock over a semi-join waits for them are lost from its result.
 */
export async function lockWorksAhead(
  db: Queryable,
  job: Releasing,
  ids: readonly number[],
): Promise<Map<number, WorkRow>> {
  const { rows } = await db.query<WorkRow>(
    `SELECT ${COLUMNS}
       FROM kernel.works
      WHERE id = ANY ($1::bigint[] || ARRAY (
                    SELECT c.work_id
                      FROM kernel.chunks c
                      JOIN kernel.works w ON w.id = c.work_id
                     WHERE c.job_id = $2
                       AND c.settled_at IS NULL
                       AND c.status = 'waiting'
                       AND c.work_id <> ALL ($1)
                       AND w.status NOT IN ('done', 'quarantined')
                       AND (c.ceiling = 0
                            OR c.ceiling <= (SELECT amount - charged FROM kernel.holds
                                              WHERE job_id = $2 AND settled_at IS NULL))
                     ORDER BY c.index
                     LIMIT (SELECT GREATEST(0, ${mostTasks({ id: '$2', parallel: '$3', jobClass: '$4' })} - count(*))
                              FROM kernel.chunks
                             WHERE job_id = $2
                               AND settled_at IS NULL
                               AND status = 'active'
                               AND work_id <> ALL ($1))))
      ORDER BY id
        FOR UPDATE`,
    [ids, job.id, job.parallel, job.class],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** A work that does not exist yet, or does: the key decides. */
export interface NewWork {
  readonly key: string;
  readonly kind: WorkKind;
  readonly input: unknown;
}

/**
 * Finds or creates the works of these keys and locks them, in the order of their ids.
 *
 * Inserts go in the order of keys, so that two plans which share keys wait for one another instead of deadlocking. One that the insert
 * found and the lock did not was deleted in between, as nobody's any more: it is made anew.
 *
 * @returns the works in the order of `works`
 */
export async function lockOrCreateWorks(
  db: Queryable,
  job: { id: number; owner_id: number; pipeline: string; recipe_version: number },
  works: readonly NewWork[],
  timeoutSeconds: number,
): Promise<WorkRow[]> {
  for (;;) {
    await insertWorks(db, job, works, timeoutSeconds);
    const { rows } = await db.query<WorkRow & { key: string }>(
      `SELECT ${COLUMNS}, key FROM kernel.works WHERE key = ANY ($1) ORDER BY id FOR UPDATE`,
      [works.map((work) => work.key)],
    );
    const byKey = new Map(rows.map((row) => [row.key, row]));
    const found = works.flatMap((work) => byKey.get(work.key) ?? []);
    if (found.length === works.length) return found;
  }
}

async function insertWorks(
  db: Queryable,
  job: { id: number; owner_id: number; pipeline: string; recipe_version: number },
  works: readonly NewWork[],
  timeoutSeconds: number,
): Promise<void> {
  const sorted = works.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  await db.query(
    `INSERT INTO kernel.works
            (key, kind, pipeline, recipe_version, input, timeout_seconds, job_id, owner_id, created_at)
     SELECT n.key, n.kind, $4, $5, n.input, $6, $7, $8, pgboss.job_now()
       FROM unnest($1::text[], $2::text[], $3::jsonb[]) WITH ORDINALITY AS n (key, kind, input, place)
      ORDER BY n.place
         ON CONFLICT (key) DO NOTHING`,
    [
      sorted.map((work) => work.key),
      sorted.map((work) => work.kind),
      sorted.map((work) => JSON.stringify(work.input)),
      job.pipeline,
      job.recipe_version,
      timeoutSeconds,
      job.id,
      job.owner_id,
    ],
  );
}

/**
 * A retry's plan and merge are works of their own, unlike its chunks. What brought down a process once must not do so at each
 * retry again, so they begin as suspects if those of the job before ended as such.
 */
export async function inheritSuspicion(
  db: Queryable,
  { retry_of: retryOf }: { readonly retry_of: number | null },
  work: Pick<WorkRow, 'id'>,
  kind: 'plan' | 'merge',
): Promise<void> {
  if (retryOf === null) return;
  await db.query(
    `UPDATE kernel.works w
        SET is_alone = true
       FROM kernel.jobs j
       JOIN kernel.works before ON before.id = j.${kind}_work_id
      WHERE w.id = $1
        AND j.id = $2
        AND before.is_alone`,
    [work.id, retryOf],
  );
}
