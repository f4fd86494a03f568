export { PostgresError } from './errors.ts';
export type { PostgresErrorCode } from './errors.ts';
export type { Log } from './log.ts';
export { openPool } from './pool.ts';
export type { PoolOptions } from './pool.ts';
export { migrate } from './migrate.ts';
export type { MigrationSet } from './migration-files.ts';
export { startEmbeddedPostgres } from './embedded/start.ts';
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded/start.ts';
