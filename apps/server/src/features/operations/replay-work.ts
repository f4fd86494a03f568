import {
  InsufficientCreditError,
  type JobView,
  type Kernel,
  type Queryable,
} from '@scriptorium/kernel';
import type { FastifyBaseLogger } from 'fastify';
import { operationError } from './operations.errors.ts';
import { findJobsToReplay, isQuarantined } from './quarantine.repo.ts';

export interface ReplayResources {
  readonly db: Queryable;
  readonly kernel: Pick<Kernel, 'job' | 'retry'>;
  /** Millicredits that a retry of a job may need at most. Default: none. */
  readonly retryCredits?: (job: JobView) => Promise<number>;
}

/**
 * Gives a work in quarantine another chance: by a new job for each owner who lacks it, which takes all that is finished by key. Of several
 * who share it, the first job runs it and the others join.
 *
 * An owner who cannot pay for the rest gets no job; the others do.
 *
 * @throws AppError `work.not_quarantined`
 */
export async function replayWork(
  { db, kernel, retryCredits }: ReplayResources,
  workId: number,
  log: FastifyBaseLogger,
): Promise<JobView[]> {
  if (!(await isQuarantined(db, workId))) {
    throw operationError('work.not_quarantined', {
      detail: `There is no work ${workId} in quarantine. Somebody may have replayed it already.`,
    });
  }
  const jobs: JobView[] = [];
  for (const { id } of await findJobsToReplay(db, workId)) {
    try {
      const credits = (await retryCredits?.(await kernel.job(id, null))) ?? 0;
      const retry = await kernel.retry(id, null, {
        replay: true,
        ...(credits === 0 ? {} : { credits }),
      });
      jobs.push(await kernel.job(retry.id, null));
    } catch (error) {
      if (!(error instanceof InsufficientCreditError)) throw error;
      log.warn({ err: error, job: id, work: workId }, 'The owner cannot pay for a replay');
    }
  }
  return jobs;
}
