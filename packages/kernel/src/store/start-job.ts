import type { Tx } from '../db/transaction.ts';
import type { Resources } from '../resources.ts';
import { changeJob, hasEnded } from './change-job.ts';
import { lockJob } from './job-row.ts';

/** The job moves from pending to processing with its plan's first attempt. Later attempts change nothing. */
export async function startJob(tx: Tx, resources: Resources, jobId: number): Promise<void> {
  const job = await lockJob(tx, jobId);
  if (job === undefined || hasEnded(job) || job.status === 'processing') return;
  await changeJob(tx, resources, job, { transition: 'start', step: 'Reading the document' }, [
    { type: 'job.started' },
  ]);
}
