import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { openPool } from '@scriptorium/postgres';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { Pool } from 'pg';
import { inject } from 'vitest';

export interface TestDatabaseOptions {
  /**
   * Names what `migrate` makes. It is made once a run, by whoever comes first, and cloned for
   * everybody else (about 30 ms); so the same name must stand for the same `migrate`.
   */
  readonly template: string;
  /** Fills the template. It must close all its connections. */
  readonly migrate: (connectionString: string) => Promise<void>;
}

/** A database that no other test file sees. */
export interface TestDatabase {
  readonly connectionString: string;
  /** A pool on it, which `drop` closes. */
  pool(): Pool;
  /** Deletes the database; throws if a connection that was not opened by `pool` is still open. */
  drop(): Promise<void>;
}

/**
 * Makes a database for a test file in the run's cluster: a clone of the template, or an empty one.
 */
export async function createTestDatabase(options?: TestDatabaseOptions): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withAdmin(async (admin) => {
    const template = options === undefined ? 'template1' : await provideTemplate(admin, options);
    await admin.query(
      `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)}`,
    );
  });
  const connectionString = urlOf(name);
  const pools: Pool[] = [];
  return {
    connectionString,
    pool() {
      const pool = openPool(connectionString, {
        applicationName: 'test',
        log: { debug() {}, info() {}, warn() {}, error() {} },
      });
      pools.push(pool);
      return pool;
    },
    async drop() {
      await Promise.all(pools.filter((pool) => !pool.ended).map((pool) => pool.end()));
      await withAdmin(async (admin) => {
        const leaked = await connectionsThatStay(admin, name);
        await admin.query(`DROP DATABASE ${escapeIdentifier(name)} WITH (FORCE)`);
        if (leaked.length > 0) {
          throw new Error(`The test left connections open: ${JSON.stringify(leaked)}`);
        }
      });
    },
  };
}

/**
 * Builds the template unless it is there; the advisory lock makes everybody else wait for the
 * first.
 */
async function provideTemplate(admin: Client, options: TestDatabaseOptions): Promise<string> {
  const template = `template_${options.template}`;
  await admin.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [template]);
  const existing = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
  if (existing.rowCount === 0) {
    const unfinished = escapeIdentifier(`${template}_unfinished`);
    await admin.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${unfinished}`);
    await options.migrate(urlOf(`${template}_unfinished`));
    await admin.query(`ALTER DATABASE ${unfinished} RENAME TO ${escapeIdentifier(template)}`);
  }
  await admin.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [template]);
  return template;
}

/** How long a server process may take to notice that its client has gone. */
const DISCONNECT_MS = 1_000;

async function connectionsThatStay(admin: Client, database: string): Promise<unknown[]> {
  const deadline = performance.now() + DISCONNECT_MS;
  for (;;) {
    const { rows } = await admin.query<object>(
      `SELECT application_name, state, query
         FROM pg_stat_activity
        WHERE datname = ${escapeLiteral(database)}
          AND backend_type = 'client backend'`,
    );
    if (rows.length === 0 || performance.now() > deadline) {
      return rows;
    }
    await delay(10);
  }
}

async function withAdmin<T>(work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString: inject('testClusterUrl') });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(database: string): string {
  return inject('testClusterUrl').replace('/postgres?', `/${database}?`);
}
