import { z } from 'zod';
import {
  codedSchema,
  failureSchema,
  flagParameter,
  idParameter,
  idSchema,
  pageQuery,
  paramsSchema,
  timestampSchema,
} from './primitives.ts';

export const jobStatusSchema = z.enum([
  'pending',
  'processing',
  'completed',
  'failed',
  'cancelled',
]);
export const chunkStatusSchema = z.enum(['waiting', 'active', 'done', 'failed', 'skipped']);

export type JobStatus = z.output<typeof jobStatusSchema>;
export type ChunkStatus = z.output<typeof chunkStatusSchema>;

/** True for a job that has ended: it never changes again. */
export function isTerminalStatus(status: JobStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** A part of the result that is missing, and why. A completed job without gaps is whole. */
export const gapSchema = z.object({ index: z.int().min(0), ...failureSchema.shape });

/** Why a job does not move at the moment, and until when, as far as that is known. */
export const waitingForSchema = z.object({
  reason: z.string(),
  /** The reason for programs. Absent where a model or a pipeline gave one of its own. */
  code: z.string().optional(),
  params: paramsSchema.optional(),
  until: timestampSchema.nullable(),
});

export const chunkResultSchema = z.object({
  index: z.int().min(0),
  status: chunkStatusSchema,
  label: z.string().optional(),
  label_coded: codedSchema.optional(),
  /** What it is doing, while it is active. */
  step: z.string().optional(),
  /** 0 to 1, while it is active. */
  progress: z.number().min(0).max(1).optional(),
  /** Its result was there already; nothing was spent. */
  reused: z.boolean().optional(),
  error: failureSchema.optional(),
});

/** The part of a job that every event repeats, so that a reader who hears one event can draw the whole state. */
const snapshotShape = {
  status: jobStatusSchema,
  progress_percent: z.int().min(0).max(100),
  current_step: z.string().nullable(),
  total_chunks: z.int().min(0),
  processed_chunks: z.int().min(0),
};

export const jobSchema = z
  .object({
    id: idSchema,
    pipeline: z.string(),
    /** What it works on, such as `book:12`. */
    subject: z.string().nullable(),
    ...snapshotShape,
    /** Indices of the chunks that failed. */
    failed_chunks: z.array(z.int().min(0)),
    chunk_results: z.array(chunkResultSchema),
    gaps: z.array(gapSchema),
    error: failureSchema.nullable(),
    retry_of: idSchema.nullable(),
    retry_count: z.int().min(0),
    max_retries: z.int().min(0),
    is_cancelled: z.boolean(),
    cancelled_at: timestampSchema.nullable(),
    /** The user who did it. */
    cancelled_by: idSchema.nullable(),
    waiting_for: waitingForSchema.nullable(),
    task_id: z.string().nullable(),
    processing_time_seconds: z.number().min(0),
    llm_calls: z.int().min(0),
    tokens_used: z.int().min(0),
    gemini_api_calls: z.int().min(0).describe('The same as llm_calls'),
    gemini_tokens_used: z.int().min(0).describe('The same as tokens_used'),
    last_heartbeat_at: timestampSchema.nullable(),
    created_at: timestampSchema,
    started_at: timestampSchema.nullable(),
    finished_at: timestampSchema.nullable(),
  })
  .meta({ id: 'Job' });

export type Job = z.output<typeof jobSchema>;

function eventOf<const Type extends string, Extras extends z.ZodRawShape>(
  type: Type,
  extras: Extras,
) {
  return z.object({
    job_id: idSchema,
    /** 1, 2, 3 … without holes: the cursor of every reader. */
    seq: z.int().positive(),
    type: z.literal(type),
    at: timestampSchema,
    data: z.object({ ...snapshotShape, ...extras }),
  });
}

const settledChunk = {
  index: z.int().min(0),
  chunk_status: z.enum(['done', 'failed', 'skipped']),
  reused: z.boolean().optional(),
  code: z.string().optional(),
};

/** One line of a job's log. Streams, polls and screens read the same rows with the same numbers. */
export const jobEventSchema = z
  .discriminatedUnion('type', [
    eventOf('job.accepted', {}),
    eventOf('job.started', {}),
    eventOf('job.planned', {}),
    eventOf('chunk.settled', settledChunk),
    eventOf('job.progress', {}),
    eventOf('job.merging', {}),
    eventOf('job.waiting', { waiting_for: waitingForSchema.nullable() }),
    eventOf('job.completed', { gaps: z.array(gapSchema) }),
    eventOf('job.failed', { error: failureSchema }),
    eventOf('job.cancelled', { cancelled_by: idSchema.nullable() }),
  ])
  .meta({ id: 'JobEvent' });

export type JobEvent = z.output<typeof jobEventSchema>;
export type JobEventType = JobEvent['type'];

/** True for the event that ends a job's log. */
export function isTerminalEvent(event: JobEvent): boolean {
  return (
    event.type === 'job.completed' || event.type === 'job.failed' || event.type === 'job.cancelled'
  );
}

export const jobParams = z.object({ id: idParameter });

export const jobListQuery = z.object({
  ...pageQuery.shape,
  status: jobStatusSchema.optional(),
  pipeline: z.string().optional(),
  /** Only jobs that have not ended, or only those that have. */
  is_open: flagParameter.optional(),
});

export const jobListSchema = z.object({
  jobs: z.array(jobSchema),
  next_before: idSchema.nullable(),
});

export const jobEventsQuery = z.object({
  /** The last `seq` the reader has seen. A stream prefers the header `Last-Event-ID`. */
  after: z.coerce.number<number | string>().int().min(0).default(0),
  limit: z.coerce.number<number | string>().int().min(1).max(1000).default(500),
  /** A ticket from `POST /stream-tickets`, for readers that cannot send headers. */
  ticket: z.string().optional(),
});

export const jobEventsSchema = z.object({ events: z.array(jobEventSchema), job: jobSchema });

/** How a run of a part ended: `let_go` is the end of a run that this job did not need any more. */
export const attemptOutcomeSchema = z.enum([
  'done',
  'retry',
  'failed',
  'crashed',
  'given_back',
  'let_go',
  'quarantined',
]);
export type AttemptOutcome = z.output<typeof attemptOutcomeSchema>;

export const attemptSchema = z.object({
  /** The name of the process that ran it; null for one that nobody remembers any more. */
  worker: z.string().nullable(),
  started_at: timestampSchema,
  /** Null while it runs. */
  ended_at: timestampSchema.nullable(),
  outcome: attemptOutcomeSchema.nullable(),
  /** Why it failed. */
  code: z.string().optional(),
  /** After it: what the part waits for now, before it is tried again. */
  waits: waitingForSchema.optional(),
});

/** What became of each part of a job, run by run. */
export const timelineSchema = z
  .object({
    /** The clock of the times below. */
    now: timestampSchema,
    /** Jobs that were made by retrying this one, oldest first. */
    retried_by: z.array(idSchema),
    chunks: z.array(
      z.object({
        index: z.int().min(0),
        label: z.string().nullable(),
        label_coded: codedSchema.optional(),
        status: chunkStatusSchema,
        reused: z.boolean(),
        attempts: z.array(attemptSchema),
      }),
    ),
  })
  .meta({ id: 'Timeline' });
export type Timeline = z.output<typeof timelineSchema>;

export const streamTicketBody = z.strictObject({ job_id: idSchema });
export const streamTicketSchema = z.object({ ticket: z.string(), expires_at: timestampSchema });
