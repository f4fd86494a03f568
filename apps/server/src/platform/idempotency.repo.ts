import type { Queryable } from '@scriptorium/kernel';
import { query, queryOne } from './database.ts';

/** A request that is being answered. */
export interface Claim {
  readonly id: Buffer;
  /** A UUID. */
  readonly claim: string;
}

/** A server that dies is taken for dead after so long; a living one renews its claims three times within it. */
export const LEASE_SECONDS = 30;
const KEPT_HOURS = 24;

/** True if nobody else is answering the request or has answered it, in one statement: of two at once one gets it. */
export async function insertClaim(
  db: Queryable,
  { id, claim }: Claim,
  userId: number,
): Promise<boolean> {
  const row = await queryOne(
    db,
    `INSERT INTO idempotent_requests AS r (id, user_id, claim, leased_until, expires_at)
     VALUES ($1, $2, $3, now() + make_interval(secs => $4), now() + make_interval(hours => $5))
         ON CONFLICT (id) DO UPDATE
        SET claim = EXCLUDED.claim, leased_until = EXCLUDED.leased_until, expires_at = EXCLUDED.expires_at, answer = NULL
      WHERE r.expires_at <= now()
         OR (r.answer IS NULL AND r.leased_until <= now())
     RETURNING 1`,
    [id, userId, claim, LEASE_SECONDS, KEPT_HOURS],
  );
  return row !== undefined;
}

/** `answer` is null while somebody is answering; nothing is returned for a request that was given up meanwhile. */
export function findRequest(
  db: Queryable,
  id: Buffer,
): Promise<{ answer: Buffer | null } | undefined> {
  return queryOne(db, 'SELECT answer FROM idempotent_requests WHERE id = $1', [id]);
}

export async function renewClaim(db: Queryable, { id, claim }: Claim): Promise<void> {
  await query(
    db,
    `UPDATE idempotent_requests
        SET leased_until = now() + make_interval(secs => $3)
      WHERE id = $1
        AND claim = $2`,
    [id, claim, LEASE_SECONDS],
  );
}

/** Keeps the answer. A server that was taken for dead has nothing to say any more. */
export async function storeAnswer(
  db: Queryable,
  { id, claim }: Claim,
  answer: Buffer,
): Promise<void> {
  await query(db, 'UPDATE idempotent_requests SET answer = $3 WHERE id = $1 AND claim = $2', [
    id,
    claim,
    answer,
  ]);
}

/** Nothing has come of the request: the next one is the first again. */
export async function dropClaim(db: Queryable, { id, claim }: Claim): Promise<void> {
  await query(db, 'DELETE FROM idempotent_requests WHERE id = $1 AND claim = $2', [id, claim]);
}

export async function sweepRequests(db: Queryable): Promise<void> {
  await query(db, 'DELETE FROM idempotent_requests WHERE expires_at <= now()');
}
