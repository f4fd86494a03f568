import type { Role } from '@scriptorium/contract';
import type { Queryable } from '@scriptorium/kernel';
import { query, queryOne } from '../../platform/database.ts';
import type { UserRow } from './users.repo.ts';

/**
 * Two tabs that wake up together both send the refresh token they know. For this long after its first use a token is
 * taken once more instead of being held for stolen.
 */
const PARALLEL_TABS_SECONDS = 10;

/** Begins a session with its first refresh token; gives the session's id. */
export async function insertSession(
  db: Queryable,
  session: {
    readonly userId: number;
    readonly tokenHash: Buffer;
    readonly lifetimeSeconds: number;
  },
): Promise<number> {
  const [row] = await query<{ session_id: number }>(
    db,
    `WITH session AS (
       INSERT INTO sessions (user_id, last_used_at)
       VALUES ($1, now())
       RETURNING id
     ), seen AS (
       UPDATE users SET last_seen_at = now() WHERE id = $1
     )
     INSERT INTO refresh_tokens (token_hash, session_id, expires_at)
     SELECT $2, id, now() + make_interval(secs => $3)
       FROM session
     RETURNING session_id`,
    [session.userId, session.tokenHash, session.lifetimeSeconds],
  );
  if (row === undefined) throw new Error(`No session was stored for the user ${session.userId}`);
  return row.session_id;
}

/** What became of a refresh token that was shown: `good` means a new one was stored in its place. */
export interface Rotation extends UserRow {
  readonly verdict: 'good' | 'expired' | 'ended' | 'reused';
  readonly session_id: number;
}

/**
 * Exchanges a refresh token for the next one, in one statement and so in one transaction. A token that was used before
 * is held for stolen, because only one of its two holders can be the right one: the whole session ends.
 * Nothing is returned for a token that was never issued.
 */
export function rotateRefreshToken(
  db: Queryable,
  rotation: { readonly shown: Buffer; readonly next: Buffer; readonly lifetimeSeconds: number },
): Promise<Rotation | undefined> {
  return queryOne(
    db,
    // No lock: of two that come at the same moment both are good, which is what two tabs need.
    `WITH judged AS (
       SELECT s.id AS session_id,
              u.id, u.email, u.role, u.disabled_at, u.created_at,
              CASE WHEN s.revoked_at IS NOT NULL OR u.disabled_at IS NOT NULL THEN 'ended'
                   WHEN t.used_at < now() - make_interval(secs => $4) THEN 'reused'
                   WHEN t.expires_at <= now() THEN 'expired'
                   ELSE 'good'
              END AS verdict
         FROM refresh_tokens t
         JOIN sessions s ON s.id = t.session_id
         JOIN users u ON u.id = s.user_id
        WHERE t.token_hash = $1
     ), used AS (
       UPDATE refresh_tokens
          SET used_at = now()
         FROM judged
        WHERE judged.verdict = 'good'
          AND token_hash = $1
          AND used_at IS NULL
     ), issued AS (
       INSERT INTO refresh_tokens (token_hash, session_id, expires_at)
       SELECT $2, session_id, now() + make_interval(secs => $3)
         FROM judged
        WHERE verdict = 'good'
     ), revoked AS (
       UPDATE sessions
          SET revoked_at = now(), revoked_reason = 'reuse'
         FROM judged
        WHERE judged.verdict = 'reused'
          AND sessions.id = judged.session_id
     )
     SELECT verdict, session_id, id, email, role, disabled_at, created_at
       FROM judged`,
    [rotation.shown, rotation.next, rotation.lifetimeSeconds, PARALLEL_TABS_SECONDS],
  );
}

/** Ends the session that a refresh token belongs to; an unknown token or an ended session changes nothing. */
export async function endSession(db: Queryable, tokenHash: Buffer): Promise<void> {
  await db.query(
    `UPDATE sessions
        SET revoked_at = now(), revoked_reason = 'logout'
      WHERE revoked_at IS NULL
        AND id = (SELECT session_id FROM refresh_tokens WHERE token_hash = $1)`,
    [tokenHash],
  );
}

/** The user's sessions that can still be used, newest first. */
export function listSessions(
  db: Queryable,
  userId: number,
): Promise<{ id: number; created_at: Date; last_used_at: Date | null }[]> {
  return query(
    db,
    `SELECT id, created_at, last_used_at
       FROM sessions s
      WHERE user_id = $1
        AND revoked_at IS NULL
        AND EXISTS (SELECT FROM refresh_tokens t WHERE t.session_id = s.id AND t.expires_at > now())
      ORDER BY id DESC`,
    [userId],
  );
}

/** False if the user has no such session, or it has ended. */
export async function endSessionById(db: Queryable, id: number, userId: number): Promise<boolean> {
  const row = await queryOne(
    db,
    `UPDATE sessions
        SET revoked_at = now(), revoked_reason = 'ended'
      WHERE id = $1
        AND user_id = $2
        AND revoked_at IS NULL
     RETURNING id`,
    [id, userId],
  );
  return row !== undefined;
}

/** Signs a user out everywhere. */
export async function endSessionsOf(
  db: Queryable,
  userId: number,
  reason: 'ended' | 'disabled',
): Promise<void> {
  await db.query(
    `UPDATE sessions
        SET revoked_at = now(), revoked_reason = $2
      WHERE user_id = $1
        AND revoked_at IS NULL`,
    [userId, reason],
  );
}

/**
 * The role of a session's user, as long as the session lasts and the user is not disabled. Its use is noted once a minute and no
 * more: a write for every request would cost more than the request.
 */
export async function useSession(
  db: Queryable,
  session: { readonly sessionId: number; readonly userId: number },
): Promise<Role | undefined> {
  const row = await queryOne<{ role: Role }>(
    db,
    `WITH session AS (
       SELECT s.id, s.user_id, u.role
         FROM sessions s
         JOIN users u ON u.id = s.user_id
        WHERE s.id = $1
          AND u.id = $2
          AND s.revoked_at IS NULL
          AND u.disabled_at IS NULL
     ), noted AS (
       UPDATE sessions
          SET last_used_at = now()
         FROM session
        WHERE sessions.id = session.id
          AND (last_used_at IS NULL OR last_used_at < now() - INTERVAL '1 minute')
       RETURNING sessions.user_id
     ), seen AS (
       UPDATE users
          SET last_seen_at = now()
         FROM noted
        WHERE users.id = noted.user_id
     )
     SELECT role
       FROM session`,
    [session.sessionId, session.userId],
  );
  return row?.role;
}
