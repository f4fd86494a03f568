/** What can go wrong with the database itself, as opposed to a statement sent to it. */
export type PostgresErrorCode =
  | 'database.integer_too_large'
  | 'database.newer_than_code'
  | 'migration.bad_name'
  | 'migration.changed'
  | 'migration.failed'
  | 'migration.gap'
  | 'postgres.already_running'
  | 'postgres.data_incomplete'
  | 'postgres.in_use'
  | 'postgres.no_account'
  | 'postgres.no_binaries'
  | 'postgres.start_failed'
  | 'postgres.unreachable';

/** An error of this package: `code` is stable, `message` says what happened and what to do next. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';
  readonly code: PostgresErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: PostgresErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }
}
