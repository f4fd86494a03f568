import type { Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { KernelError } from '../errors.ts';
import type { KernelLog } from '../log.ts';
import { pauseProvider, readPause } from './pauses.ts';

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
const WINDOW_SECONDS = 60;
const MAX_POINTS = 2 ** 31 - 1;

/** A part of a provider's budget: a counter for each thing that is limited. */
type Share = ReadonlyMap<Unit, RateLimiterPostgres>;
type Unit = 'requests' | 'tokens';
type Need = Readonly<Record<Unit, number>>;

/** What was taken out of a share, and until when the share's minute lasts. */
interface Charge {
  readonly unit: Unit;
  readonly limiter: RateLimiterPostgres;
  readonly points: number;
  readonly endsAt: number;
}

/** Either all that was needed, or what there was too little of and for how many milliseconds. */
type Drawn =
  | { readonly charges: readonly Charge[] }
  | { readonly lacks: Unit; readonly ms: number };

/**
 * Budgets of requests and tokens a minute, counted in PostgreSQL and so the same in all processes.
 *
 * The fifth for waiting persons is a counter of its own rather than the last fifth of a common one: a refused request is
 * counted for a moment before it is given back, and a crowd of refused ones would hide what is kept. The minutes are fixed
 * windows that begin with their first request, by the clock of the process: two full budgets may meet at the seam of two
 * windows, which a provider answers with a 429 and {@link Budget.pause} with a pause.
 *
 * @throws KernelError `limits.invalid_budget`
 */
export function openBudgets(pool: Pool, options: BudgetOptions, log: KernelLog): OpenBudget {
  const books = new Map(
    Object.entries(options).map(([provider, limits]) => [
      provider,
      { limits, ...openShares(pool, provider, limits) },
    ]),
  );
  return (provider, isAwaited, onEmpty) => ({
    take: async ({ tokens }) => {
      const book = books.get(provider);
      const need: Need = { requests: 1, tokens: Math.max(0, Math.ceil(tokens)) };
      // Asked together: one after the other they were half of the time between two calls. A pause is rare.
      const [pause, common] = await Promise.all([
        readPause(pool, provider),
        book && draw(book.common, provider, atMost(book.common, need)),
      ]);
      if (pause !== undefined) {
        if (common && 'charges' in common) await giveAllBack(provider, common.charges);
        return { granted: false, ...pause };
      }
      if (book === undefined || common === undefined) return UNLIMITED;
      if ('charges' in common) return grant(provider, common.charges, log);
      const kept = (await isAwaited()) ? await draw(book.kept, provider, need) : common;
      if ('charges' in kept) return grant(provider, kept.charges, log);
      const { lacks, ms } = kept.ms < common.ms ? kept : common;
      const reason = `${provider}'s budget of ${book.limits[`${lacks}PerMinute`]} ${lacks} a minute`;
      onEmpty?.(reason);
      return { granted: false, seconds: Math.max(1, Math.ceil(ms / 1000)), reason };
    },
    pause: (seconds, reason) => pauseProvider(pool, provider, seconds, reason),
  });
}

const UNLIMITED: Grant = { granted: true, correct: async () => {} };

function grant(provider: string, charges: readonly Charge[], log: KernelLog): Grant {
  const charge = charges.find(({ unit }) => unit === 'tokens');
  if (charge === undefined) return UNLIMITED;
  let charged = charge.points;
  return {
    granted: true,
    correct: async ({ tokens }) => {
      const more = Math.ceil(tokens) - charged;
      charged += more;
      try {
        if (more > 0) await charge.limiter.penalty(provider, more);
        else await giveBack(provider, charge, -more);
      } catch (error) {
        log.warn({ err: error, provider, tokens: more }, 'A budget was not corrected');
      }
    },
  };
}

function openShares(pool: Pool, provider: string, limits: BudgetLimits) {
  const common = new Map<Unit, RateLimiterPostgres>();
  const kept = new Map<Unit, RateLimiterPostgres>();
  for (const unit of ['requests', 'tokens'] as const) {
    const limit = limits[`${unit}PerMinute`];
    if (limit === undefined) continue;
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_POINTS) {
      throw new KernelError(
        'limits.invalid_budget',
        `The budget of ${provider} is ${limit} ${unit} a minute. Give a whole number from 1 to ${MAX_POINTS}, or leave it out for no limit.`,
        { provider, unit, limit },
      );
    }
    const part = Math.floor(limit / KEPT);
    common.set(unit, openLimiter(pool, `budget:${unit}`, limit - part));
    kept.set(unit, openLimiter(pool, `budget:${unit}:kept`, part));
  }
  return { common, kept };
}

function openLimiter(pool: Pool, keyPrefix: string, points: number): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    schemaName: 'kernel',
    tableName: 'rate_limits',
    // A migration makes it. The library would do so in the background, with an unhandled rejection if that fails.
    tableCreated: true,
    // A row for each provider and counter: nothing to sweep.
    clearExpiredByTimeout: false,
    keyPrefix,
    points,
    duration: WINDOW_SECONDS,
  });
}

/** A call that is larger than the whole share takes all of it, or it could never be made. */
function atMost(share: Share, need: Need): Need {
  return { ...need, tokens: Math.min(need.tokens, share.get('tokens')?.points ?? Infinity) };
}

/** Takes all that is needed out of a share, or nothing. */
async function draw(share: Share, provider: string, need: Need): Promise<Drawn> {
  const answers = await Promise.all(
    Array.from(share, ([unit, limiter]) => consume(limiter, provider, unit, need[unit])),
  );
  const charges = answers.filter((answer) => 'points' in answer);
  const lack = answers.find((answer) => 'lacks' in answer);
  if (lack === undefined) return { charges };
  await giveAllBack(provider, charges);
  return lack;
}

async function giveAllBack(provider: string, charges: readonly Charge[]): Promise<void> {
  for (const charge of charges) await giveBack(provider, charge, charge.points);
}

async function consume(
  limiter: RateLimiterPostgres,
  provider: string,
  unit: Unit,
  points: number,
): Promise<Charge | Exclude<Drawn, { charges: unknown }>> {
  if (points > limiter.points) return { lacks: unit, ms: Number.POSITIVE_INFINITY };
  try {
    const { msBeforeNext } = await limiter.consume(provider, points);
    return { unit, limiter, points, endsAt: Date.now() + msBeforeNext };
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    const ms = refused.msBeforeNext;
    // The library has counted it all the same.
    await giveBack(provider, { limiter, endsAt: Date.now() + ms }, points);
    return { lacks: unit, ms };
  }
}

/** What belongs to a minute that is over is gone with it: given back later, it would enlarge the next one. */
async function giveBack(
  provider: string,
  { limiter, endsAt }: Pick<Charge, 'limiter' | 'endsAt'>,
  points: number,
): Promise<void> {
  if (points > 0 && Date.now() < endsAt) await limiter.reward(provider, points);
}
