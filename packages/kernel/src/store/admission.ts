import { DiskFullError } from '../artifacts/disk-full.ts';
import { storedBytes } from '../artifacts/artifact-rows.ts';
import type { KernelFiles } from '../artifacts/kernel-files.ts';
import type { Queryable } from '../db/queryable.ts';
import type { Tx } from '../db/transaction.ts';
import { KernelError } from '../errors.ts';

/** The same for everybody, or looked up for each owner. The look-up may only query. */
export type Limit = number | ((ownerId: number, db: Queryable) => Promise<number>);

export interface LimitOptions {
  /** Jobs of one owner that have not ended. Default: 100. */
  readonly openJobs?: Limit;
  /** Bytes of one owner's files. Default: no limit but the disk. */
  readonly storedBytes?: Limit;
}

/** What decides whether something is taken in. */
export interface Admission {
  readonly db: Queryable;
  readonly limits: LimitOptions;
  readonly files: KernelFiles | undefined;
}

const DEFAULT_OPEN_JOBS = 100;

function limitOf(limit: Limit, ownerId: number, db: Queryable): Promise<number> | number {
  return typeof limit === 'number' ? limit : limit(ownerId, db);
}

/**
 * Refuses one job too many, in the transaction that is about to write it and before it writes anything. A request that is repeated
 * adds no job, so it passes.
 *
 * The submits of one owner come one after the other, to the end of their transactions: two that count at the same time would
 * both find the last place free.
 *
 * @throws KernelError `admission.too_many_jobs`
 */
export async function admitJob(
  tx: Tx,
  limits: LimitOptions,
  ownerId: number,
  submission: string,
): Promise<void> {
  await lockSubmits(tx, ownerId);
  const limit = await limitOf(limits.openJobs ?? DEFAULT_OPEN_JOBS, ownerId, tx);
  const { rows } = await tx.query<{ open: number; is_repeated: boolean }>(
    `SELECT count(*)::int AS open, EXISTS (SELECT FROM kernel.jobs WHERE submission = $2) AS is_repeated
       FROM kernel.jobs
      WHERE owner_id = $1
        AND finished_at IS NULL`,
    [ownerId, submission],
  );
  const { open, is_repeated: isRepeated } = rows[0] ?? { open: 0, is_repeated: false };
  if (isRepeated || open < limit) return;
  throw new KernelError(
    'admission.too_many_jobs',
    `You have ${open} jobs that have not ended; ${limit} are allowed. Wait for one to end, or cancel one.`,
    { ownerId, open, limit },
  );
}

/** Until the end of the transaction, nobody else submits a job for this owner. */
export async function lockSubmits(tx: Tx, ownerId: number): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `scriptorium.submit.${ownerId}`,
  ]);
}

/**
 * Refuses bytes for which there is no room: on the disk, or in the owner's quota. Stores nothing and reserves nothing, so it is asked
 * before anything is read, and the write itself still ends in order if the disk fills up meanwhile.
 *
 * @returns how many bytes the owner's quota has left
 * @throws DiskFullError
 * @throws KernelError `admission.quota_exceeded`
 */
export async function admitBytes(
  { db, limits, files }: Admission,
  bytes: number,
  ownerId: number,
): Promise<number> {
  if (files !== undefined) {
    const free = await files.freeBytes();
    if (free - bytes < files.minFreeBytes) {
      throw new DiskFullError({ bytes, free, minFreeBytes: files.minFreeBytes });
    }
  }
  if (limits.storedBytes === undefined) return Number.POSITIVE_INFINITY;
  const quota = await limitOf(limits.storedBytes, ownerId, db);
  const left = quota - (await storedBytes(db, ownerId));
  if (bytes > left) throw quotaError(bytes, left, ownerId);
  return left;
}

export function quotaError(bytes: number, left: number, ownerId: number): KernelError {
  return new KernelError(
    'admission.quota_exceeded',
    `This takes ${bytes} bytes or more, but your quota has ${Math.max(0, left)} left; nothing was stored. Delete something first.`,
    { ownerId, bytes, left: Math.max(0, left), left_bytes: Math.max(0, left) },
  );
}
