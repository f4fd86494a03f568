import type { Failure } from '../errors.ts';
import type { JobRow } from './job-row.ts';

/** Soft: what has not begun is skipped. Hard: what runs is aborted, too. */
export type TimeLimit = 'soft' | 'hard';

/** Why something was not done, for whoever misses it. */
export function outOfTime(job: JobRow, limit: TimeLimit): Failure {
  const seconds = limit === 'soft' ? job.soft_limit_seconds : job.hard_limit_seconds;
  return {
    code: `job.${limit}_limit`,
    message:
      job.stage === 'merge'
        ? `Putting the parts together took longer than the job's ${seconds} seconds. The parts are kept: retry the job, with a higher limit if need be.`
        : `The job's time of ${seconds} seconds was over before this was done.`,
  };
}
