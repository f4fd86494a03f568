import type { Clock } from 'pg-boss';
import type { Pool } from 'pg';
import type { Notifier } from './events/notifier.ts';
import type { OpenBudget } from './limits/budgets.ts';
import type { KernelLog } from './log.ts';
import type { KernelMetrics } from './metrics.ts';
import type { PipelineRegistry } from './pipeline.ts';
import type { RunAlone } from './worker/alone.ts';
import type { TaskQueue } from './queue/task-queue.ts';

/** What every part of the kernel shares. Made once a process by `createKernel`. */
export interface Resources {
  readonly pool: Pool;
  readonly queue: TaskQueue;
  readonly notifier: Notifier;
  readonly pipelines: PipelineRegistry;
  readonly clock: Clock;
  readonly log: KernelLog;
  readonly metrics: KernelMetrics;
  readonly openBudget: OpenBudget;
  /** How a suspect work is run in a process of its own. Absent: in this process, as in most tests. */
  readonly runAlone?: RunAlone;
}
