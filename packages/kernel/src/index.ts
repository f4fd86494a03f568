export { createKernel, type Kernel, type KernelOptions, type OwnerId } from './kernel.ts';
export {
  definePipeline,
  done,
  failed,
  retryAfter,
  type Gap,
  type Outcome,
  type Pipeline,
  type PipelineDefinition,
  type SettledChunk,
  type WorkContext,
} from './pipeline.ts';
export type { Budget, BudgetOptions, Grant, Refusal } from './limits/budgets.ts';
export { ConfirmationError, InsufficientCreditError } from './credits/errors.ts';
export type { Hold, Reservation } from './credits/holds.ts';
export type { KernelCredits } from './credits/kernel-credits.ts';
export type { CreditBalance, CreditGrant } from './credits/ledger.ts';
export { priceOf, toCredits, toMillicredits, type Millicredits } from './credits/millicredits.ts';
export type { CreditEntry, EntryPage, ModelReceipt, Receipt } from './credits/statement.ts';
export type { ModelUse } from './credits/usage.ts';
export type { WorkArtifacts } from './artifacts/attempt-files.ts';
export { BlobNotFoundError, type BlobStore } from './artifacts/blob-store.ts';
export { DiskFullError } from './artifacts/disk-full.ts';
export { openDiskStore } from './artifacts/disk-store.ts';
export type { FileOptions } from './artifacts/kernel-files.ts';
export { ArtifactNotFoundError, type OpenArtifact } from './artifacts/open-artifact.ts';
export type { Keeping, ReceivedFile, Upload } from './artifacts/receive-file.ts';
export { prepared, type Queryable } from './db/queryable.ts';
export { isTransient, refuseInTransaction, type Tx } from './db/transaction.ts';
export {
  JobNotFoundError,
  KernelError,
  OpenTransactionError,
  StaleAttemptError,
  TransitionError,
  type Failure,
} from './errors.ts';
export { SlowReaderError } from './events/event-hub.ts';
export { isLastEvent, type JobEvent } from './events/event.ts';
export type { KernelLog } from './log.ts';
export {
  type Counter,
  ATTEMPT_BOUNDS,
  EVENT_LAG_BOUNDS,
  type Histogram,
  type KernelMetrics,
  type WorkerMetrics,
} from './metrics.ts';
export type { PriorityClass } from './queue/priority.ts';
export { isTerminal, type JobStatus } from './states/transitions.ts';
export type { Limit, LimitOptions } from './store/admission.ts';
export type { JobFilter, JobRow } from './store/job-row.ts';
export type { JobView } from './store/job-view.ts';
export type { Load } from './store/load.ts';
export type { Document } from './store/retention-delete-jobs.ts';
export type { RetentionOptions } from './store/retention.ts';
export type { JobRequest } from './store/submit-job.ts';
export type { WorkerView } from './store/workers.ts';
export { aloneInChild } from './worker/alone.ts';
export { serveAlone } from './worker/serve-alone.ts';
export type { Worker, WorkerOptions } from './worker/worker.ts';

/** Where the kernel's numbered migrations are. */
export const KERNEL_MIGRATIONS = new URL('../migrations/', import.meta.url);
