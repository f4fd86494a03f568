import { z } from 'zod';
import { jobStatusSchema } from './jobs.ts';
import {
  codedSchema,
  failureSchema,
  idParameter,
  idSchema,
  timestampSchema,
} from './primitives.ts';

/** The process answers. */
export const healthSchema = z.object({ status: z.literal('ok') });

/** The process can do its work: its database answers. */
export const readinessSchema = z.object({ status: z.literal('ready') });

/** What operators watch, in the text format of Prometheus. */
export const metricsSchema = z.string();

export const workerSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    host: z.string(),
    pid: z.int(),
    slots: z.int(),
    started_at: timestampSchema,
    last_beat_at: timestampSchema,
    /** More than a few: it is dead or cut off. */
    silent_seconds: z.number().min(0),
    running: z.array(
      z.object({
        work_id: idSchema,
        job_id: idSchema,
        step: z.string().nullable(),
        step_coded: codedSchema.optional(),
      }),
    ),
  })
  .meta({ id: 'Worker' });

export const overviewSchema = z
  .object({
    workers: z.array(workerSchema),
    jobs: z.partialRecord(jobStatusSchema, z.int().min(0)),
    queues: z.array(
      z.object({
        pipeline: z.string(),
        ready: z.int().min(0),
        delayed: z.int().min(0),
        oldest_seconds: z.number().min(0),
      }),
    ),
    watchers: z.int().min(0),
    quarantined: z.int().min(0),
    /** The last 24 hours, an hour each, oldest first. */
    hours: z.array(
      z.object({
        at: timestampSchema,
        chunks_done: z.int().min(0),
        chunks_failed: z.int().min(0),
        jobs_completed: z.int().min(0),
        jobs_failed: z.int().min(0),
      }),
    ),
  })
  .meta({ id: 'Overview' });

export type Overview = z.output<typeof overviewSchema>;

/** A work that took its process down three times alone, and is not run again until somebody says so. */
export const quarantinedSchema = z
  .object({
    work_id: idSchema,
    pipeline: z.string(),
    kind: z.enum(['plan', 'chunk', 'merge']),
    label: z.string().nullable(),
    label_coded: codedSchema.optional(),
    attempts: z.int().min(0),
    crashes: z.int().min(0),
    error: failureSchema.nullable(),
    at: timestampSchema,
    /** Jobs that lack it, newest first. */
    jobs: z.array(z.object({ id: idSchema, owner_id: idSchema })),
  })
  .meta({ id: 'Quarantined' });
export const quarantineSchema = z.object({ works: z.array(quarantinedSchema) });
export const replayParams = z.object({ id: idParameter });
