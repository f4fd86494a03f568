import type { Role } from '@scriptorium/contract';
import type { Queryable } from '@scriptorium/kernel';
import { query, queryOne } from '../../platform/database.ts';

/** Gives the moment at which the ticket ceases to be good. */
export async function insertStreamTicket(
  db: Queryable,
  ticket: {
    readonly tokenHash: Buffer;
    readonly userId: number;
    readonly jobId: number;
    readonly lifetimeSeconds: number;
  },
): Promise<Date> {
  const [row] = await query<{ expires_at: Date }>(
    db,
    `INSERT INTO stream_tickets (token_hash, user_id, job_id, expires_at)
     VALUES ($1, $2, $3, now() + make_interval(secs => $4))
     RETURNING expires_at`,
    [ticket.tokenHash, ticket.userId, ticket.jobId, ticket.lifetimeSeconds],
  );
  if (row === undefined) throw new Error(`No ticket for the job ${ticket.jobId} was stored`);
  return row.expires_at;
}

/** Who holds a ticket. It is spent by this, even if it turns out to be for another job. */
export function spendStreamTicket(
  db: Queryable,
  ticket: { readonly tokenHash: Buffer; readonly jobId: number },
): Promise<{ user_id: number; role: Role } | undefined> {
  return queryOne(
    db,
    `WITH spent AS (
       DELETE FROM stream_tickets
        WHERE token_hash = $1
       RETURNING user_id, job_id, expires_at
     )
     SELECT spent.user_id, u.role
       FROM spent
       JOIN users u ON u.id = spent.user_id
      WHERE spent.job_id = $2
        AND spent.expires_at > now()
        AND u.disabled_at IS NULL`,
    [ticket.tokenHash, ticket.jobId],
  );
}
