import {
  isTerminalEvent,
  isTerminalStatus,
  type ChunkStatus,
  type Job,
  type JobEvent,
} from '@scriptorium/contract';

/** Work may be finished to the last part and yet not be stored: 100 is what the server says, and nobody before it. */
const MOST_BEFORE_THE_END = 99;

/** The job with a percentage that never goes back and is 100 for a completed job alone. */
export function withHonestProgress(job: Job, shown: number): Job {
  const percent =
    job.status === 'completed'
      ? 100
      : Math.min(MOST_BEFORE_THE_END, Math.max(shown, job.progress_percent));
  return percent === job.progress_percent ? job : { ...job, progress_percent: percent };
}

/** Of two pictures of one job the later one; a job that has ended is never followed by one that has not. */
export function laterJob(known: Job | undefined, next: Job): Job {
  if (known === undefined) return withHonestProgress(next, 0);
  if (isTerminalStatus(known.status) && !isTerminalStatus(next.status)) return known;
  return withHonestProgress(next, known.progress_percent);
}

/** What an event says, put into the job that is shown, until the server is asked for the whole again. */
export function foldEvent(job: Job, event: JobEvent): Job {
  if (isTerminalStatus(job.status)) return job;
  const { status, progress_percent, current_step, total_chunks, processed_chunks } = event.data;
  const next: Job = {
    ...job,
    status,
    progress_percent,
    current_step,
    total_chunks,
    processed_chunks,
    waiting_for: event.type === 'job.waiting' ? event.data.waiting_for : job.waiting_for,
  };
  if (event.type === 'job.failed') next.error = event.data.error;
  if (event.type === 'job.completed') next.gaps = event.data.gaps;
  if (event.type === 'chunk.settled') {
    next.chunk_results = settle(job, event.data.index, event.data.chunk_status);
  }
  if (isTerminalEvent(event)) next.finished_at = event.at;
  return withHonestProgress(next, job.progress_percent);
}

function settle(job: Job, index: number, status: ChunkStatus): Job['chunk_results'] {
  return job.chunk_results.map((chunk) => (chunk.index === index ? { ...chunk, status } : chunk));
}
