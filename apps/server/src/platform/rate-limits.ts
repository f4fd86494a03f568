import type { Role, Route } from '@scriptorium/contract';
import type { Queryable } from '@scriptorium/kernel';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Caller } from './access.ts';
import { query } from './database.ts';
import { platformError } from './errors.ts';

type LimitName = NonNullable<Route['limit']>;

/** How many requests an hour a user may send, by role. The owner's are not counted. */
export type RateLimits = Readonly<
  Record<LimitName, Readonly<Record<Exclude<Role, 'owner'>, number>>>
>;

const WINDOW_SECONDS = 3600;

/** A request that was counted. */
interface Charge {
  readonly name: LimitName;
  readonly limiter: RateLimiterPostgres;
  readonly userId: number;
  readonly remaining: number;
  /** When the window ends, in milliseconds since 1970. */
  readonly endsAt: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for requests that nobody counts. */
    charge?: Charge | null;
  }
}

/**
 * Counts the requests to routes that name a limit, in PostgreSQL and so over all servers, before anything of a body is read. What is
 * refused for whatever reason is given back: it has cost next to nothing, and a mistake in a form must not use up an hour. A repetition
 * of a request that was answered is not counted either.
 *
 * The windows are fixed and begin with the first request, as the library counts them: at the seam of two windows, twice the number may
 * come within a short time. (Rejected: a sliding log, a row a request, to prevent what harms nobody.)
 */
export function guardRates(app: FastifyInstance, pool: Pool, limits: RateLimits): void {
  const limiters = new Map<string, RateLimiterPostgres>();
  const limiterFor = (name: LimitName, role: Exclude<Role, 'owner'>) => {
    const known = limiters.get(`${name} ${role}`);
    if (known !== undefined) return known;
    const made = openLimiter(pool, name, limits[name][role]);
    limiters.set(`${name} ${role}`, made);
    return made;
  };
  app.decorateRequest('charge', null);
  app.addHook('onRequest', async (request, reply) => {
    const name = request.routeOptions.config.contract?.limit;
    const { user } = request;
    if (name === undefined || user === null || user.role === 'owner') return;
    if (request.named?.isRepeated) return;
    request.charge = await count(limiterFor(name, user.role), name, user, reply);
  });
  app.addHook('onSend', async (request, reply) => {
    const { charge } = request;
    if (!charge || reply.statusCode < 400) return;
    await giveBack(charge);
    tellRemaining(reply, { ...charge, remaining: charge.remaining + 1 });
  });
}

function openLimiter(pool: Pool, name: LimitName, points: number): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    tableName: 'rate_limits',
    // A migration makes it. The library would do so in the background, with an unhandled rejection if that fails.
    tableCreated: true,
    // The server's own sweep does it: the library's timer would outlive the pool.
    clearExpiredByTimeout: false,
    // The same for all roles: a change of role is no second hour.
    keyPrefix: name,
    points,
    duration: WINDOW_SECONDS,
  });
}

/** @throws AppError `request.rate_limited` */
async function count(
  limiter: RateLimiterPostgres,
  name: LimitName,
  { id: userId, role }: Caller,
  reply: FastifyReply,
): Promise<Charge> {
  try {
    const { remainingPoints: remaining, msBeforeNext } = await limiter.consume(userId);
    const charge = { name, limiter, userId, remaining, endsAt: Date.now() + msBeforeNext };
    tellRemaining(reply, charge);
    return charge;
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    const charge = {
      name,
      limiter,
      userId,
      remaining: 0,
      endsAt: Date.now() + refused.msBeforeNext,
    };
    // The library has counted it all the same.
    await giveBack(charge);
    tellRemaining(reply, charge);
    const seconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
    throw platformError('request.rate_limited', {
      detail: `Your role (${role}) may send ${limiter.points} ${name} an hour. Nothing was stored. The next one is possible in ${Math.ceil(seconds / 60)} minutes.`,
      params: { limit: limiter.points, minutes: Math.ceil(seconds / 60) },
      retryAfter: seconds,
    });
  }
}

/** What belongs to a window that is over is gone with it: given back later, it would enlarge the next one. */
async function giveBack({ limiter, userId, endsAt }: Charge): Promise<void> {
  if (Date.now() < endsAt) await limiter.reward(userId);
}

/** The headers of draft-ietf-httpapi-ratelimit-headers, as structured fields. */
function tellRemaining(reply: FastifyReply, { name, limiter, remaining, endsAt }: Charge): void {
  const seconds = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
  reply.headers({
    'ratelimit-policy': `"${name}";q=${limiter.points};w=${WINDOW_SECONDS}`,
    ratelimit: `"${name}";r=${remaining};t=${seconds}`,
  });
}

export async function sweepRates(db: Queryable): Promise<void> {
  await query(db, 'DELETE FROM rate_limits WHERE expire < $1', [Date.now()]);
}
