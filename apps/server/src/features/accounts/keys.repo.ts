import type { ApiKey, Role, Scope } from '@scriptorium/contract';
import type { Queryable } from '@scriptorium/kernel';
import { query, queryOne } from '../../platform/database.ts';

export interface ApiKeyRow {
  readonly id: number;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: Scope[];
  readonly created_at: Date;
  readonly last_used_at: Date | null;
  readonly revoked_at: Date | null;
}

/** A key as its owner sees it. */
export function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    ...row,
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
  };
}

export async function insertApiKey(
  db: Queryable,
  key: {
    readonly userId: number;
    readonly name: string;
    readonly prefix: string;
    readonly keyHash: Buffer;
    readonly scopes: readonly Scope[];
  },
): Promise<ApiKeyRow> {
  const [row] = await query<ApiKeyRow>(
    db,
    `INSERT INTO api_keys (user_id, name, prefix, key_hash, scopes)
     VALUES ($1, $2, $3, $4, $5)
     RETURNING id, name, prefix, scopes, created_at, last_used_at, revoked_at`,
    [key.userId, key.name, key.prefix, key.keyHash, key.scopes],
  );
  if (row === undefined) throw new Error(`The API key "${key.name}" was not stored`);
  return row;
}

export function listApiKeys(db: Queryable, userId: number): Promise<ApiKeyRow[]> {
  return query(
    db,
    `SELECT id, name, prefix, scopes, created_at, last_used_at, revoked_at
       FROM api_keys
      WHERE user_id = $1
      ORDER BY id DESC`,
    [userId],
  );
}

/** False if the user has no such key. A key that was revoked before keeps its date. */
export async function revokeApiKey(db: Queryable, id: number, userId: number): Promise<boolean> {
  const row = await queryOne(
    db,
    `UPDATE api_keys
        SET revoked_at = COALESCE(revoked_at, now())
      WHERE id = $1
        AND user_id = $2
     RETURNING id`,
    [id, userId],
  );
  return row !== undefined;
}

export interface KeyHolder {
  readonly key_id: number;
  readonly user_id: number;
  readonly role: Role;
  readonly scopes: Scope[];
}

/**
 * Who holds a key that is good. Its use is noted once a minute and no more: a write for every request would cost more than
 * the request.
 */
export function useApiKey(db: Queryable, keyHash: Buffer): Promise<KeyHolder | undefined> {
  return queryOne(
    db,
    `WITH holder AS (
       SELECT k.id, k.user_id, u.role, k.scopes
         FROM api_keys k
         JOIN users u ON u.id = k.user_id
        WHERE k.key_hash = $1
          AND k.revoked_at IS NULL
          AND u.disabled_at IS NULL
     ), noted AS (
       UPDATE api_keys
          SET last_used_at = now()
         FROM holder
        WHERE api_keys.id = holder.id
          AND (last_used_at IS NULL OR last_used_at < now() - INTERVAL '1 minute')
       RETURNING api_keys.user_id
     ), seen AS (
       UPDATE users
          SET last_seen_at = now()
         FROM noted
        WHERE users.id = noted.user_id
     )
     SELECT id AS key_id, user_id, role, scopes
       FROM holder`,
    [keyHash],
  );
}
