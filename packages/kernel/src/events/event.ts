/** The kinds of events in a job's log. */
export const EVENT_TYPES = [
  'job.accepted',
  'job.started',
  'job.planned',
  'chunk.settled',
  'job.progress',
  'job.waiting',
  'job.merging',
  'job.completed',
  'job.failed',
  'job.cancelled',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/**
 * One entry of a job's log. `seq` starts at 1 and has no gaps; 30 days after the job's end (an option) only the first and the last one are
 * kept. Each carries the job's state at its time, so the last one says how it ended.
 */
export interface JobEvent {
  readonly jobId: number;
  readonly seq: number;
  readonly type: EventType;
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

const LAST: ReadonlySet<string> = new Set(['job.completed', 'job.failed', 'job.cancelled']);

/** True for the event after which no other comes. */
export function isLastEvent(event: JobEvent): boolean {
  return LAST.has(event.type);
}
