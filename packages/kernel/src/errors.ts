import { storableText } from './storable-text.ts';

/**
 * An error of the kernel: `code` is stable and meant for programs, `message` says what happened and what to do,
 * `details` carries the offending values.
 */
export class KernelError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }
}

/**
 * A write of an attempt that is no longer the current one: its lease was lost, its job was cancelled, or somebody
 * else has finished the work. Nothing was changed. Counted and logged, never a silent success.
 */
export class StaleAttemptError extends KernelError {
  constructor(what: string, details: Readonly<Record<string, unknown>>) {
    super(
      'kernel.stale_attempt',
      `The attempt to ${what} came too late and changed nothing: another attempt or a cancel was first.`,
      details,
    );
  }
}

/** A transition that the current status does not allow, such as cancelling a job that has ended. */
export class TransitionError extends KernelError {
  constructor(what: string, status: string, details: Readonly<Record<string, unknown>>) {
    super('kernel.not_allowed_now', `Cannot ${what}: the status is "${status}".`, {
      ...details,
      status,
    });
  }
}

/** Something slow was to be done while a transaction is open. A mistake in a program, so it is told by the first run of it. */
export class OpenTransactionError extends KernelError {
  constructor(what: string) {
    super(
      'kernel.open_transaction',
      `Cannot ${what} inside a transaction, which would hold its locks meanwhile. Do it before, or after the commit.`,
      { what },
    );
  }
}

/** No job with this id belongs to this owner. Says nothing about other owners' jobs. */
export class JobNotFoundError extends KernelError {
  constructor(jobId: number) {
    super('job.not_found', `There is no job ${jobId} among your jobs.`, { jobId });
  }
}

/** Why a part or a job did not succeed, as it is stored and shown. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** The stored form of whatever was thrown: the code of a typed error, or `fallback` for a bug. */
export function toFailure(error: unknown, fallback: string): Failure {
  if (error instanceof Error) {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : fallback;
    return { code: storableText(code), message: storableText(error.message) };
  }
  return { code: fallback, message: storableText(String(error)) };
}
