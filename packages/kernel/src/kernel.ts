import { systemClock, type Clock } from 'pg-boss';
import type { Pool } from 'pg';
import { createKernelArtifacts, type KernelArtifacts } from './artifacts/kernel-artifacts.ts';
import { openKernelFiles, type FileOptions } from './artifacts/kernel-files.ts';
import { Sweeper } from './artifacts/sweeper.ts';
import { createKernelCredits, type KernelCredits } from './credits/kernel-credits.ts';
import { openLeasePool } from './db/lease-pool.ts';
import { prepared } from './db/queryable.ts';
import type { Queryable } from './db/queryable.ts';
import { inTransaction, type Tx } from './db/transaction.ts';
import { JobNotFoundError } from './errors.ts';
import { EventHub } from './events/event-hub.ts';
import type { JobEvent } from './events/event.ts';
import { Notifier } from './events/notifier.ts';
import { readEvents } from './events/read-events.ts';
import { openBudgets, type BudgetOptions } from './limits/budgets.ts';
import type { KernelLog } from './log.ts';
import { countReruns, createMetrics, type KernelMetrics } from './metrics.ts';
import { createRegistry, type Pipeline, type SettledChunk } from './pipeline.ts';
import { openTaskQueue, queueName } from './queue/task-queue.ts';
import type { Resources } from './resources.ts';
import type { LimitOptions } from './store/admission.ts';
import { hasEnded } from './store/change-job.ts';
import { cancelJob } from './store/end-job.ts';
import { consentedOrGivenUp } from './store/hooks.ts';
import { readLoad, type Load } from './store/load.ts';
import { findJob, listJobs, lockJob, type JobFilter, type JobRow } from './store/job-row.ts';
import { viewJob, type JobView } from './store/job-view.ts';
import {
  deleteHistory,
  deleteJobs,
  deleteOwner,
  type Document,
} from './store/retention-delete-jobs.ts';
import type { RetentionOptions } from './store/retention.ts';
import { Reconciler } from './worker/reconciler.ts';
import { readSettledChunks } from './worker/settled-chunks.ts';
import { retryJob } from './store/retry-job.ts';
import { SETTLE_QUEUE } from './store/settle-chunks.ts';
import { findStoredResults, type PartsInQuestion } from './store/stored-results.ts';
import { submitJob, type JobRequest } from './store/submit-job.ts';
import { listWorkers, type WorkerView } from './store/workers.ts';
import type { RunAlone } from './worker/alone.ts';
import { Worker, type WorkerOptions } from './worker/worker.ts';

export interface KernelOptions {
  readonly pool: Pool;
  readonly pipelines: readonly Pipeline[];
  readonly log: KernelLog;
  /** Default: the system's. A test drives one of its own. */
  readonly clock?: Clock;
  /** How works that were running in a crash are run. Default: in this process. */
  readonly runAlone?: RunAlone;
  /** What the providers of models allow, for all processes together. */
  readonly budgets?: BudgetOptions;
  /** Where files are. Absent: this process keeps none, and results stay in their rows whatever their size. */
  readonly files?: FileOptions;
  /** What one owner may have. */
  readonly limits?: LimitOptions;
  readonly retention?: RetentionOptions;
  /** What the caller counts in this process; a worker's counts travel to the servers with its own. */
  readonly counters?: KernelMetrics['counters'];
}

/** Who asks. An operator's calls carry `null` and see every job. */
export type OwnerId = number | null;

/** Durable jobs on one PostgreSQL database. */
export interface Kernel extends KernelArtifacts {
  readonly metrics: KernelMetrics;
  readonly credits: KernelCredits;
  start(): Promise<void>;
  /** Again: nothing more. */
  stop(): Promise<void>;
  /** One transaction with re-runs; for callers that write rows of their own together with a job. */
  transaction<T>(body: (tx: Tx) => Promise<T>): Promise<T>;
  /** Accepts a job in the caller's transaction. Accepted means never lost. */
  submit(tx: Tx, request: JobRequest): Promise<JobRow>;
  /** Which parts a job of this owner would find done. */
  storedResults(parts: PartsInQuestion): Promise<boolean[]>;
  /** Ends a job and aborts what only it wanted. Cancelling a cancelled job changes nothing. */
  cancel(jobId: number, ownerId: OwnerId, cancelledBy: number): Promise<JobRow>;
  /** The same inside a transaction of the caller's, which deletes what the job works on. */
  cancelIn(tx: Tx, jobId: number, cancelledBy: number): Promise<void>;
  /** A new job for what the ended one lacks. */
  retry(
    jobId: number,
    ownerId: OwnerId,
    options?: { replay?: boolean } & Pick<JobRequest, 'submission' | 'id' | 'credits'>,
  ): Promise<JobRow>;
  /** @throws JobNotFoundError */
  job(jobId: number, ownerId: OwnerId): Promise<JobView>;
  jobs(filter: JobFilter): Promise<JobRow[]>;
  /** Events after a number, for polls. */
  events(jobId: number, after: number, limit?: number): Promise<JobEvent[]>;
  /** Events as they come, until the last one. */
  follow(jobId: number, after: number, signal: AbortSignal): AsyncGenerator<JobEvent>;
  /** What the parts of a job came to so far, in order, large results included. @throws JobNotFoundError */
  results(jobId: number, ownerId: OwnerId): AsyncGenerator<SettledChunk<unknown>>;
  /** Deletes a document's jobs with all that only they refer to, in the transaction that deletes the document. */
  deleteJobs(tx: Tx, document: Document): Promise<number[]>;
  /** Deletes all that an owner has but the facts of the ledger, in the transaction that deletes the owner. */
  deleteOwner(tx: Tx, ownerId: number): Promise<void>;
  /** Deletes an owner's jobs that ended more than so many days ago, with all that only they refer to. */
  deleteHistory(ownerId: number, days: number): Promise<number>;
  /** How much there is to do, in the whole installation. */
  load(): Promise<Load>;
  /** How many follow a job's events in this process. */
  readers(): number;
  workers(): Promise<WorkerView[]>;
  worker(options: WorkerOptions): Worker;
}

/** Assembles the kernel for one process: a server, a worker, or both. */
export function createKernel(options: KernelOptions): Kernel {
  const { pool, log } = options;
  const clock = options.clock ?? systemClock;
  const metrics = createMetrics(options.counters);
  const notifier = new Notifier({ pool, clock, log });
  const leasePool = openLeasePool(pool, log);
  const resources: Resources = {
    pool,
    leasePool,
    log,
    clock,
    notifier,
    queue: openTaskQueue({ pool, log, ...(options.clock === undefined ? {} : { clock }) }),
    pipelines: createRegistry(options.pipelines),
    metrics,
    onRerun: countReruns(metrics, log),
    openBudget: openBudgets(prepared(pool), options.budgets ?? {}, options.log),
    files: options.files === undefined ? undefined : openKernelFiles(options.files),
    limits: options.limits ?? {},
    retention: options.retention ?? {},
    ...(options.runAlone === undefined ? {} : { runAlone: options.runAlone }),
  };
  const hub = new EventHub(resources);
  const reconciler = new Reconciler(resources);
  const sweeper = new Sweeper(resources);

  const transaction = <T>(body: (tx: Tx) => Promise<T>) =>
    inTransaction(pool, body, resources.onRerun);

  return {
    metrics,
    credits: createKernelCredits(resources),
    start: async () => {
      await resources.queue.start();
      await resources.queue.declare([
        SETTLE_QUEUE,
        ...options.pipelines.map((each) => queueName(each.name, each.recipeVersion)),
      ]);
      await notifier.start();
      hub.start();
      reconciler.start();
      sweeper.start();
    },
    stop: once(async () => {
      await sweeper.stop();
      await reconciler.stop();
      await hub.stop();
      await notifier.stop();
      await resources.queue.stop();
      await leasePool.end();
    }),
    transaction,
    submit: (tx, request) => submitJob(tx, resources, request),
    storedResults: (parts) => findStoredResults(pool, resources.pipelines, parts),
    cancel: (jobId, ownerId, cancelledBy) =>
      consentedOrGivenUp(resources, () =>
        transaction(async (tx) => {
          const job = await lockOwned(tx, jobId, ownerId);
          return job.status === 'cancelled' ? job : cancelJob(tx, resources, job, cancelledBy);
        }),
      ),
    cancelIn: (tx, jobId, cancelledBy) => cancelOpen(tx, resources, jobId, cancelledBy),
    retry: (jobId, ownerId, { replay = false, ...more } = {}) =>
      transaction(async (tx) =>
        retryJob(tx, resources, await lockOwned(tx, jobId, ownerId), { replay, ...more }),
      ),
    job: async (jobId, ownerId) => viewJob(pool, await owned(pool, jobId, ownerId)),
    jobs: (filter) => listJobs(pool, filter),
    events: (jobId, after, limit = 500) => readEvents(pool, jobId, after, limit),
    follow: (jobId, after, signal) => hub.follow(jobId, after, signal),
    results: (jobId, ownerId) => resultsOf(resources, jobId, ownerId),
    deleteJobs: (tx, document) => deleteJobs(tx, resources, document),
    deleteOwner: (tx, ownerId) => deleteOwner(tx, resources, ownerId),
    deleteHistory: (ownerId, days) => deleteHistory(resources, ownerId, days),
    ...createKernelArtifacts(resources, sweeper),
    load: () => readLoad(pool, [SETTLE_QUEUE, ...options.pipelines.map(({ name }) => name)]),
    readers: () => hub.readers(),
    workers: () => listWorkers(pool),
    worker: (workerOptions) => new Worker(resources, workerOptions),
  };
}

async function owned(db: Queryable, jobId: number, ownerId: OwnerId): Promise<JobRow> {
  const job = await findJob(db, jobId, ownerId);
  if (job === undefined) throw new JobNotFoundError(jobId);
  return job;
}

async function* resultsOf({ pool, files }: Resources, jobId: number, ownerId: OwnerId) {
  await owned(pool, jobId, ownerId);
  yield* readSettledChunks(pool, files, jobId);
}

async function lockOwned(tx: Tx, jobId: number, ownerId: OwnerId): Promise<JobRow> {
  const job = await lockJob(tx, jobId);
  if (job === undefined || (ownerId !== null && job.owner_id !== ownerId)) {
    throw new JobNotFoundError(jobId);
  }
  return job;
}

/** Whoever deletes what the job works on asks for no consent: neither its hook's nor of a job that has ended. */
async function cancelOpen(tx: Tx, resources: Resources, jobId: number, cancelledBy: number) {
  const job = await lockJob(tx, jobId);
  if (job === undefined || hasEnded(job)) return;
  await cancelJob(tx, resources, job, cancelledBy, { needsConsent: false });
}

function once(action: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => (result ??= action());
}
