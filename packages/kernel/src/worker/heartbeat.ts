import type { ClockTimer } from 'pg-boss';
import { takeUsages, type Usage } from '../credits/usage.ts';
import { inTransaction } from '../db/transaction.ts';
import { countStaleWrite } from '../metrics.ts';
import type { FetchedTask } from '../queue/task-queue.ts';
import type { Resources } from '../resources.ts';
import { addUsage } from '../store/add-usage.ts';
import { beatJobs, beatWorks } from '../store/beat.ts';
import { attemptFields, attemptKey } from '../store/claim-works.ts';
import { expireJob } from '../store/expire-job.ts';
import { beatWorker } from '../store/workers.ts';
import { openMetricsReporter, type MetricsReporter } from './report-metrics.ts';
import type { Attempt } from './run-attempt.ts';

const BEAT_MS = 1000;
/** Counters are ten times as large as a beat, and nobody reads them more often. */
const BEATS_A_REPORT = 5;

/** What a process is at work on, as the heartbeat sees it. */
export interface AtWork {
  readonly workerId: string;
  readonly running: ReadonlyMap<string, Attempt>;
  readonly settling: ReadonlyMap<string, FetchedTask>;
}

/**
 * Once a second, for all running attempts of the process together: their leases, their progress, their jobs' heartbeat,
 * and a look at their fences. An attempt whose fence is closed is aborted: its job was cancelled, or its lease was lost.
 */
export class Heartbeat {
  readonly #resources: Resources;
  readonly #atWork: AtWork;
  #reporter: MetricsReporter | undefined;
  #used: Usage[] = [];
  #beats = 0;
  #timer: ClockTimer;
  #beating: Promise<void> | undefined;

  constructor(resources: Resources, atWork: AtWork) {
    this.#resources = resources;
    this.#atWork = atWork;
  }

  start(): void {
    this.#reporter = openMetricsReporter(this.#resources.metrics);
    this.#timer = this.#resources.clock.setInterval(() => this.#beatOnce(), BEAT_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer !== undefined) this.#resources.clock.clearInterval(this.#timer);
    await this.#beating;
    await this.#writeUsage();
    this.#reporter?.stop();
  }

  /** Never two at once: a slow database must not pile up beats. */
  #beatOnce(): void {
    this.#beating ??= this.#beat()
      .catch((error: unknown) =>
        this.#resources.log.warn({ err: error }, 'A heartbeat failed; the next one follows'),
      )
      .finally(() => {
        this.#beating = undefined;
      });
  }

  async #beat(): Promise<void> {
    const { queue, leasePool } = this.#resources;
    const alive = await this.#abortFenced();
    await queue.touch(leasePool, [
      ...alive.map(({ claim }) => ({
        id: claim.taskId,
        queue: claim.queue,
        delivery: claim.delivery,
      })),
      ...this.#atWork.settling.values(),
    ]);
    if (alive.length > 0) await this.#beatJobs(alive);
    await beatWorker(
      leasePool,
      this.#atWork.workerId,
      alive.map(({ claim, progress }) => ({
        workId: claim.workId,
        jobId: claim.jobId,
        ...(progress.step === undefined ? {} : { step: progress.step }),
      })),
      this.#beats % BEATS_A_REPORT === 0 ? this.#reporter?.report() : undefined,
    );
    this.#beats += 1;
    await this.#writeUsage();
  }

  async #abortFenced(): Promise<Attempt[]> {
    const { leasePool, metrics, log } = this.#resources;
    const attempts = [...this.#atWork.running.values()];
    if (attempts.length === 0) return attempts;
    const standing = await beatWorks(
      leasePool,
      attempts.map(({ claim, progress }) => ({
        workId: claim.workId,
        taskId: claim.taskId,
        delivery: claim.delivery,
        fraction: progress.fraction,
        step: progress.step,
      })),
    );
    for (const attempt of attempts) {
      // What has ended on its own is being recorded, and its record says what became of it.
      if (standing.has(attemptKey(attempt.claim)) || attempt.hasEnded()) continue;
      countStaleWrite(metrics, 'beat');
      log.info(attemptFields(attempt.claim), 'An attempt is aborted: its fence is closed');
      attempt.abandon();
    }
    return attempts.filter((attempt) => standing.has(attemptKey(attempt.claim)));
  }

  /** A process that dies loses what its attempts have used in its last second, and no more. What fails is written with the next beat. */
  async #writeUsage(): Promise<void> {
    for (const { claim, progress } of this.#atWork.running.values()) {
      this.#used.push(...takeUsages(progress.usage, claim));
    }
    if (this.#used.length === 0) return;
    const { pool, onRerun } = this.#resources;
    this.#used = await inTransaction(pool, (tx) => addUsage(tx, this.#used), onRerun);
  }

  async #beatJobs(alive: readonly Attempt[]): Promise<void> {
    const { pool, notifier, onRerun } = this.#resources;
    const works = alive.map(({ claim }) => claim.workId);
    const jobs = await inTransaction(pool, (tx) => beatJobs(tx, works), onRerun);
    for (const job of jobs) {
      if (job.has_moved) notifier.signal('jobs', String(job.id));
      if (job.is_over_hard) await expireJob(this.#resources, job.id, 'hard');
      else if (job.is_over_soft) await expireJob(this.#resources, job.id, 'soft');
    }
  }
}
