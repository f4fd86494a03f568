import { expireArtifacts } from '../artifacts/artifact-rows.ts';
import { inTransaction, type Tx } from '../db/transaction.ts';
import type { Resources } from '../resources.ts';
import { NOW } from './sql.ts';

/** How long things are kept that nobody asked to be deleted. In days. */
export interface RetentionOptions {
  /** A work's result and memos after nothing refers to it any more. Default: 30. */
  readonly unreferencedWorks?: number;
  /** The whole event log of a job after its end; then its first and last event stay. Default: 30. */
  readonly events?: number;
}

const DEFAULT_DAYS = 30;
const BATCH = 200;

/**
 * True for a work that nothing refers to: no chunk of any job, and not a job's plan or merge (those carry the id of their own
 * job for life).
 */
const IS_UNREFERENCED = `
  NOT EXISTS (SELECT FROM kernel.chunks c WHERE c.work_id = w.id)
  AND NOT EXISTS (SELECT FROM kernel.jobs j WHERE w.kind <> 'chunk' AND j.id = w.job_id)`;

/**
 * Deletes these works, which the caller has locked, except those that something refers to; their files become due, their memos
 * and attempts go with them. A statement of its own after the locks, so that it sees the chunks whose
 * transactions the locks waited for.
 *
 * @returns how many were deleted
 */
export async function deleteUnreferencedWorks(tx: Tx, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { rows } = await tx.query<{ id: number }>(
    `SELECT w.id
       FROM kernel.works w
      WHERE w.id = ANY ($1)
        AND w.status NOT IN ('queued', 'running')
        AND ${IS_UNREFERENCED}`,
    [ids],
  );
  const workIds = rows.map((row) => row.id);
  await expireArtifacts(tx, { workIds });
  await tx.query('DELETE FROM kernel.works WHERE id = ANY ($1)', [workIds]);
  return workIds.length;
}

/**
 * Notes since when works are unreferenced, and deletes those for which that is long ago. The note is made here rather
 * than by whoever drops the last reference: that would be a trigger on chunks, which locks works after chunks.
 *
 * @returns how many were deleted
 */
export async function deleteExpiredWorks(
  { pool }: Pick<Resources, 'pool'>,
  { unreferencedWorks = DEFAULT_DAYS }: RetentionOptions,
): Promise<number> {
  await noteReferences({ pool });
  let deleted = 0;
  for (;;) {
    const found = await inTransaction(pool, async (tx) => {
      const { rows } = await tx.query<{ id: number }>(
        `SELECT id
           FROM kernel.works
          WHERE unreferenced_since < ${NOW} - $1 * interval '1 day'
          ORDER BY id
          LIMIT ${BATCH}
            FOR UPDATE SKIP LOCKED`,
        [unreferencedWorks],
      );
      const ids = rows.map((row) => row.id);
      const count = await deleteUnreferencedWorks(tx, ids);
      // Wanted again since it was noted: the note would come back with every batch.
      await tx.query('UPDATE kernel.works SET unreferenced_since = NULL WHERE id = ANY ($1)', [
        ids,
      ]);
      return { seen: ids.length, count };
    });
    deleted += found.count;
    if (found.seen < BATCH) return deleted;
  }
}

/** Works looked at by one statement: few enough that their chunks are looked up, one by one, instead of read as a whole table. */
const SLICE = 500;

/**
 * SKIP LOCKED: what somebody is changing is wanted by somebody; and a statement that never waits never deadlocks.
 *
 * Slice by slice: one statement for all works holds its snapshot, and so the vacuum of the queue, for as long as it reads the two
 * largest tables.
 */
async function noteReferences({ pool }: Pick<Resources, 'pool'>): Promise<void> {
  await pool.query(
    `UPDATE kernel.works
        SET unreferenced_since = NULL
      WHERE id IN (SELECT w.id
                     FROM kernel.works w
                    WHERE w.unreferenced_since IS NOT NULL
                      AND NOT (${IS_UNREFERENCED})
                      FOR UPDATE SKIP LOCKED)`,
  );
  for (let after = 0; ;) {
    const { rows } = await pool.query<{ last: number | null }>(
      `SELECT max(id) AS last
         FROM (SELECT id FROM kernel.works WHERE id > $1 ORDER BY id LIMIT ${SLICE}) AS slice`,
      [after],
    );
    const last = rows[0]?.last ?? null;
    if (last === null) return;
    await pool.query(
      `UPDATE kernel.works
          SET unreferenced_since = ${NOW}
        WHERE id IN (SELECT w.id
                       FROM kernel.works w
                      WHERE w.id > $1
                        AND w.id <= $2
                        AND w.unreferenced_since IS NULL
                        AND w.status NOT IN ('queued', 'running')
                        AND ${IS_UNREFERENCED}
                        FOR UPDATE SKIP LOCKED)`,
      [after, last],
    );
    after = last;
  }
}

/**
 * Reduces the logs of jobs that ended long ago to their first and last event. The last one carries the final state with its
 * counts, its gaps or its error, so a reader who resumes from any number still learns how it ended.
 *
 * @returns how many logs were reduced
 */
export async function reduceLogs(
  { pool }: Pick<Resources, 'pool'>,
  { events = DEFAULT_DAYS }: RetentionOptions,
): Promise<number> {
  let reduced = 0;
  for (;;) {
    const { rowCount } = await pool.query(
      `WITH old AS (
         SELECT id, last_seq
           FROM kernel.jobs
          WHERE finished_at < ${NOW} - $1 * interval '1 day'
            AND log_reduced_at IS NULL
          ORDER BY finished_at
          LIMIT ${BATCH}
            FOR UPDATE SKIP LOCKED
       ), gone AS (
         DELETE FROM kernel.events e
          USING old
          WHERE e.job_id = old.id
            AND e.seq > 1
            AND e.seq < old.last_seq
       )
       UPDATE kernel.jobs j
          SET log_reduced_at = ${NOW}
        WHERE j.id = ANY (ARRAY (SELECT id FROM old))`,
      [events],
    );
    reduced += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return reduced;
  }
}
