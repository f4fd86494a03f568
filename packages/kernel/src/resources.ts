import type { Clock } from 'pg-boss';
import type { Pool } from 'pg';
import type { KernelFiles } from './artifacts/kernel-files.ts';
import type { RerunListener } from './db/transaction.ts';
import type { Notifier } from './events/notifier.ts';
import type { OpenBudget } from './limits/budgets.ts';
import type { KernelLog } from './log.ts';
import type { KernelMetrics } from './metrics.ts';
import type { PipelineRegistry } from './pipeline.ts';
import type { LimitOptions } from './store/admission.ts';
import type { RetentionOptions } from './store/retention.ts';
import type { RunAlone } from './worker/alone.ts';
import type { TaskQueue } from './queue/task-queue.ts';

/** What every part of the kernel shares. Made once a process by `createKernel`. */
export interface Resources {
  readonly pool: Pool;
  /**
   * For fetches, claims and heartbeats: its commits do not wait for the disk. If a crash of the database loses one, it
   * loses all that came later, too, so a claim never outlives its fetch, and a record, which does wait, keeps every
   * claim before it. What is lost is as if the worker had died: the work is delivered again.
   */
  readonly leasePool: Pool;
  readonly queue: TaskQueue;
  readonly notifier: Notifier;
  readonly pipelines: PipelineRegistry;
  readonly clock: Clock;
  readonly log: KernelLog;
  readonly metrics: KernelMetrics;
  /** Counts and logs a transaction that is run again. */
  readonly onRerun: RerunListener;
  readonly openBudget: OpenBudget;
  /** Undefined in a process without a place for files: results stay in their rows, whatever their size. */
  readonly files: KernelFiles | undefined;
  readonly limits: LimitOptions;
  readonly retention: RetentionOptions;
  /** How a suspect work is run in a process of its own. Absent: in this process, as in most tests. */
  readonly runAlone?: RunAlone;
}
