import { KERNEL_MIGRATIONS } from '@scriptorium/kernel';
import { migrate, openPool } from '@scriptorium/postgres';
import type { Pool } from 'pg';
import { ConfigError, type Config } from './config.ts';
import type { Log } from './platform/log.ts';

/** A configuration that names the database to use. */
export type ConfigWithDatabase = Config & { readonly databaseUrl: string };

/**
 * @throws ConfigError when no database is named: only `start` brings one of its own
 */
export function withDatabase(config: Config): ConfigWithDatabase {
  const { databaseUrl } = config;
  if (databaseUrl !== undefined) return { ...config, databaseUrl };
  throw new ConfigError([
    {
      variable: 'DATABASE_URL',
      value: 'not set',
      problem: 'a server or a worker by itself needs a database; only "start" brings its own',
    },
  ]);
}

/** The kernel's tables first: those of the features refer to them. */
const MIGRATIONS = [
  { name: 'kernel', directory: KERNEL_MIGRATIONS },
  { name: 'server', directory: new URL('../migrations/', import.meta.url) },
];

/**
 * Connects to the database and brings its tables up to this version of the code; processes that do so at the same time wait
 * for each other.
 *
 * @param applicationName shown in `pg_stat_activity`
 */
export async function openDatabase(
  { databaseUrl }: ConfigWithDatabase,
  log: Log,
  applicationName: string,
): Promise<Pool> {
  const pool = openPool(databaseUrl, { log, applicationName });
  try {
    await migrate(pool, MIGRATIONS, log);
    return pool;
  } catch (error) {
    await pool.end();
    throw error;
  }
}
