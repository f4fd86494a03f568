import type { Person, Role } from '@scriptorium/contract';
import { toCredits, type Queryable } from '@scriptorium/kernel';
import { query, queryOne } from '../../platform/database.ts';
import { pageOf } from '../../platform/pages.ts';
import { toUser, type UserRow } from '../accounts/index.ts';
import { peopleError, userNotFound } from './people.errors.ts';

interface PersonRow extends UserRow {
  readonly quota_bytes: number | null;
  readonly last_seen_at: Date | null;
  readonly available: number;
  readonly held: number;
  readonly used_bytes: number;
  readonly open_jobs: number;
}

/** Each of the sums is one look at an index, for those users alone that are shown. */
const PERSON = `u.id, u.email, u.role, u.disabled_at, u.created_at, u.quota_bytes, u.last_seen_at,
            (SELECT COALESCE(sum(balance), 0)::bigint
               FROM kernel.accounts a
              WHERE a.owner_id = u.id AND a.kind = 'available') AS available,
            (SELECT COALESCE(sum(balance), 0)::bigint
               FROM kernel.accounts a
              WHERE a.owner_id = u.id AND a.kind = 'held') AS held,
            (SELECT COALESCE(sum(size), 0)::bigint
               FROM kernel.artifacts f
              WHERE f.owner_id = u.id) AS used_bytes,
            (SELECT count(*)::int
               FROM kernel.jobs j
              WHERE j.owner_id = u.id AND j.finished_at IS NULL) AS open_jobs`;

/** @param presetQuota bytes; what holds for those who have no quota of their own. Null: no limit */
function presentPerson(row: PersonRow, presetQuota: number | null): Person {
  return {
    ...toUser(row),
    is_disabled: row.disabled_at !== null,
    credits: { available: toCredits(row.available), held: toCredits(row.held) },
    storage: { used_bytes: row.used_bytes, quota_bytes: row.quota_bytes ?? presetQuota },
    open_jobs: row.open_jobs,
    last_seen_at: row.last_seen_at?.toISOString() ?? null,
  };
}

/** @throws AppError `user.not_found` */
export async function readPerson(
  db: Queryable,
  id: number,
  presetQuota: number | null,
): Promise<Person> {
  const row = await queryOne<PersonRow>(db, `SELECT ${PERSON} FROM users u WHERE u.id = $1`, [id]);
  if (row === undefined) throw userNotFound(id);
  return presentPerson(row, presetQuota);
}

export interface PersonFilter {
  readonly limit: number;
  readonly before?: number | undefined;
  /** A part of the e-mail. */
  readonly search?: string | undefined;
  readonly is_disabled?: boolean | undefined;
}

/** A page of users, newest first, and where the next one begins. */
export async function listPeople(
  db: Queryable,
  filter: PersonFilter,
  presetQuota: number | null,
): Promise<{ users: Person[]; next_before: number | null }> {
  const rows = await query<PersonRow>(
    db,
    `SELECT ${PERSON}
       FROM users u
      WHERE ($1::bigint IS NULL OR u.id < $1)
        AND ($2::text IS NULL OR strpos(u.email, lower($2)) > 0)
        AND ($3::boolean IS NULL OR (u.disabled_at IS NOT NULL) = $3)
      ORDER BY u.id DESC
      LIMIT $4`,
    [filter.before ?? null, filter.search ?? null, filter.is_disabled ?? null, filter.limit + 1],
  );
  const { rows: shown, nextBefore } = pageOf(rows, filter.limit);
  return {
    users: shown.map((row) => presentPerson(row, presetQuota)),
    next_before: nextBefore,
  };
}

/** What may be changed of a user. Absent: it stays. */
export interface PersonChange {
  readonly role?: Exclude<Role, 'owner'> | undefined;
  readonly is_disabled?: boolean | undefined;
  /** Null: the installation's. */
  readonly quota_bytes?: number | null | undefined;
}

/**
 * Changes a user whose row the caller has locked. Somebody who was disabled before keeps the date.
 */
export async function updatePerson(db: Queryable, id: number, change: PersonChange): Promise<void> {
  await query(
    db,
    `UPDATE users
        SET role = COALESCE($2, role),
            disabled_at = CASE WHEN $3 THEN COALESCE(disabled_at, now()) WHEN NOT $3 THEN NULL ELSE disabled_at END,
            quota_bytes = CASE WHEN $4 THEN $5 ELSE quota_bytes END
      WHERE id = $1`,
    [
      id,
      change.role ?? null,
      change.is_disabled ?? null,
      change.quota_bytes !== undefined,
      change.quota_bytes ?? null,
    ],
  );
}

/**
 * Locks a user whom somebody else is about to change.
 *
 * @throws AppError `user.not_found`, and `user.is_owner` where an administrator wants to change the owner
 */
export async function lockPerson(
  db: Queryable,
  id: number,
  caller: { readonly role: Role },
): Promise<UserRow> {
  const row = await queryOne<UserRow>(
    db,
    'SELECT id, email, role, disabled_at, created_at FROM users WHERE id = $1 FOR UPDATE',
    [id],
  );
  if (row === undefined) throw userNotFound(id);
  if (row.role === 'owner' && caller.role !== 'owner') {
    throw peopleError('user.is_owner', {
      detail: `${row.email} is the owner of this installation, whom nobody else can change.`,
    });
  }
  return row;
}

/** Jobs of a user that have not ended. */
export async function openJobsOf(db: Queryable, userId: number): Promise<number[]> {
  const rows = await query<{ id: number }>(
    db,
    'SELECT id FROM kernel.jobs WHERE owner_id = $1 AND finished_at IS NULL ORDER BY id',
    [userId],
  );
  return rows.map((row) => row.id);
}
