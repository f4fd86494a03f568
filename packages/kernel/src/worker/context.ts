import type { z } from 'zod';
import type { WorkArtifacts } from '../artifacts/attempt-files.ts';
import { noUsage, toUse, type Use, type UsageTally } from '../credits/usage.ts';
import type { Queryable } from '../db/queryable.ts';
import type { OpenBudget } from '../limits/budgets.ts';
import { isAwaited } from '../limits/is-awaited.ts';
import type { KernelLog } from '../log.ts';
import type { WorkContext } from '../pipeline.ts';
import type { Claim } from '../store/claim-works.ts';
import { storableJson, storableText } from '../storable-text.ts';
import { NOW } from '../store/sql.ts';

/** What a running attempt has reported so far; the dispatcher writes it once a second. */
export interface Progress {
  fraction: number;
  step: string | undefined;
  readonly usage: UsageTally;
  /** Why the kernel has refused a call last: a budget was empty. */
  emptyBudget: string | undefined;
}

export function noProgress(): Progress {
  return { fraction: 0, step: undefined, usage: noUsage(), emptyBudget: undefined };
}

export interface ContextOptions {
  readonly db: Queryable;
  readonly claim: Claim;
  readonly signal: AbortSignal;
  readonly log: KernelLog;
  readonly openBudget: OpenBudget;
  readonly artifacts: WorkArtifacts;
  readonly onReport: (fraction: number, step: string | undefined) => void;
  readonly onUsage: (use: Use) => void;
  readonly onEmptyBudget?: (reason: string) => void;
}

/** What one attempt may use. */
export function createContext(options: ContextOptions): WorkContext {
  const { db, claim, signal, log } = options;
  const asked = new Set<string>();
  return {
    workId: claim.workId,
    jobId: claim.jobId,
    ownerId: claim.ownerId,
    signal,
    log,
    // 0 of 0 parts is not a number, and 1e-50 is none of PostgreSQL's "real": either would stop the heartbeat of all.
    report: (fraction, step) =>
      options.onReport(
        Math.fround(Math.min(1, Math.max(0, fraction)) || 0),
        step === undefined ? undefined : storableText(step),
      ),
    usage: (use) => options.onUsage(toUse(use)),
    artifacts: options.artifacts,
    budget: (provider) =>
      options.openBudget(provider, () => isAwaited(db, claim), options.onEmptyBudget),
    memo: (key, schema, call) => {
      // A first attempt can only remember what it has asked itself.
      const isNew = claim.isFirst && !asked.has(key);
      asked.add(key);
      return memo(db, { workId: claim.workId, key: storableText(key), isNew }, schema, call);
    },
  };
}

/**
 * Not fenced: what a model answered is a fact whoever asked. The first stored value wins, so that two attempts that
 * overlap go on with the same one. What PostgreSQL cannot store of it is replaced: refused, it would be paid for again at every try.
 */
async function memo<T>(
  db: Queryable,
  { workId, key, isNew }: { workId: number; key: string; isNew: boolean },
  schema: z.ZodType<T>,
  call: () => Promise<T>,
): Promise<T> {
  const known = isNew ? undefined : await readMemo(db, workId, key, schema);
  if (known !== undefined) return known.value;
  const json = storableJson(await call());
  const { rowCount } = await db.query(
    `INSERT INTO kernel.memos (work_id, key, value, created_at)
     VALUES ($1, $2, $3, ${NOW})
         ON CONFLICT (work_id, key) DO NOTHING`,
    [workId, key, json],
  );
  const first = rowCount === 0 ? await readMemo(db, workId, key, schema) : undefined;
  // As it will be read by a later attempt. Not sent back by the database: some 20 kB for every call.
  return first === undefined ? schema.parse(JSON.parse(json)) : first.value;
}

async function readMemo<T>(
  db: Queryable,
  workId: number,
  key: string,
  schema: z.ZodType<T>,
): Promise<{ value: T } | undefined> {
  const { rows } = await db.query<{ value: unknown }>(
    'SELECT value FROM kernel.memos WHERE work_id = $1 AND key = $2',
    [workId, key],
  );
  const row = rows[0];
  return row === undefined ? undefined : { value: schema.parse(row.value) };
}
