import { DatabaseError } from 'pg';
import type { Pool, PoolClient } from 'pg';

import { PostgresError } from './errors.ts';
import type { Log } from './log.ts';
import { readMigrationSet } from './migration-files.ts';
import type { MigrationFile, MigrationSet } from './migration-files.ts';

/**
 * Brings a database to the state that the code expects: every set in the given order, and in each
 * one file after the other. A file and its row in `schema_migrations` are one transaction, so a
 * crash leaves a file either applied or not. Processes that start together wait for each other on
 * one advisory lock, which PostgreSQL lets go of when its holder dies.
 *
 * Kysely's Migrator was rejected: it compares names only, so that an edited file goes unnoticed,
 * and runs all files in one transaction, so that one bad file undoes the good ones before it.
 *
 * Throws `migration.bad_name`, `migration.gap`, `migration.changed`, `database.newer_than_code`
 * before anything is applied, and `migration.failed` with the file that failed.
 */
export async function migrate(pool: Pool, sets: readonly MigrationSet[], log: Log): Promise<void> {
  const files = (await Promise.all(sets.map(readMigrationSet))).flat();
  const client = await pool.connect();
  try {
    await client.query('SET statement_timeout = 0');
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await client.query(CREATE_TABLE);
    const applied = await readApplied(client);
    compare(files, applied);
    const done = new Set(applied.map(({ set, number }) => `${set}/${number}`));
    for (const file of files.filter(({ set, number }) => !done.has(`${set}/${number}`))) {
      await apply(client, file);
      log.info({ set: file.set, migration: file.name }, 'migration applied');
    }
  } finally {
    // The connection is closed rather than given back: that lets go of the lock and of what a
    // file may have SET, whatever state the session is in.
    client.release(true);
  }
}

/** Any number that nothing else locks in the same database; these are the letters `scriptor`. */
const ADVISORY_LOCK = '8314615134239879026';

const CREATE_TABLE = `
  CREATE TABLE IF NOT EXISTS schema_migrations (
    set        text        NOT NULL,
    number     integer     NOT NULL,
    name       text        NOT NULL,
    sha256     text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (set, number)
  )`;

interface AppliedMigration {
  readonly set: string;
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
}

async function readApplied(client: PoolClient): Promise<AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(
    `SELECT set, number, name, sha256
       FROM schema_migrations
      ORDER BY set, number`,
  );
  return rows;
}

/** Refuses a database whose history is not the beginning of the code's. */
function compare(files: readonly MigrationFile[], applied: readonly AppliedMigration[]): void {
  const known = new Map(files.map((file) => [`${file.set}/${file.number}`, file]));
  const reached = new Map<string, number>();
  for (const row of applied) {
    const file = known.get(`${row.set}/${row.number}`);
    if (file === undefined) {
      throw new PostgresError(
        'database.newer_than_code',
        `The database has the migration ${row.set}/${row.name}, which this version of the code does not know; start the newer version that applied it, or restore a backup from before.`,
        { set: row.set, name: row.name },
      );
    }
    if (file.sha256 !== row.sha256) {
      throw new PostgresError(
        'migration.changed',
        `The migration ${file.set}/${file.name} is not the one that was applied (as ${row.name}); restore the file and put the change into a new one.`,
        { set: file.set, name: file.name, applied: row.sha256, found: file.sha256 },
      );
    }
    const expected = (reached.get(row.set) ?? 0) + 1;
    if (row.number !== expected) {
      throw new PostgresError(
        'migration.gap',
        `The database has the migration ${row.set}/${row.name} but not number ${expected} before it; its table schema_migrations was edited by hand: restore the missing row.`,
        { set: row.set, name: row.name, expected },
      );
    }
    reached.set(row.set, row.number);
  }
}

async function apply(client: PoolClient, file: MigrationFile): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(file.sql);
    await client.query(
      `INSERT INTO schema_migrations (set, number, name, sha256)
       VALUES ($1, $2, $3, $4)`,
      [file.set, file.number, file.name, file.sha256],
    );
    await client.query('COMMIT');
  } catch (error) {
    // No ROLLBACK: the caller closes the connection, which also works when that is what broke.
    throw failure(file, error);
  }
}

function failure(file: MigrationFile, error: unknown): PostgresError {
  const reason = error instanceof Error ? error.message : String(error);
  const position = error instanceof DatabaseError ? Number(error.position) : Number.NaN;
  const line = Number.isNaN(position)
    ? undefined
    : Array.from(file.sql).slice(0, position).join('').split('\n').length;
  return new PostgresError(
    'migration.failed',
    `The migration ${file.set}/${file.name} failed${line === undefined ? '' : ` at line ${line}`}: ${reason}. Nothing of this file was kept; the ones before it stay applied.`,
    { set: file.set, name: file.name, line },
    error,
  );
}
