import type { Role } from '@scriptorium/contract';
import type { Queryable } from '@scriptorium/kernel';
import type { Caller } from '../../platform/access.ts';
import { query, queryOne } from '../../platform/database.ts';

/** Gives the moment at which the ticket ceases to be good. */
export async function insertStreamTicket(
  db: Queryable,
  ticket: {
    readonly tokenHash: Buffer;
    readonly caller: Pick<Caller, 'id' | 'sessionId' | 'keyId'>;
    readonly jobId: number;
    readonly lifetimeSeconds: number;
  },
): Promise<Date> {
  const { tokenHash, caller, jobId, lifetimeSeconds } = ticket;
  const [row] = await query<{ expires_at: Date }>(
    db,
    `INSERT INTO stream_tickets (token_hash, user_id, session_id, key_id, job_id, expires_at)
     VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))
     RETURNING expires_at`,
    [tokenHash, caller.id, caller.sessionId ?? null, caller.keyId ?? null, jobId, lifetimeSeconds],
  );
  if (row === undefined) throw new Error(`No ticket for the job ${ticket.jobId} was stored`);
  return row.expires_at;
}

export interface TicketHolder {
  readonly user_id: number;
  readonly role: Role;
  /** What it was asked for with. */
  readonly session_id: number | null;
  readonly key_id: number | null;
}

/**
 * Who holds a ticket. It is spent by this, even if it turns out to be for another job, or what it was asked for with has been
 * revoked meanwhile.
 */
export function spendStreamTicket(
  db: Queryable,
  ticket: { readonly tokenHash: Buffer; readonly jobId: number },
): Promise<TicketHolder | undefined> {
  return queryOne(
    db,
    `WITH spent AS (
       DELETE FROM stream_tickets
        WHERE token_hash = $1
       RETURNING user_id, session_id, key_id, job_id, expires_at
     )
     SELECT spent.user_id, u.role, spent.session_id, spent.key_id
       FROM spent
       JOIN users u ON u.id = spent.user_id
       LEFT JOIN sessions s ON s.id = spent.session_id AND s.revoked_at IS NULL
       LEFT JOIN api_keys k ON k.id = spent.key_id AND k.revoked_at IS NULL
      WHERE spent.job_id = $2
        AND spent.expires_at > now()
        AND u.disabled_at IS NULL
        AND (spent.session_id IS NULL OR s.id IS NOT NULL)
        AND (spent.key_id IS NULL OR k.id IS NOT NULL)`,
    [ticket.tokenHash, ticket.jobId],
  );
}
