import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { KernelMetrics, WorkerMetrics } from '../metrics.ts';

const RESOLUTION_MS = 20;

/** Reports what this process has counted and how it is, for the servers to expose: a worker listens on no port. */
export interface MetricsReporter {
  report(): WorkerMetrics;
  stop(): void;
}

export function openMetricsReporter(metrics: KernelMetrics): MetricsReporter {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return {
    report: () => {
      // What is measured is the time between two timers; what is late is the rest.
      const loopDelaySeconds = Math.max(0, delay.percentile(99) / 1e9 - RESOLUTION_MS / 1000);
      delay.reset();
      return {
        staleWrites: Object.fromEntries(metrics.staleWrites),
        transactionReruns: metrics.transactionReruns,
        recoveries: metrics.recoveries,
        attempts: [...metrics.attempts.values()],
        counters: [...metrics.counters()],
        residentBytes: process.memoryUsage.rss(),
        loopDelaySeconds,
      };
    },
    stop: () => void delay.disable(),
  };
}
