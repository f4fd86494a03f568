import { expireArtifacts } from '../artifacts/artifact-rows.ts';
import type { Tx } from '../db/transaction.ts';
import type { Resources } from '../resources.ts';
import { hasEnded } from './change-job.ts';
import { cancelJob } from './end-job.ts';
import { lockJob } from './job-row.ts';
import { deleteUnreferencedWorks } from './retention.ts';
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
  const { rows } = await tx.query<{ id: number; has_hold: boolean }>(
    'SELECT id, has_hold FROM kernel.jobs WHERE owner_id = $1 AND subject = $2 ORDER BY id FOR UPDATE',
    [ownerId, subject],
  );
  const jobIds = rows.map((row) => row.id);
  const workIds = await worksOf(tx, jobIds);
  await lockWorks(tx, workIds);
  // The accounts are locked by the first of those that hold credits, before any rows of the queue.
  for (const { id } of rows.toSorted((a, b) => Number(b.has_hold) - Number(a.has_hold))) {
    const job = await lockJob(tx, id);
    if (job !== undefined && !hasEnded(job)) {
      await cancelJob(tx, resources, job, ownerId, { needsConsent: false });
    }
  }
  await expireArtifacts(tx, { jobIds, document: { ownerId, subject } });
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
