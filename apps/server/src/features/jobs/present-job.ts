import { jobEventSchema, type Coded, type Job, type JobEvent } from '@scriptorium/contract';
import type { JobEvent as KernelEvent, JobView } from '@scriptorium/kernel';
import { codeOfPart, codeOfWait } from '../../platform/recognise.ts';

/** How often the kernel tries a failing part again by itself, before a person is asked. */
const MAX_RETRIES = 3;

/** A job in the words of the contract. */
export function presentJob(job: JobView, now = new Date()): Job {
  return {
    id: job.id,
    pipeline: job.pipeline,
    subject: job.subject,
    status: job.status,
    progress_percent: job.progress_percent,
    current_step: job.current_step,
    total_chunks: job.total_chunks,
    processed_chunks: job.done_chunks + job.failed_chunks + job.skipped_chunks,
    failed_chunks: job.chunks.filter(({ status }) => status === 'failed').map(({ index }) => index),
    chunk_results: job.chunks.map(presentChunk),
    gaps: job.gaps.map(({ index, code, message }) => ({ index, code, message })),
    error: job.error,
    retry_of: job.retry_of,
    retry_count: job.retry_count,
    max_retries: MAX_RETRIES,
    is_cancelled: job.status === 'cancelled',
    cancelled_at: timestamp(job.cancelled_at),
    cancelled_by: job.cancelled_by,
    waiting_for:
      job.waiting_for === null
        ? null
        : waitingFor(job.waiting_for.reason, timestamp(job.waiting_for.until)),
    task_id: job.task_id,
    processing_time_seconds: secondsBetween(job.started_at, job.finished_at ?? now),
    llm_calls: job.llm_calls,
    tokens_used: job.tokens_used,
    gemini_api_calls: job.llm_calls,
    gemini_tokens_used: job.tokens_used,
    last_heartbeat_at: timestamp(job.last_heartbeat_at),
    created_at: job.created_at.toISOString(),
    started_at: timestamp(job.started_at),
    finished_at: timestamp(job.finished_at),
  };
}

function presentChunk(chunk: JobView['chunks'][number]): Job['chunk_results'][number] {
  return {
    index: chunk.index,
    status: chunk.status,
    ...(chunk.label === null ? {} : { label: chunk.label }),
    ...codedLabel(chunk.label),
    ...(chunk.status === 'active' ? { progress: chunk.progress } : {}),
    ...(chunk.status === 'active' && chunk.step !== null ? { step: chunk.step } : {}),
    ...(chunk.is_reused ? { reused: true } : {}),
    ...(chunk.error === null ? {} : { error: chunk.error }),
  };
}

/** An event in the words of the contract, which also checks that the kernel still speaks them. */
export function presentEvent(event: KernelEvent): JobEvent {
  const shown = jobEventSchema.parse({
    job_id: event.jobId,
    seq: event.seq,
    type: event.type,
    at: event.at.toISOString(),
    data: event.data,
  });
  if (shown.type === 'job.waiting' && shown.data.waiting_for !== null) {
    const { reason, until } = shown.data.waiting_for;
    shown.data.waiting_for = waitingFor(reason, until);
  }
  return shown;
}

/** What is waited for, in words and for programs. */
export function waitingFor(reason: string, until: string | null): NonNullable<Job['waiting_for']> {
  return { reason, ...codeOfWait(reason), until };
}

/** The name of a part for programs, beside the label itself. */
export function codedLabel(label: string | null): { label_coded?: Coded } {
  const coded = label === null ? undefined : codeOfPart(label);
  return coded === undefined ? {} : { label_coded: coded };
}

function timestamp(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

function secondsBetween(start: Date | null, end: Date): number {
  return start === null ? 0 : Math.max(0, end.getTime() - start.getTime()) / 1000;
}
