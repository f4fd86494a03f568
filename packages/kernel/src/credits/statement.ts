import type { Queryable } from '../db/queryable.ts';
import { JobNotFoundError } from '../errors.ts';
import type { EntryKind } from './ledger.ts';
import type { Millicredits } from './millicredits.ts';

/** A line of an owner's statement. */
export interface CreditEntry {
  readonly id: number;
  readonly kind: EntryKind;
  /**
   * What it did to the available credits (grant, hold, release) or to the held ones (settle): negative for a hold, a
   * settlement, and a grant that was taken back.
   */
  readonly amount: Millicredits;
  readonly available_after: Millicredits;
  readonly held_after: Millicredits;
  readonly job_id: number | null;
  /** Who gave or took back; null for what happens by itself. */
  readonly made_by: number | null;
  readonly note: string | null;
  readonly at: Date;
}

export interface EntryPage {
  readonly limit: number;
  /** Only entries with a smaller id: the next page. */
  readonly before?: number;
  readonly jobId?: number;
}

/** Newest first. */
export async function readEntries(
  db: Queryable,
  ownerId: number,
  { limit, before, jobId }: EntryPage,
): Promise<CreditEntry[]> {
  const { rows } = await db.query<CreditEntry>(
    `SELECT e.id, e.kind, e.available_after, e.held_after, e.job_id, e.made_by, e.note, e.at,
            CASE WHEN target.kind = 'available' THEN e.amount ELSE -e.amount END AS amount
       FROM kernel.entries e
       JOIN kernel.accounts target ON target.id = e.to_account
      WHERE e.owner_id = $1
        AND ($2::bigint IS NULL OR e.id < $2)
        AND ($3::bigint IS NULL OR e.job_id = $3)
      ORDER BY e.id DESC
      LIMIT $4`,
    [ownerId, before ?? null, jobId ?? null, limit],
  );
  return rows;
}

/** What the calls of one model came to. */
export interface ModelReceipt {
  /** `null`: the pipeline did not say. */
  readonly model: string | null;
  readonly calls: number;
  readonly tokens: number;
  /** Millionths of a US dollar; `null` while a price is not known. */
  readonly costMicros: number | null;
}

export interface Receipt {
  readonly jobId: number;
  /** All calls, also those of attempts that failed or were aborted, which cost no credits. */
  readonly calls: number;
  readonly tokens: number;
  readonly models: readonly ModelReceipt[];
  /** `null` while the price of a model is not known; 0 without a call. */
  readonly costMicros: number | null;
  /** `null` for a job that needs no credits. */
  readonly credits: {
    readonly held: Millicredits;
    /** What its results cost so far, and in the end. */
    readonly charged: Millicredits;
    /** `null` while the job is open. */
    readonly settled: Millicredits | null;
    readonly returned: Millicredits | null;
  } | null;
}

/**
 * What a job used and what it cost. Stays after the job has been deleted.
 *
 * @throws JobNotFoundError if it is none of this owner's (`null`: the operator, who sees all)
 */
export async function readReceipt(
  db: Queryable,
  jobId: number,
  ownerId: number | null,
): Promise<Receipt> {
  const { rows } = await db.query<{
    held: Millicredits | null;
    charged: Millicredits;
    is_settled: boolean;
  }>(
    `SELECT h.amount AS held, h.charged, h.settled_at IS NOT NULL AS is_settled
       FROM (SELECT owner_id FROM kernel.jobs WHERE id = $1
              UNION
             SELECT owner_id FROM kernel.holds WHERE job_id = $1
              UNION
             SELECT owner_id FROM kernel.usages WHERE job_id = $1) AS known
       LEFT JOIN kernel.holds h ON h.job_id = $1
      WHERE $2::bigint IS NULL OR known.owner_id = $2`,
    [jobId, ownerId],
  );
  const [job] = rows;
  if (job === undefined) throw new JobNotFoundError(jobId);
  const { rows: models } = await db.query<ModelReceipt>(
    `SELECT model, sum(calls)::bigint AS calls, sum(tokens)::bigint AS tokens,
            CASE WHEN bool_and(cost_micros IS NOT NULL) THEN sum(cost_micros)::bigint END AS "costMicros"
       FROM kernel.usages
      WHERE job_id = $1
      GROUP BY model
      ORDER BY model`,
    [jobId],
  );
  return {
    jobId,
    calls: models.reduce((sum, each) => sum + each.calls, 0),
    tokens: models.reduce((sum, each) => sum + each.tokens, 0),
    models,
    costMicros: models.reduce<number | null>(
      (sum, { costMicros }) => (sum === null || costMicros === null ? null : sum + costMicros),
      0,
    ),
    credits: job.held === null ? null : { held: job.held, ...settlement(job.held, job) },
  };
}

function settlement(
  held: Millicredits,
  { charged, is_settled: isSettled }: { charged: Millicredits; is_settled: boolean },
) {
  return isSettled
    ? { charged, settled: charged, returned: held - charged }
    : { charged, settled: null, returned: null };
}
