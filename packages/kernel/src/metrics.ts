/** Counters of one process. The server exposes them; tests read them. */
export interface KernelMetrics {
  /** Writes of attempts that were no longer current: refused, by what they tried. */
  readonly staleWrites: Map<string, number>;
  /** Transactions that were run again after a deadlock or a lost connection. */
  transactionReruns: number;
  /** Attempts begun after the previous one's process had died. */
  recoveries: number;
  /** Finished attempts by `pipeline outcome`, with the seconds they took. */
  readonly attempts: Map<string, { count: number; seconds: number }>;
}

export function createMetrics(): KernelMetrics {
  return { staleWrites: new Map(), transactionReruns: 0, recoveries: 0, attempts: new Map() };
}

export function countStaleWrite(metrics: KernelMetrics, what: string): void {
  metrics.staleWrites.set(what, (metrics.staleWrites.get(what) ?? 0) + 1);
}

export function countAttempt(metrics: KernelMetrics, label: string, seconds: number): void {
  const entry = metrics.attempts.get(label) ?? { count: 0, seconds: 0 };
  metrics.attempts.set(label, { count: entry.count + 1, seconds: entry.seconds + seconds });
}
