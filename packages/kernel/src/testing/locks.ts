import type { Pool, PoolClient } from 'pg';
import { expect, onTestFinished } from 'vitest';

/** A connection of the test's own in an open transaction, which is rolled back at the end of the test at the latest. */
export async function beginTransaction(pool: Pool): Promise<PoolClient> {
  const client = await pool.connect();
  onTestFinished(() => client.release(true));
  await client.query('BEGIN');
  return client;
}

/** Resolves when somebody waits for what this transaction has locked. */
export async function isWaitedFor(pool: Pool, holder: PoolClient): Promise<void> {
  const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const waiting = 'SELECT FROM pg_locks WHERE NOT granted AND $1 = ANY (pg_blocking_pids(pid))';
  await expect
    .poll(async () => (await pool.query(waiting, [rows[0]!.pid])).rowCount, {
      interval: 5,
      timeout: 10_000,
    })
    .toBeGreaterThan(0);
}
