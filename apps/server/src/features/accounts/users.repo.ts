import type { Role, User } from '@scriptorium/contract';
import type { Queryable } from '@scriptorium/kernel';
import { queryOne } from '../../platform/database.ts';

export interface UserRow {
  readonly id: number;
  readonly email: string;
  readonly role: Role;
  readonly disabled_at: Date | null;
  readonly created_at: Date;
}

/** A user as callers see one. */
export function toUser({ id, email, role, created_at }: UserRow): User {
  return { id, email, role, created_at: created_at.toISOString() };
}

export function findUser(db: Queryable, id: number): Promise<UserRow | undefined> {
  return queryOne(
    db,
    `SELECT id, email, role, disabled_at, created_at
       FROM users
      WHERE id = $1`,
    [id],
  );
}

/** With the hash of the password, for the check at sign-in. */
export function findUserByEmail(
  db: Queryable,
  email: string,
): Promise<(UserRow & { password_hash: string }) | undefined> {
  return queryOne(
    db,
    `SELECT id, email, role, disabled_at, created_at, password_hash
       FROM users
      WHERE email = $1`,
    [email],
  );
}

export function findUserWithPassword(
  db: Queryable,
  id: number,
): Promise<(UserRow & { password_hash: string }) | undefined> {
  return queryOne(
    db,
    `SELECT id, email, role, disabled_at, created_at, password_hash
       FROM users
      WHERE id = $1`,
    [id],
  );
}

export function findOwner(db: Queryable): Promise<UserRow | undefined> {
  return queryOne(
    db,
    `SELECT id, email, role, disabled_at, created_at
       FROM users
      WHERE role = 'owner'`,
  );
}

/** Nothing is returned if somebody has this e-mail, or if there is an owner and this would be a second one. */
export function insertUser(
  db: Queryable,
  user: { readonly email: string; readonly passwordHash: string; readonly role: Role },
): Promise<UserRow | undefined> {
  return queryOne(
    db,
    `INSERT INTO users (email, password_hash, role)
     VALUES ($1, $2, $3)
     ON CONFLICT DO NOTHING
     RETURNING id, email, role, disabled_at, created_at`,
    [user.email, user.passwordHash, user.role],
  );
}

/** Stores a one-time link's token; it is good for so many hours. */
export async function insertClaimToken(
  db: Queryable,
  tokenHash: Buffer,
  hours: number,
): Promise<void> {
  await db.query(
    `INSERT INTO claim_tokens (token_hash, expires_at)
     VALUES ($1, now() + make_interval(hours => $2))`,
    [tokenHash, hours],
  );
}

export async function isClaimable(db: Queryable, tokenHash: Buffer): Promise<boolean> {
  const row = await queryOne(
    db,
    `SELECT 1
       FROM claim_tokens
      WHERE token_hash = $1
        AND expires_at > now()`,
    [tokenHash],
  );
  return row !== undefined;
}

/**
 * Spends a claimable token and makes the owner, in one statement. Nothing is returned if somebody else came first; the
 * other links are removed with the one that was used.
 */
export function claimOwnership(
  db: Queryable,
  claim: { readonly tokenHash: Buffer; readonly email: string; readonly passwordHash: string },
): Promise<UserRow | undefined> {
  return queryOne(
    db,
    `WITH claim AS (
       DELETE FROM claim_tokens
        WHERE EXISTS (SELECT 1 FROM claim_tokens WHERE token_hash = $1)
       RETURNING token_hash
     )
     INSERT INTO users (email, password_hash, role)
     SELECT $2, $3, 'owner'
       FROM claim
      WHERE token_hash = $1
         ON CONFLICT DO NOTHING
     RETURNING id, email, role, disabled_at, created_at`,
    [claim.tokenHash, claim.email, claim.passwordHash],
  );
}
