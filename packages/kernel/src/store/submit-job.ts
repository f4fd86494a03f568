import { randomUUID } from 'node:crypto';
import { ConfirmationError } from '../credits/errors.ts';
import { adoptHold, reserveCredits } from '../credits/holds.ts';
import type { Millicredits } from '../credits/millicredits.ts';
import type { Tx } from '../db/transaction.ts';
import { KernelError } from '../errors.ts';
import type { PriorityClass } from '../queue/priority.ts';
import type { Resources } from '../resources.ts';
import { admitJob } from './admission.ts';
import { changeJob } from './change-job.ts';
import { enqueueWorks } from './enqueue-works.ts';
import { findJobBySubmission, JOB_COLUMNS, type JobRow } from './job-row.ts';
import { NOW } from './sql.ts';
import { inheritSuspicion, lockOrCreateWorks } from './work-row.ts';

/** What somebody asks for. */
export interface JobRequest {
  readonly pipeline: string;
  readonly ownerId: number;
  readonly input: unknown;
  /** What it is about, to find it again: `book:12`. */
  readonly subject?: string;
  readonly class?: PriorityClass;
  readonly isPremium?: boolean;
  /** How many of its chunks may run at once. */
  readonly parallel?: number;
  /** Who shares its results. Default: the owner alone. */
  readonly scope?: string;
  /** Raised to have the same input done anew. */
  readonly generation?: number;
  /** Equal for a repeated request: the second one is answered with the first one's job. */
  readonly submission?: string;
  /** The job whose unfinished part this one takes up. */
  readonly retryOf?: { readonly id: number; readonly retryCount: number };
  /** Of a confirmation: the job gets this number and the credits that are held under it. */
  readonly id?: number;
  /** What it may need. Held now; with an `id`, what the confirmation must cover at least. */
  readonly credits?: Millicredits;
  /** Seconds; default: the pipeline's. */
  readonly softLimitSeconds?: number;
  readonly hardLimitSeconds?: number;
}

const DEFAULT_PARALLEL = 5;

/**
 * Accepts a job: its row, its first event and its plan's task, all in the caller's transaction. What the
 * transaction writes besides (a book, its chapters) is there exactly if the job is.
 *
 * @throws InsufficientCreditError, ConfirmationError, and the errors of `admitJob`
 */
export async function submitJob(
  tx: Tx,
  resources: Resources,
  request: JobRequest,
): Promise<JobRow> {
  const pipeline = resources.pipelines.newest(request.pipeline);
  if (pipeline === undefined) {
    throw new KernelError('job.unknown_pipeline', `There is no pipeline "${request.pipeline}".`, {
      pipeline: request.pipeline,
    });
  }
  const submission = request.submission ?? randomUUID();
  await admitJob(tx, resources.limits, request.ownerId, submission);
  const hardLimit = request.hardLimitSeconds ?? pipeline.timeouts.hard;
  const { rows } = await tx.query<JobRow>(
    `INSERT INTO kernel.jobs
            (submission, owner_id, pipeline, recipe_version, scope, generation, subject, input, class, is_premium,
             parallel, soft_limit_seconds, hard_limit_seconds, retry_of, retry_count, id, has_hold, status, stage, created_at)
            OVERRIDING SYSTEM VALUE
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, COALESCE($16, nextval('kernel.jobs_id_seq')),
             $17, 'pending', 'plan', ${NOW})
         ON CONFLICT DO NOTHING
     RETURNING ${JOB_COLUMNS}`,
    [
      submission,
      request.ownerId,
      pipeline.name,
      pipeline.recipeVersion,
      request.scope ?? `owner:${request.ownerId}`,
      request.generation ?? 0,
      request.subject ?? null,
      JSON.stringify(pipeline.parseInput(request.input)),
      request.class ?? 'interactive',
      request.isPremium ?? false,
      request.parallel ?? DEFAULT_PARALLEL,
      Math.min(request.softLimitSeconds ?? pipeline.timeouts.soft, hardLimit),
      hardLimit,
      request.retryOf?.id ?? null,
      request.retryOf === undefined ? 0 : request.retryOf.retryCount + 1,
      request.id ?? null,
      request.id !== undefined || (request.credits ?? 0) > 0,
    ],
  );
  const job = rows[0];
  if (job === undefined) return await earlierJob(tx, submission, request);
  if (job.has_hold) await holdCredits(tx, job.id, request);
  const [plan] = await lockOrCreateWorks(
    tx,
    job,
    [{ key: `job:${job.id}:plan`, kind: 'plan', input: {} }],
    pipeline.timeouts.chunk,
  );
  if (plan === undefined) throw new Error(`The plan of job ${job.id} could not be created.`);
  await inheritSuspicion(tx, job, plan, 'plan');
  await enqueueWorks(tx, resources, [plan], job, 'enqueue');
  return await changeJob(tx, resources, job, { planWorkId: plan.id }, [{ type: 'job.accepted' }]);
}

/** A confirmation's, or new ones that the job takes up at once. */
async function holdCredits(
  tx: Tx,
  jobId: number,
  { id, ownerId, credits: amount = 0 }: JobRequest,
): Promise<void> {
  if (id === undefined) await reserveCredits(tx, { jobId, ownerId, amount });
  await adoptHold(tx, { jobId, ownerId, atLeast: amount });
}

async function earlierJob(
  tx: Tx,
  submission: string,
  { id, ownerId }: JobRequest,
): Promise<JobRow> {
  const job = await findJobBySubmission(tx, submission);
  if (job === undefined && id !== undefined) throw new ConfirmationError('used', id);
  if (job === undefined || job.owner_id !== ownerId) {
    throw new KernelError('job.submission_taken', 'This submission id belongs to another job.', {
      submission,
    });
  }
  return job;
}
