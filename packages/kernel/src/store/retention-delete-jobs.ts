import { expireArtifacts, expireOwner } from '../artifacts/artifact-rows.ts';
import { inTransaction, type Tx } from '../db/transaction.ts';
import type { Resources } from '../resources.ts';
import { lockSubmits } from './admission.ts';
import { hasEnded } from './change-job.ts';
import { cancelJob } from './end-job.ts';
import { lockJob } from './job-row.ts';
import { deleteUnreferencedWorks } from './retention.ts';
import { NOW } from './sql.ts';
import { lockWorks } from './work-row.ts';

/** A document, as jobs and files name it: `book:12`. */
export interface Document {
  readonly ownerId: number;
  readonly subject: string;
}

/**
 * Deletes a document's jobs and what only they refer to: their chunks, events, results, memos, attempts and files. Open ones are
 * cancelled first, so what runs for them is aborted and settled like any cancel. Works that other jobs wait for, or have
 * results of, stay.
 *
 * For the transaction that deletes the document itself, whose row the caller has locked: nobody can submit another job for
 * it meanwhile. All jobs are locked before all works, and both by id, as everywhere. Files go with the next sweep.
 *
 * @returns the ids of the deleted jobs
 */
export async function deleteJobs(
  tx: Tx,
  resources: Resources,
  { ownerId, subject }: Document,
): Promise<number[]> {
  const { rows } = await tx.query<JobToDelete>(
    'SELECT id, has_hold FROM kernel.jobs WHERE owner_id = $1 AND subject = $2 ORDER BY id FOR UPDATE',
    [ownerId, subject],
  );
  return await deleteLocked(tx, resources, rows, { ownerId, subject });
}

/**
 * Deletes all that an owner has here but the facts of the ledger: jobs, files, and results that nobody else refers to. For the transaction
 * that deletes the owner.
 *
 * Submits of the owner take the same lock, so none is half done while this looks for jobs; one that comes later finds the document gone
 * that it wants to work on.
 */
export async function deleteOwner(tx: Tx, resources: Resources, ownerId: number): Promise<void> {
  await lockSubmits(tx, ownerId);
  const { rows } = await tx.query<JobToDelete>(
    'SELECT id, has_hold FROM kernel.jobs WHERE owner_id = $1 ORDER BY id FOR UPDATE',
    [ownerId],
  );
  await deleteLocked(tx, resources, rows, { ownerId });
  // Of jobs that were deleted before: their results would have been kept for a while.
  const { rows: unwanted } = await tx.query<{ id: number }>(
    'SELECT id FROM kernel.works WHERE owner_id = $1 ORDER BY id FOR UPDATE',
    [ownerId],
  );
  await deleteUnreferencedWorks(
    tx,
    unwanted.map((row) => row.id),
  );
  await expireOwner(tx, ownerId);
}

const BATCH = 100;

/**
 * Deletes an owner's jobs that ended more than so many days ago, with what only they refer to. Files of the documents they worked
 * on stay.
 *
 * @returns how many were deleted
 */
export async function deleteHistory(
  resources: Resources,
  ownerId: number,
  days: number,
): Promise<number> {
  for (let deleted = 0; ;) {
    const count = await inTransaction(
      resources.pool,
      async (tx) => {
        const { rows } = await tx.query<JobToDelete>(
          `SELECT id, has_hold
             FROM kernel.jobs
            WHERE owner_id = $1
              AND finished_at < ${NOW} - $2 * interval '1 day'
            ORDER BY id
            LIMIT ${BATCH}
              FOR UPDATE`,
          [ownerId, days],
        );
        return (await deleteLocked(tx, resources, rows, { ownerId })).length;
      },
      resources.onRerun,
    );
    deleted += count;
    if (count < BATCH) return deleted;
  }
}

interface JobToDelete {
  readonly id: number;
  readonly has_hold: boolean;
}

/** @param of whose jobs they are, and the document whose files go with them */
async function deleteLocked(
  tx: Tx,
  resources: Resources,
  jobs: readonly JobToDelete[],
  { ownerId, subject }: { readonly ownerId: number; readonly subject?: string },
): Promise<number[]> {
  const jobIds = jobs.map((row) => row.id);
  const workIds = await worksOf(tx, jobIds);
  await lockWorks(tx, workIds);
  // The accounts are locked by the first of those that hold credits, before any rows of the queue.
  for (const { id } of jobs.toSorted((a, b) => Number(b.has_hold) - Number(a.has_hold))) {
    const job = await lockJob(tx, id);
    if (job !== undefined && !hasEnded(job)) {
      await cancelJob(tx, resources, job, ownerId, { needsConsent: false });
    }
  }
  await expireArtifacts(tx, {
    jobIds,
    ...(subject === undefined ? {} : { document: { ownerId, subject } }),
  });
  await tx.query('DELETE FROM kernel.jobs WHERE id = ANY ($1)', [jobIds]);
  await deleteUnreferencedWorks(tx, workIds);
  return jobIds;
}

async function worksOf(tx: Tx, jobIds: readonly number[]): Promise<number[]> {
  const { rows } = await tx.query<{ id: number | null }>(
    `SELECT work_id AS id FROM kernel.chunks WHERE job_id = ANY ($1)
     UNION
     SELECT unnest(ARRAY[plan_work_id, merge_work_id]) FROM kernel.jobs WHERE id = ANY ($1)`,
    [jobIds],
  );
  return rows.flatMap((row) => (row.id === null ? [] : [row.id]));
}
