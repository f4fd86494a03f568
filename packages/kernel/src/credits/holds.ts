import type { Queryable } from '../db/queryable.ts';
import { inTransaction, type Tx } from '../db/transaction.ts';
import type { Resources } from '../resources.ts';
import { NOW } from '../store/sql.ts';
import { ConfirmationError, InsufficientCreditError } from './errors.ts';
import { lockAvailable, postEntry } from './ledger.ts';
import type { Millicredits } from './millicredits.ts';

/*
 * A hold is made for a job number: with the job, or before it by a confirmation. It is adopted by its job once, charged by the
 * job's results, and settled once: by the terminal transition of its job, or, if the job never comes, when the confirmation
 * expires. In the order of locks it comes after the works and before the accounts.
 */

export interface Reservation {
  /** From {@link drawJobId}: the number the job will have. */
  readonly jobId: number;
  readonly ownerId: number;
  /** 0 for a job that costs nothing: it is confirmed all the same. */
  readonly amount: Millicredits;
  /** Unused, it ends after so long. Default: 30 minutes. */
  readonly seconds?: number;
  readonly note?: string;
}

export interface Hold {
  readonly jobId: number;
  readonly amount: Millicredits;
  readonly expiresAt: Date;
}

const DEFAULT_SECONDS = 30 * 60;

/** The number of a job to come. Numbers that are never used are just missing. */
export async function drawJobId(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ id: number }>(`SELECT nextval('kernel.jobs_id_seq') AS id`);
  const [row] = rows;
  if (row === undefined) throw new Error('The sequence of jobs gave no number.');
  return row.id;
}

/**
 * Holds credits for a job to come. Repeated for the same number, as after a lost connection, it holds nothing more.
 *
 * @throws InsufficientCreditError
 * @throws ConfirmationError `confirmation.used` if somebody has the number
 */
export async function reserveCredits(tx: Tx, reservation: Reservation): Promise<Hold> {
  const { jobId, ownerId, amount, seconds = DEFAULT_SECONDS, note } = reservation;
  if (!Number.isSafeInteger(amount) || amount < 0) {
    throw new RangeError(`A hold is a whole number of millicredits: ${amount} is not.`);
  }
  const { rows } = await tx.query<{ expires_at: Date }>(
    `INSERT INTO kernel.holds (job_id, owner_id, amount, created_at, expires_at)
     VALUES ($1, $2, $3, ${NOW}, ${NOW} + $4 * interval '1 second')
         ON CONFLICT (job_id) DO NOTHING
     RETURNING expires_at`,
    [jobId, ownerId, amount, seconds],
  );
  const [made] = rows;
  if (made === undefined) return await earlierHold(tx, reservation);
  if (amount === 0) return { jobId, amount, expiresAt: made.expires_at };
  const available = await lockAvailable(tx, ownerId);
  if (available < amount) throw new InsufficientCreditError(amount, available);
  await postEntry(tx, {
    kind: 'hold',
    ownerId,
    amount,
    jobId,
    ...(note === undefined ? {} : { note }),
  });
  return { jobId, amount, expiresAt: made.expires_at };
}

async function earlierHold(tx: Tx, { jobId, ownerId, amount }: Reservation): Promise<Hold> {
  const { rows } = await tx.query<{ expires_at: Date }>(
    `SELECT expires_at
       FROM kernel.holds
      WHERE job_id = $1 AND owner_id = $2 AND amount = $3 AND adopted_at IS NULL AND settled_at IS NULL`,
    [jobId, ownerId, amount],
  );
  const [hold] = rows;
  if (hold === undefined) throw new ConfirmationError('used', jobId);
  return { jobId, amount, expiresAt: hold.expires_at };
}

/**
 * Gives a confirmed hold to its job, once. A confirmation that is released at the same moment is released or adopted, never
 * both: each is one guarded UPDATE of the same row.
 *
 * @param atLeast what the job may need; a smaller hold is refused
 * @throws ConfirmationError
 */
export async function adoptHold(
  tx: Tx,
  { jobId, ownerId, atLeast }: { jobId: number; ownerId: number; atLeast: Millicredits },
): Promise<void> {
  const { rowCount } = await tx.query(
    `UPDATE kernel.holds
        SET adopted_at = ${NOW}
      WHERE job_id = $1
        AND owner_id = $2
        AND amount >= $3
        AND adopted_at IS NULL
        AND settled_at IS NULL
        AND expires_at > ${NOW}`,
    [jobId, ownerId, atLeast],
  );
  if (rowCount !== 1) throw await refusal(tx, { jobId, ownerId, atLeast });
}

async function refusal(
  tx: Tx,
  { jobId, ownerId, atLeast }: { jobId: number; ownerId: number; atLeast: Millicredits },
): Promise<ConfirmationError> {
  const { rows } = await tx.query<{ amount: Millicredits; is_used: boolean }>(
    'SELECT amount, adopted_at IS NOT NULL AS is_used FROM kernel.holds WHERE job_id = $1 AND owner_id = $2',
    [jobId, ownerId],
  );
  const [hold] = rows;
  if (hold === undefined) return new ConfirmationError('unknown', jobId);
  if (hold.is_used) return new ConfirmationError('used', jobId);
  if (hold.amount < atLeast) {
    return new ConfirmationError('too_small', jobId, { held: hold.amount, needed: atLeast });
  }
  return new ConfirmationError('expired', jobId);
}

/**
 * Ends a job's hold in the transaction that ends the job: what its results cost is spent, the rest is the owner's again.
 *
 * The caller has locked the works the job still waited for, so a record that charges it is over, or comes too late.
 */
export async function settleHold(tx: Tx, jobId: number): Promise<void> {
  await settle(tx, jobId, 'adopted_at IS NOT NULL');
}

const BATCH = 100;

/**
 * Releases confirmations whose jobs never came, one a transaction.
 *
 * @returns how many
 */
export async function releaseUnusedHolds({
  pool,
  onRerun,
}: Pick<Resources, 'pool' | 'onRerun'>): Promise<number> {
  const unused = `adopted_at IS NULL AND expires_at <= ${NOW}`;
  let released = 0;
  for (;;) {
    const { rows } = await pool.query<{ job_id: number }>(
      `SELECT job_id FROM kernel.holds WHERE settled_at IS NULL AND ${unused} ORDER BY expires_at LIMIT ${BATCH}`,
    );
    for (const { job_id: jobId } of rows) {
      await inTransaction(pool, (tx) => settle(tx, jobId, unused, 'Not used in time'), onRerun);
    }
    released += rows.length;
    if (rows.length < BATCH) return released;
  }
}

/** The guarded UPDATE that ends a hold, and its two entries. Where the guard does not hold, nothing happens. */
async function settle(tx: Tx, jobId: number, guard: string, note?: string): Promise<void> {
  const { rows } = await tx.query<{ owner_id: number; charged: Millicredits; rest: Millicredits }>(
    `UPDATE kernel.holds
        SET settled_at = ${NOW}
      WHERE job_id = $1
        AND settled_at IS NULL
        AND ${guard}
     RETURNING owner_id, charged, amount - charged AS rest`,
    [jobId],
  );
  const [hold] = rows;
  if (hold === undefined || hold.charged + hold.rest === 0) return;
  const entry = { jobId, ownerId: hold.owner_id, ...(note === undefined ? {} : { note }) };
  await postEntry(tx, { kind: 'settle', amount: hold.charged, ...entry });
  if (hold.rest > 0) await postEntry(tx, { kind: 'release', amount: hold.rest, ...entry });
}
