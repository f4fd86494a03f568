import type { Queryable } from '../db/transaction.ts';
import { storableText } from '../storable-text.ts';
import type { Claim } from '../store/claim-works.ts';
import { NOW } from '../store/sql.ts';
import { priceOf, type Millicredits } from './millicredits.ts';

/** Calls of a model, as a pipeline reports them. */
export interface ModelUse {
  readonly calls: number;
  readonly tokens: number;
  /** For the receipt: `google/gemini-2.5-flash`. */
  readonly model?: string;
  /** Credits for 1,000 tokens of it. Default 0: it costs its user nothing. */
  readonly factor?: number;
  /** Millionths of a US dollar. Absent or `null`: not known, which is not nothing. */
  readonly costMicros?: number | null;
}

/** The same in whole numbers, as it crosses from a child process. */
export interface Use {
  readonly calls: number;
  readonly tokens: number;
  readonly model: string | null;
  readonly millicredits: Millicredits;
  readonly costMicros: number | null;
}

/** All that one attempt has used. */
export interface UsageTally {
  calls: number;
  tokens: number;
  millicredits: Millicredits;
  readonly models: Map<string | null, Omit<Use, 'model' | 'millicredits'>>;
}

export function noUsage(): UsageTally {
  return { calls: 0, tokens: 0, millicredits: 0, models: new Map() };
}

export function toUse({ calls, tokens, model, factor = 0, costMicros = null }: ModelUse): Use {
  return {
    calls: wholeNumber(calls),
    tokens: wholeNumber(tokens),
    model: model === undefined ? null : storableText(model),
    millicredits: priceOf(wholeNumber(tokens), factor),
    costMicros:
      costMicros === null || !Number.isFinite(costMicros) ? null : wholeNumber(costMicros),
  };
}

function wholeNumber(count: number): number {
  return Number.isFinite(count) ? Math.max(0, Math.round(count)) : 0;
}

export function addUse(tally: UsageTally, { model, millicredits, ...use }: Use): void {
  tally.calls += use.calls;
  tally.tokens += use.tokens;
  tally.millicredits += millicredits;
  if (use.calls === 0 && use.tokens === 0) return;
  const before = tally.models.get(model) ?? { calls: 0, tokens: 0, costMicros: 0 };
  tally.models.set(model, {
    calls: before.calls + use.calls,
    tokens: before.tokens + use.tokens,
    costMicros: sumKnown(before.costMicros, use.costMicros),
  });
}

/** One unknown price makes the sum unknown. */
function sumKnown(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

/** What an attempt has used, and for which job and owner. */
export interface AttemptUsage {
  readonly claim: Pick<Claim, 'workId' | 'taskId' | 'delivery'>;
  readonly jobId: number;
  readonly ownerId: number;
  readonly usage: UsageTally;
}

/**
 * Keeps what attempts have used, also those that failed, were aborted or came too late. Not fenced, because the calls have been
 * made; a record that is run again finds its rows. What a killed process had not recorded is lost with it.
 */
export async function insertUsages(
  db: Queryable,
  attempts: readonly AttemptUsage[],
): Promise<void> {
  const rows = attempts.flatMap(({ usage, claim, jobId, ownerId }) =>
    [...usage.models].map(([model, use]) => ({ ...claim, ...use, model, jobId, ownerId })),
  );
  if (rows.length === 0) return;
  await db.query(
    `INSERT INTO kernel.usages (work_id, task_id, delivery, model, job_id, owner_id, calls, tokens, cost_micros, at)
     SELECT u.*, ${NOW}
       FROM unnest($1::bigint[], $2::uuid[], $3::int[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
                   $8::bigint[], $9::bigint[]) AS u
         ON CONFLICT DO NOTHING`,
    [
      rows.map((row) => row.workId),
      rows.map((row) => row.taskId),
      rows.map((row) => row.delivery),
      rows.map((row) => row.model),
      rows.map((row) => row.jobId),
      rows.map((row) => row.ownerId),
      rows.map((row) => row.calls),
      rows.map((row) => row.tokens),
      rows.map((row) => row.costMicros),
    ],
  );
}
