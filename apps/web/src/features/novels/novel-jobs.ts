import { isTerminalStatus, routes, type Job } from '@scriptorium/contract';
import { queryOptions } from '@tanstack/react-query';
import { api, keyOf } from '../../api/index.ts';
import type { Tone } from '../../components/index.ts';

/** The newest jobs on novels, of all of them: what the list and a novel's page say of earlier work. */
export const novelJobsQuery = queryOptions<readonly Job[]>({
  queryKey: [...keyOf(routes.jobs.list), 'novels'],
  queryFn: async ({ signal }) => {
    const { jobs } = await api.call(routes.jobs.list, {
      query: { pipeline: 'novels', limit: 100 },
      signal,
    });
    return jobs;
  },
});

/** The state of a job as people name it: a job that ended with gaps is not simply done. */
export type JobState = Job['status'] | 'gaps';

export function stateOf(job: Pick<Job, 'status' | 'gaps'>): JobState {
  return job.status === 'completed' && job.gaps.length > 0 ? 'gaps' : job.status;
}

export const JOB_TONES: Readonly<Record<JobState, Tone>> = {
  pending: 'waiting',
  processing: 'running',
  completed: 'done',
  gaps: 'waiting',
  failed: 'failed',
  cancelled: 'stopped',
};

export function isOpen(job: Pick<Job, 'status'>): boolean {
  return !isTerminalStatus(job.status);
}
