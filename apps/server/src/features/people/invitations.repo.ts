import type { Role } from '@scriptorium/contract';
import { toCredits, type Queryable } from '@scriptorium/kernel';
import { query, queryOne } from '../../platform/database.ts';

export interface InvitationRow {
  readonly id: number;
  readonly email: string | null;
  readonly role: Exclude<Role, 'owner'>;
  readonly millicredits: number;
  readonly created_by: number;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly used_at: Date | null;
  readonly revoked_at: Date | null;
}

const COLUMNS =
  'id, email, role, millicredits, created_by, created_at, expires_at, used_at, revoked_at';

/** An invitation as administrators see it. */
export function presentInvitation(row: InvitationRow) {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    credits: toCredits(row.millicredits),
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    used_at: row.used_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
  };
}

export async function insertInvitation(
  db: Queryable,
  invitation: {
    readonly tokenHash: Buffer;
    readonly email: string | undefined;
    readonly role: Exclude<Role, 'owner'>;
    readonly millicredits: number;
    readonly createdBy: number;
    readonly days: number;
  },
): Promise<InvitationRow> {
  const [row] = await query<InvitationRow>(
    db,
    `INSERT INTO invitations (token_hash, email, role, millicredits, created_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, now() + make_interval(days => $6))
     RETURNING ${COLUMNS}`,
    [
      invitation.tokenHash,
      invitation.email ?? null,
      invitation.role,
      invitation.millicredits,
      invitation.createdBy,
      invitation.days,
    ],
  );
  if (row === undefined) throw new Error('The invitation was not stored');
  return row;
}

export function listInvitations(db: Queryable): Promise<InvitationRow[]> {
  return query(db, `SELECT ${COLUMNS} FROM invitations ORDER BY id DESC`);
}

const IS_USABLE = 'used_at IS NULL AND revoked_at IS NULL AND expires_at > now()';

export function findUsableInvitation(
  db: Queryable,
  tokenHash: Buffer,
): Promise<InvitationRow | undefined> {
  return queryOne(db, `SELECT ${COLUMNS} FROM invitations WHERE token_hash = $1 AND ${IS_USABLE}`, [
    tokenHash,
  ]);
}

/** Uses an invitation up; nothing is returned if it is not good any more, so of two at once one gets it. */
export function spendInvitation(
  db: Queryable,
  tokenHash: Buffer,
): Promise<InvitationRow | undefined> {
  return queryOne(
    db,
    `UPDATE invitations
        SET used_at = now()
      WHERE token_hash = $1
        AND ${IS_USABLE}
     RETURNING ${COLUMNS}`,
    [tokenHash],
  );
}

/** What became of it; nothing is returned if there is no such invitation. One that was revoked before keeps its date. */
export function revokeInvitation(db: Queryable, id: number): Promise<InvitationRow | undefined> {
  return queryOne(
    db,
    `UPDATE invitations
        SET revoked_at = CASE WHEN used_at IS NULL THEN COALESCE(revoked_at, now()) END
      WHERE id = $1
     RETURNING ${COLUMNS}`,
    [id],
  );
}

/** What was used, revoked or has expired is shown for so long. */
const KEPT_DAYS = 90;

export async function sweepInvitations(db: Queryable): Promise<void> {
  await query(
    db,
    `DELETE FROM invitations WHERE COALESCE(used_at, revoked_at, expires_at) < now() - make_interval(days => $1)`,
    [KEPT_DAYS],
  );
}
