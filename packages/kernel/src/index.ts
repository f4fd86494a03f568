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
export { type Queryable, type Tx } from './db/transaction.ts';
export {
  JobNotFoundError,
  KernelError,
  StaleAttemptError,
  TransitionError,
  type Failure,
} from './errors.ts';
export { SlowReaderError } from './events/event-hub.ts';
export { isLastEvent, type JobEvent } from './events/event.ts';
export type { KernelLog } from './log.ts';
export type { PriorityClass } from './queue/priority.ts';
export { isTerminal, type JobStatus } from './states/transitions.ts';
export type { JobFilter, JobRow } from './store/job-row.ts';
export type { JobView } from './store/job-view.ts';
export type { JobRequest } from './store/submit-job.ts';
export type { WorkerView } from './store/workers.ts';
export { aloneInChild } from './worker/alone.ts';
export { serveAlone } from './worker/serve-alone.ts';
export type { Worker, WorkerOptions } from './worker/worker.ts';

/** Where the kernel's numbered migrations are. */
export const KERNEL_MIGRATIONS = new URL('../migrations/', import.meta.url);
