import type { Queryable } from '@scriptorium/kernel';

/**
 * Deletes what has expired. A refresh token is kept for as long as it could have been used, so that a stolen one that
 * comes back is still recognised; a session without tokens is nobody's.
 */
export async function sweepExpired(db: Queryable): Promise<void> {
  await db.query('DELETE FROM login_attempts WHERE expires_at <= now()');
  await db.query('DELETE FROM stream_tickets WHERE expires_at <= now()');
  await db.query('DELETE FROM claim_tokens WHERE expires_at <= now()');
  await db.query('DELETE FROM password_links WHERE expires_at <= now()');
  await db.query('DELETE FROM refresh_tokens WHERE expires_at <= now()');
  await db.query(
    `DELETE FROM sessions s
      WHERE NOT EXISTS (SELECT 1 FROM refresh_tokens t WHERE t.session_id = s.id)`,
  );
}
