import type { Limit, Queryable } from '@scriptorium/kernel';
import { query, queryOne } from '../../platform/database.ts';

/** Null: no limit. */
interface SettingsRow {
  readonly history_days: number | null;
  readonly quota_bytes: number | null;
  readonly used_bytes: number;
}

/** @param presetQuota bytes; what holds for those who have no quota of their own. Null: no limit */
export async function readSettings(db: Queryable, userId: number, presetQuota: number | null) {
  const row = await queryOne<SettingsRow>(
    db,
    `SELECT history_days, quota_bytes,
            (SELECT COALESCE(sum(size), 0)::bigint FROM kernel.artifacts WHERE owner_id = $1) AS used_bytes
       FROM users
      WHERE id = $1`,
    [userId],
  );
  if (row === undefined) throw new Error(`The user ${userId} was deleted meanwhile`);
  const storage = { used_bytes: row.used_bytes, quota_bytes: row.quota_bytes ?? presetQuota };
  return { history_days: row.history_days, storage };
}

/** @param days null: history is kept as long as the installation keeps it */
export async function setHistoryDays(
  db: Queryable,
  userId: number,
  days: number | null,
): Promise<void> {
  await query(db, 'UPDATE users SET history_days = $2 WHERE id = $1', [userId, days]);
}

/** Who wants old jobs deleted, and after how many days. */
export function listHistoryDays(db: Queryable): Promise<{ id: number; history_days: number }[]> {
  return query(db, 'SELECT id, history_days FROM users WHERE history_days IS NOT NULL ORDER BY id');
}

/**
 * How many bytes a user's files may take, for the kernel's admission.
 *
 * @param presetQuota bytes; what holds for those who have no quota of their own. Null: no limit
 */
export function quotaLimit(presetQuota: number | null): Limit {
  return async (userId, db) => {
    const row = await queryOne<{ quota_bytes: number | null }>(
      db,
      'SELECT quota_bytes FROM users WHERE id = $1',
      [userId],
    );
    return row?.quota_bytes ?? presetQuota ?? Number.POSITIVE_INFINITY;
  };
}
