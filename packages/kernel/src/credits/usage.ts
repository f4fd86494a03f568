import { randomUUID } from 'node:crypto';
import type { Tx } from '../db/transaction.ts';
import { storableText } from '../storable-text.ts';
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

/** What one attempt has used. */
export interface UsageTally {
  /** In all: what its result costs. */
  millicredits: Millicredits;
  /** By model, what is not yet handed on to be written. */
  byModel: Map<string | null, Omit<Use, 'millicredits'>>;
}

export function noUsage(): UsageTally {
  return { millicredits: 0, byModel: new Map() };
}

export function addUse(tally: UsageTally, { millicredits, ...use }: Use): void {
  tally.millicredits += millicredits;
  if (use.calls === 0 && use.tokens === 0) return;
  const { model } = use;
  const before = tally.byModel.get(model) ?? { calls: 0, tokens: 0, costMicros: 0 };
  tally.byModel.set(model, {
    model,
    calls: before.calls + use.calls,
    tokens: before.tokens + use.tokens,
    // One unknown price makes the sum unknown.
    costMicros:
      before.costMicros === null || use.costMicros === null
        ? null
        : before.costMicros + use.costMicros,
  });
}

/** The calls of one model that an attempt has made since the last ones were handed on. */
export interface Usage {
  readonly id: string;
  readonly model: string | null;
  readonly calls: number;
  readonly tokens: number;
  readonly costMicros: number | null;
  readonly workId: number;
  readonly taskId: string;
  readonly delivery: number;
  readonly jobId: number;
  readonly ownerId: number;
}

/** Whoever takes it writes it, so it counts once: a second run of the same transaction knows it by its id. */
export function takeUsages(
  tally: UsageTally,
  { workId, taskId, delivery, jobId, ownerId }: Omit<Usage, keyof Use | 'id'>,
): Usage[] {
  const taken = [...tally.byModel.values()];
  tally.byModel = new Map();
  return taken.map((use) => ({
    id: randomUUID(),
    ...use,
    workId,
    taskId,
    delivery,
    jobId,
    ownerId,
  }));
}

/**
 * Keeps what attempts have used, and adds it to their jobs and works. Not fenced, because the calls have been made, and also of jobs that
 * have ended. What an earlier run has kept already is not added again.
 *
 * The caller holds the rows of the jobs and works that are still there.
 */
export async function keepUsages(tx: Tx, uses: readonly Usage[]): Promise<void> {
  if (uses.length === 0) return;
  await tx.query(
    `WITH kept AS (
       INSERT INTO kernel.usages (id, work_id, task_id, delivery, job_id, owner_id, model, calls, tokens, cost_micros, at)
       SELECT u.*, ${NOW}
         FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::int[], $5::bigint[], $6::bigint[], $7::text[],
                     $8::bigint[], $9::bigint[], $10::bigint[]) AS u
           ON CONFLICT (id) DO NOTHING
       RETURNING job_id, work_id, calls, tokens
     ), of_jobs AS (
       UPDATE kernel.jobs j
          SET llm_calls = j.llm_calls + u.calls, tokens_used = j.tokens_used + u.tokens
         FROM (SELECT job_id, sum(calls)::int AS calls, sum(tokens)::bigint AS tokens
                 FROM kept
                GROUP BY job_id) AS u
        WHERE j.id = u.job_id
     )
     UPDATE kernel.works w
        SET llm_calls = w.llm_calls + u.calls, tokens_used = w.tokens_used + u.tokens
       FROM (SELECT work_id, sum(calls)::int AS calls, sum(tokens)::bigint AS tokens
               FROM kept
              GROUP BY work_id) AS u
      WHERE w.id = u.work_id`,
    [
      uses.map((use) => use.id),
      uses.map((use) => use.workId),
      uses.map((use) => use.taskId),
      uses.map((use) => use.delivery),
      uses.map((use) => use.jobId),
      uses.map((use) => use.ownerId),
      uses.map((use) => use.model),
      uses.map((use) => use.calls),
      uses.map((use) => use.tokens),
      uses.map((use) => use.costMicros),
    ],
  );
}
