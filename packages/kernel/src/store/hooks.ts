import { inTransaction, isTransient, type Tx } from '../db/transaction.ts';
import { KernelError, toFailure } from '../errors.ts';
import type { EndedInTransaction, Pipeline, SettledInTransaction } from '../pipeline.ts';
import type { Resources } from '../resources.ts';
import type { JobRow } from './job-row.ts';

type Hook = 'onSettled' | 'onEnded';

/** After so many failures in all, a job is ended without asking its hooks for their consent. */
const MAX_HOOK_FAILURES = 3;

/** A statement of a pipeline's own has failed: the transition it belongs to is rolled back, whole. */
export class HookFailedError extends KernelError {
  readonly jobId: number;
  readonly hook: Hook;

  constructor(job: JobRow, hook: Hook, cause: unknown) {
    super(
      'hook.failed',
      `The ${hook} of the pipeline "${job.pipeline}" failed: ${toFailure(cause, '').message}`,
      { jobId: job.id, hook },
      { cause },
    );
    this.jobId = job.id;
    this.hook = hook;
  }
}

/** True for a job whose hooks have failed too often: whoever holds its lock next ends it. */
export function isGivenUp(job: JobRow): boolean {
  return job.hook_failures >= MAX_HOOK_FAILURES;
}

/** @throws HookFailedError */
export async function callSettled(
  tx: Tx,
  { pipelines }: Pick<Resources, 'pipelines'>,
  job: JobRow,
  chunks: SettledInTransaction['chunks'],
): Promise<void> {
  const { id: jobId, owner_id: ownerId, subject } = job;
  const pipeline = pipelines.find(job.pipeline, job.recipe_version);
  await consenting(job, 'onSettled', () =>
    pipeline?.onSettled?.(tx, { jobId, ownerId, subject, chunks }),
  );
}

/**
 * Without consent the end comes all the same, only what the hook wrote is rolled back: for a job that is given up, and for a
 * cancel, which a person is entitled to whatever the pipeline's code does.
 *
 * @throws HookFailedError if the end needs the hook's consent
 */
export async function callEnded(
  tx: Tx,
  resources: Pick<Resources, 'pipelines' | 'log'>,
  job: JobRow,
  status: EndedInTransaction['status'],
  { needsConsent = !isGivenUp(job) }: { needsConsent?: boolean } = {},
): Promise<void> {
  const { id: jobId, owner_id: ownerId, subject } = job;
  const onEnded = hooksAtTheEnd(resources, job)?.onEnded;
  if (onEnded === undefined) return;
  const call = () =>
    consenting(job, 'onEnded', () => onEnded(tx, { jobId, ownerId, subject, status }));
  if (needsConsent) await call();
  else await attempting(tx, resources, call);
}

/**
 * A cancel is not put off until a process comes by that knows the job's version: the newest code knows the rows of its pipeline
 * best, and one without any has none to change.
 */
function hooksAtTheEnd(
  { pipelines, log }: Pick<Resources, 'pipelines' | 'log'>,
  job: JobRow,
): Pipeline | undefined {
  const pipeline =
    pipelines.find(job.pipeline, job.recipe_version) ?? pipelines.newest(job.pipeline);
  if (pipeline === undefined) {
    log.warn(
      { jobId: job.id, pipeline: job.pipeline },
      'A job was ended by a process without its pipeline, whose onEnded was not called',
    );
  }
  return pipeline;
}

/** Conflicts and lost connections are no fault of the hook: they run the whole transaction again. */
async function consenting(
  job: JobRow,
  hook: Hook,
  call: () => Promise<void> | undefined,
): Promise<void> {
  try {
    await call();
  } catch (error) {
    throw isTransient(error) ? error : new HookFailedError(job, hook, error);
  }
}

async function attempting(
  tx: Tx,
  { log }: Pick<Resources, 'log'>,
  call: () => Promise<void>,
): Promise<void> {
  await tx.query('SAVEPOINT hook');
  try {
    await call();
    await tx.query('RELEASE SAVEPOINT hook');
  } catch (error) {
    if (!(error instanceof HookFailedError)) throw error;
    await tx.query('ROLLBACK TO SAVEPOINT hook');
    log.error(
      { err: error, ...error.details },
      'A job ends without what its pipeline writes at the end',
    );
  }
}

/** Remembers, in a transaction of its own because the other one is rolled back, that a hook has failed. */
export async function noteHookFailure(
  { pool, log, onRerun }: Pick<Resources, 'pool' | 'log' | 'onRerun'>,
  error: HookFailedError,
): Promise<void> {
  log.error(
    { err: error, ...error.details },
    'A hook undid the transition it belongs to; both are tried again, a few times',
  );
  await inTransaction(
    pool,
    (tx) =>
      tx.query(
        'UPDATE kernel.jobs SET hook_failures = hook_failures + 1 WHERE id = $1 AND finished_at IS NULL',
        [error.jobId],
      ),
    onRerun,
  );
}

/** The same for whoever looks at many jobs: one whose hook fails must not hold up the rest. */
export async function notingHookFailures(
  resources: Pick<Resources, 'pool' | 'log' | 'onRerun'>,
  action: () => Promise<void>,
): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof HookFailedError)) throw error;
    await noteHookFailure(resources, error);
  }
}

/** Tries a transition again and again, until the job's hooks consent or are no longer asked to: at most three times more. */
export async function consentedOrGivenUp<T>(
  resources: Pick<Resources, 'pool' | 'log' | 'onRerun'>,
  transition: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await transition();
    } catch (error) {
      if (!(error instanceof HookFailedError)) throw error;
      await noteHookFailure(resources, error);
    }
  }
}
