import type { Queryable } from '@scriptorium/kernel';
import { query, queryOne } from '../../platform/database.ts';
import type { UserRow } from './users.repo.ts';

/** Stores a link's token in place of the user's earlier one; gives the moment at which it ceases to be good. */
export async function putPasswordLink(
  db: Queryable,
  link: { readonly userId: number; readonly tokenHash: Buffer; readonly hours: number },
): Promise<Date> {
  const [row] = await query<{ expires_at: Date }>(
    db,
    `INSERT INTO password_links (user_id, token_hash, expires_at)
     VALUES ($1, $2, now() + make_interval(hours => $3))
         ON CONFLICT (user_id) DO UPDATE
        SET token_hash = EXCLUDED.token_hash, expires_at = EXCLUDED.expires_at
     RETURNING expires_at`,
    [link.userId, link.tokenHash, link.hours],
  );
  if (row === undefined) throw new Error(`No link for the user ${link.userId} was stored`);
  return row.expires_at;
}

/** Whom the link is for, as long as it is good. */
export function findPasswordLink(db: Queryable, tokenHash: Buffer): Promise<UserRow | undefined> {
  return queryOne(
    db,
    `SELECT u.id, u.email, u.role, u.disabled_at, u.created_at
       FROM password_links l
       JOIN users u ON u.id = l.user_id
      WHERE l.token_hash = $1
        AND l.expires_at > now()`,
    [tokenHash],
  );
}

/** Spends a link, sets the password and ends all sessions, in one statement; false if somebody else came first. */
export async function resetPassword(
  db: Queryable,
  reset: { readonly tokenHash: Buffer; readonly passwordHash: string },
): Promise<boolean> {
  const row = await queryOne(
    db,
    `WITH spent AS (
       DELETE FROM password_links
        WHERE token_hash = $1
          AND expires_at > now()
       RETURNING user_id
     ), ended AS (
       UPDATE sessions
          SET revoked_at = now(), revoked_reason = 'password'
         FROM spent
        WHERE sessions.user_id = spent.user_id
          AND revoked_at IS NULL
     )
     UPDATE users
        SET password_hash = $2
       FROM spent
      WHERE users.id = spent.user_id
     RETURNING users.id`,
    [reset.tokenHash, reset.passwordHash],
  );
  return row !== undefined;
}

/** Sets the password, and ends all sessions but one and the link that somebody may still hold. */
export async function replacePassword(
  db: Queryable,
  change: {
    readonly userId: number;
    readonly passwordHash: string;
    readonly keepSession: number | undefined;
  },
): Promise<void> {
  await db.query(
    `WITH changed AS (
       UPDATE users SET password_hash = $2 WHERE id = $1
     ), dropped AS (
       DELETE FROM password_links WHERE user_id = $1
     )
     UPDATE sessions
        SET revoked_at = now(), revoked_reason = 'password'
      WHERE user_id = $1
        AND revoked_at IS NULL
        AND id IS DISTINCT FROM $3`,
    [change.userId, change.passwordHash, change.keepSession ?? null],
  );
}
