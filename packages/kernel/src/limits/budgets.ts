import type { Queryable } from '../db/queryable.ts';
import { KernelError } from '../errors.ts';
import type { KernelLog } from '../log.ts';
import { pauseProvider, readPause } from './pauses.ts';
import { ShareCounter, type Amounts, type Share, type Unit } from './share-counter.ts';

/** What a provider of models allows. Absent: unlimited. */
export interface BudgetLimits {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
}

/** By the provider's name, such as `google`. A provider that is not listed is unlimited, but can be paused. */
export type BudgetOptions = Readonly<Record<string, BudgetLimits>>;

/** The call may be made. */
export interface Grant {
  readonly granted: true;
  /**
   * Once the call is over: what it really took. The difference is charged or given back. Never rejects, so that nobody has to
   * wait: a correction that fails leaves the budget less exact, which is logged, and must not cost the answer.
   */
  correct(used: { readonly tokens: number }): Promise<void>;
}

/** The call may not be made now: `return retryAfter(refusal.seconds, refusal.reason)`. */
export interface Refusal {
  readonly granted: false;
  /** Whole seconds, at least one. */
  readonly seconds: number;
  readonly reason: string;
}

/** One budget for all processes of an installation. */
export interface Budget {
  /** Asks for one request and `tokens`: an upper bound of what it will read and write. */
  take(need: { readonly tokens: number }): Promise<Grant | Refusal>;
  /** After the provider's refusal (429): nobody calls it for `seconds`, in no process. A longer pause stands. */
  pause(seconds: number, reason: string): Promise<void>;
}

/** Opens the budget of a provider for one attempt; `isAwaited` tells whether a person waits for its work now. */
export type OpenBudget = (
  provider: string,
  isAwaited: () => Promise<boolean>,
  /** Told why a call was refused that a waiting person might have been granted. */
  onEmpty?: (reason: string) => void,
) => Budget;

/** A fifth is kept for works for which a person waits. */
const KEPT = 5;
const MAX_POINTS = 2 ** 31 - 1;
const UNLIMITED = Number.MAX_SAFE_INTEGER;

/** A provider's budget in this process. */
interface Book {
  readonly limits: BudgetLimits;
  readonly common: Part;
  readonly kept: Part;
}

interface Part {
  readonly most: Amounts;
  readonly counter: ShareCounter;
}

/**
 * Budgets of requests and tokens a minute, counted in PostgreSQL and so the same in all processes.
 *
 * The fifth for waiting persons is a counter of its own rather than the last fifth of a common one: nobody else's request can take from it.
 * The minutes are fixed windows that begin with their first request, by the clock of the database: two full budgets may meet at the
 * seam of two windows, which a provider answers with a 429 and {@link Budget.pause} with a pause.
 *
 * (Rejected: a counter for each unit in a library for rate limits. It cannot take from two of them or none, asks about a pause apart, and
 * counts what it refuses until that is given back: four statements a call, on rows for which five calls waited in line for 20 to 30 ms.)
 *
 * @throws KernelError `limits.invalid_budget`
 */
export function openBudgets(db: Queryable, options: BudgetOptions, log: KernelLog): OpenBudget {
  const books = new Map(
    Object.entries(options).map(([provider, limits]) => [provider, openBook(db, provider, limits)]),
  );
  return (provider, isAwaited, onEmpty) => ({
    take: async ({ tokens }) => {
      const book = books.get(provider);
      if (book === undefined) {
        const pause = await readPause(db, provider);
        return pause === undefined ? UNCOUNTED : { granted: false, ...pause };
      }
      const need: Amounts = { requests: 1, tokens: Math.max(0, Math.ceil(tokens)) };
      const all = atMost(book.common, need);
      const common = await book.common.counter.take(all);
      if ('reason' in common) return { granted: false, ...common };
      if ('endsAt' in common)
        return grant(book.common, { ...common, provider, tokens: all.tokens }, log);
      const kept = (await isAwaited()) ? await book.kept.counter.take(need) : common;
      if ('reason' in kept) return { granted: false, ...kept };
      if ('endsAt' in kept)
        return grant(book.kept, { ...kept, provider, tokens: need.tokens }, log);
      const { lacks, seconds } = kept.seconds < common.seconds ? kept : common;
      const reason = `${provider}'s budget of ${book.limits[`${lacks}PerMinute`]} ${lacks} a minute`;
      onEmpty?.(reason);
      return { granted: false, seconds, reason };
    },
    pause: (seconds, reason) => pauseProvider(db, provider, seconds, reason),
  });
}

const UNCOUNTED: Grant = { granted: true, correct: async () => {} };

interface Charge {
  readonly provider: string;
  readonly tokens: number;
  readonly endsAt: string;
}

function grant(
  { most, counter }: Part,
  { provider, tokens, endsAt }: Charge,
  log: KernelLog,
): Grant {
  if (most.tokens === UNLIMITED) return UNCOUNTED;
  let charged = tokens;
  return {
    granted: true,
    correct: async (used) => {
      const more = Math.ceil(used.tokens) - charged;
      charged += more;
      try {
        if (more !== 0) await counter.correct({ endsAt, tokens: more });
      } catch (error) {
        log.warn({ err: error, provider, tokens: more }, 'A budget was not corrected');
      }
    },
  };
}

function openBook(db: Queryable, provider: string, limits: BudgetLimits): Book {
  const most = (partOf: (limit: number) => number): Amounts => ({
    requests: partOf(limitOf(provider, limits, 'requests')),
    tokens: partOf(limitOf(provider, limits, 'tokens')),
  });
  const part = (name: Share['name'], amounts: Amounts): Part => ({
    most: amounts,
    counter: new ShareCounter(db, { provider, name, most: amounts }),
  });
  const kept = (limit: number) => (limit === UNLIMITED ? limit : Math.floor(limit / KEPT));
  const common = (limit: number) => (limit === UNLIMITED ? limit : limit - kept(limit));
  return { limits, common: part('common', most(common)), kept: part('kept', most(kept)) };
}

function limitOf(provider: string, limits: BudgetLimits, unit: Unit): number {
  const limit = limits[`${unit}PerMinute`];
  if (limit === undefined) return UNLIMITED;
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_POINTS) return limit;
  throw new KernelError(
    'limits.invalid_budget',
    `The budget of ${provider} is ${limit} ${unit} a minute. Give a whole number from 1 to ${MAX_POINTS}, or leave it out for no limit.`,
    { provider, unit, limit },
  );
}

/** A call that is larger than the whole share takes all of it, or it could never be made. */
function atMost({ most }: Part, need: Amounts): Amounts {
  return { ...need, tokens: Math.min(need.tokens, most.tokens) };
}
