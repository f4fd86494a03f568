import type { Job } from '@scriptorium/contract';

/** Below this share of the work any forecast is a guess. */
const LEAST_SHARE = 0.05;

/**
 * Seconds that a job will probably go on, from how long its share of the work has taken; undefined while too little is done. Parts whose
 * results were there already took no time and count for nothing.
 *
 * @param now milliseconds since 1970
 */
export function secondsLeft(
  job: Pick<Job, 'started_at' | 'chunk_results'>,
  now: number,
): number | undefined {
  if (job.started_at === null) return undefined;
  const own = job.chunk_results.filter((chunk) => chunk.reused !== true);
  if (own.length === 0) return undefined;
  const done = own.reduce((sum, chunk) => sum + shareOf(chunk), 0) / own.length;
  if (done < LEAST_SHARE) return undefined;
  const elapsed = (now - Date.parse(job.started_at)) / 1000;
  return Math.max(0, elapsed / done - elapsed);
}

function shareOf({ status, progress }: Job['chunk_results'][number]): number {
  if (status === 'active') return progress ?? 0;
  return status === 'waiting' ? 0 : 1;
}
