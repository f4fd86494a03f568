import type { Tx } from '../db/transaction.ts';
import type { Millicredits } from './millicredits.ts';
import { NOW } from '../store/sql.ts';

/** A result that is being stored, and the job on whose behalf it was made. */
export interface PricedResult {
  readonly workId: number;
  readonly jobId: number;
  readonly millicredits: Millicredits;
}

/**
 * Charges results to the jobs that store them, in the transaction that stores them, under the works' locks.
 *
 * None costs more than the ceiling its job has kept free for it since it was started. So a hold is never exceeded,
 * whatever the model did. The key of a charge is its work's: nothing is charged twice.
 *
 * @param lockedJob whose row the transaction holds: its hold stays open, and alone it needs no order
 */
export async function chargeResults(
  tx: Tx,
  results: readonly PricedResult[],
  lockedJob: number,
): Promise<void> {
  const priced = results.filter(({ millicredits }) => millicredits > 0);
  if (priced.length === 0) return;
  // A work may have passed to a job whose row is not locked here: two records may want the same two holds.
  if (priced.some(({ jobId }) => jobId !== lockedJob)) {
    await tx.query(
      'SELECT FROM kernel.holds WHERE job_id = ANY ($1) ORDER BY job_id FOR NO KEY UPDATE',
      [priced.map(({ jobId }) => jobId)],
    );
  }
  await tx.query(
    `WITH due AS (
       SELECT p.work_id, p.job_id, LEAST(p.amount, max(c.ceiling)) AS amount
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS p (work_id, job_id, amount)
         JOIN kernel.chunks c ON c.job_id = p.job_id AND c.work_id = p.work_id AND c.status = 'active'
         JOIN kernel.holds h ON h.job_id = p.job_id AND h.settled_at IS NULL
        GROUP BY p.work_id, p.job_id, p.amount
     ), charged AS (
       INSERT INTO kernel.charges (work_id, job_id, amount, at)
       SELECT work_id, job_id, amount, ${NOW}
         FROM due
        WHERE amount > 0
       RETURNING job_id, amount
     )
     UPDATE kernel.holds h
        SET charged = h.charged + c.amount
       FROM (SELECT job_id, sum(amount) AS amount FROM charged GROUP BY job_id) AS c
      WHERE h.job_id = c.job_id`,
    [
      priced.map(({ workId }) => workId),
      priced.map(({ jobId }) => jobId),
      priced.map(({ millicredits }) => millicredits),
    ],
  );
}

/** Of a job as the functions below read it. */
interface Holding {
  readonly id: number;
  readonly has_hold: boolean;
}

/** What a locked job can still pay for. */
export interface Credit {
  /** What its hold has left beside its charges. */
  readonly left: Millicredits;
  /**
   * The works of parts that have not started and never will: their ceiling is above what the hold has left, and that only shrinks.
   * One that is merely not covered at the moment waits until those at work are charged, which is less than their ceilings.
   */
  readonly outOfReach: readonly number[];
}

/** No query without a hold. */
export async function readCredit(tx: Tx, job: Holding): Promise<Credit> {
  if (!job.has_hold) return { left: 0, outOfReach: [] };
  const { rows } = await tx.query<{ left: Millicredits; out_of_reach: number[] }>(
    `SELECT h.left, ARRAY (
              SELECT DISTINCT c.work_id
                FROM kernel.chunks c
                JOIN kernel.works w ON w.id = c.work_id
               WHERE c.job_id = $1
                 AND c.settled_at IS NULL
                 AND c.status = 'waiting'
                 AND c.ceiling > h.left
                 -- A result that is there costs nothing, and the part is about to be settled.
                 AND w.status NOT IN ('done', 'quarantined')
                 AND NOT EXISTS (SELECT FROM kernel.chunks twin
                                  WHERE twin.job_id = $1
                                    AND twin.work_id = c.work_id
                                    AND twin.status = 'active')) AS out_of_reach
       FROM (SELECT COALESCE((SELECT amount - charged
                                FROM kernel.holds
                               WHERE job_id = $1 AND settled_at IS NULL), 0) AS left) AS h`,
    [job.id],
  );
  const [row] = rows;
  return { left: row?.left ?? 0, outOfReach: row?.out_of_reach ?? [] };
}
