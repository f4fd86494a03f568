import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { isConnectionLoss } from '../db/transaction.ts';
import { toFailure } from '../errors.ts';
import { withFields } from '../log.ts';
import type { FetchedTask } from '../queue/task-queue.ts';
import type { Resources } from '../resources.ts';
import { attemptFields, attemptKey, type Claim } from '../store/claim-works.ts';
import { HookFailedError, noteHookFailure } from '../store/hooks.ts';
import type { Finished } from '../store/record.ts';
import { canSettle, putOffSettling, settleJobsWaitingFor } from '../store/settle-others.ts';
import { registerWorker, unregisterWorker } from '../store/workers.ts';
import { Dispatcher } from './dispatcher.ts';
import { Heartbeat } from './heartbeat.ts';
import { Recorder } from './recorder.ts';
import { runAttempt, type Attempt } from './run-attempt.ts';

export interface WorkerOptions {
  /** Shown to the operator. Default: host and process id. */
  readonly name?: string;
  /** How many works run at once, beside the one slot kept for waiting persons. */
  readonly slots: number;
}

/**
 * Each settlement holds a connection, and those of one job wait for one another: a fan-in of thousands of parts would leave none for
 * records and heartbeats.
 */
const SETTLING_AT_ONCE = 3;

const OUTAGE_PAUSE_MS = 1000;

/** A process's part of the work. Its id is new at every start, so a reused host name confuses nobody. */
export class Worker {
  readonly id = randomUUID();
  readonly #resources: Resources;
  readonly #options: WorkerOptions;
  readonly #running = new Map<string, Attempt>();
  readonly #settling = new Map<string, FetchedTask>();
  readonly #recorder: Recorder;
  readonly #dispatcher: Dispatcher;
  readonly #heartbeat: Heartbeat;
  readonly #freed = new WeakSet<Attempt>();
  #lastOwner: number | undefined;
  readonly #givenUp = Promise.withResolvers<void>();
  #hasGivenUp = false;
  #whenIdle: (() => void) | undefined;

  constructor(shared: Resources, options: WorkerOptions) {
    const resources = { ...shared, log: withFields(shared.log, { worker: this.id }) };
    this.#resources = resources;
    this.#options = options;
    this.#recorder = new Recorder(resources);
    this.#dispatcher = new Dispatcher(
      resources,
      {
        free: () => options.slots - this.#inGeneralSlots(),
        isReserveFree: () => this.#inSlots().every((attempt) => !attempt.isInReserve),
        crowdingOwners: () => this.#crowdingOwners(),
        run: (claim) => void this.#run(claim),
        freeToSettle: () => SETTLING_AT_ONCE - this.#settling.size,
        settle: (task) => void this.#settle(task),
      },
      this.id,
    );
    this.#heartbeat = new Heartbeat(resources, {
      workerId: this.id,
      running: this.#running,
      settling: this.#settling,
    });
  }

  async start(): Promise<void> {
    const { pool, log } = this.#resources;
    await registerWorker(pool, {
      id: this.id,
      name: this.#options.name ?? `${hostname()}-${process.pid}`,
      host: hostname(),
      pid: process.pid,
      slots: this.#options.slots,
    });
    this.#heartbeat.start();
    this.#dispatcher.start();
    log.info({ slots: this.#options.slots }, 'The worker is ready');
  }

  /**
   * Stops claiming, lets running works end for `graceMs`, gives back the rest: they are free for others at once
   * and nothing is counted against them.
   */
  async stop(graceMs: number): Promise<void> {
    const { clock, pool, log } = this.#resources;
    await this.#dispatcher.stop();
    if (!this.#isIdle()) {
      const idle = new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
      const timer = clock.setTimeout(() => {
        for (const attempt of this.#running.values()) attempt.giveBack();
        this.#hasGivenUp = true;
        this.#givenUp.resolve();
      }, graceMs);
      await idle;
      clock.clearTimeout(timer);
    }
    await this.#heartbeat.stop();
    await unregisterWorker(pool, this.id).catch((error: unknown) =>
      // Nothing hangs on this word: a worker that falls silent without it is taken for dead, and holds nothing any more.
      log.warn({ err: error, worker: this.id }, 'The worker could not say that it stops'),
    );
  }

  #isIdle(): boolean {
    return this.#running.size === 0 && this.#settling.size === 0;
  }

  #noteIdle(): void {
    if (this.#isIdle()) this.#whenIdle?.();
  }

  #inSlots(): Attempt[] {
    return [...this.#running.values()].filter((attempt) => !this.#freed.has(attempt));
  }

  /**
   * When its code has ended, an attempt needs its lease until it is recorded, but hardly a slot: the next one may begin
   * meanwhile. Not so for somebody who has few slots among others: where others wait, only the record puts their next task
   * into the queue, so their slot waits for it. Else a newcomer behind a flood would stand in line anew for every step.
   */
  #freeEarly(attempt: Attempt): void {
    const mine = [...this.#running.values()].filter(
      ({ claim }) => claim.ownerId === attempt.claim.ownerId,
    );
    if (mine.length * 2 < this.#options.slots) return;
    this.#freed.add(attempt);
    this.#dispatcher.wakeForRest();
  }

  #inGeneralSlots(): number {
    return this.#inSlots().filter((attempt) => !attempt.isInReserve).length;
  }

  #crowdingOwners(): number[] {
    const busy = this.#inSlots();
    // With one slot nobody holds any when it becomes free: whoever had it last stands back.
    if (busy.length === 0) return this.#lastOwner === undefined ? [] : [this.#lastOwner];
    const held = Map.groupBy(busy, (attempt) => attempt.claim.ownerId);
    return [...held]
      .filter(([, mine]) => mine.length * 2 >= this.#options.slots)
      .map(([owner]) => owner);
  }

  async #run(claim: Claim): Promise<void> {
    const isInReserve = this.#inGeneralSlots() >= this.#options.slots;
    const attempt = runAttempt(this.#resources, claim, { isInReserve });
    this.#running.set(attemptKey(claim), attempt);
    try {
      const finished = await attempt.finished;
      this.#lastOwner = claim.ownerId;
      this.#freeEarly(attempt);
      await this.#record(finished);
    } catch (error) {
      // Its lease runs out and the work is delivered again: nothing was recorded, nothing is lost.
      this.#resources.log.error(
        { err: error, ...attemptFields(claim) },
        'An attempt could not be recorded',
      );
    } finally {
      this.#running.delete(attemptKey(claim));
      this.#dispatcher.wakeForRest();
      this.#noteIdle();
    }
  }

  /**
   * A result that the database refuses (a NUL in a text, an error in a pipeline's own SQL) would be refused again at every
   * delivery, for ever. It is recorded as what it is: a failure.
   */
  async #record(finished: Finished): Promise<void> {
    try {
      await this.#recordWhenItIsBack(finished);
    } catch (error) {
      if (isConnectionLoss(error) || error instanceof HookFailedError) throw error;
      const failure = { code: 'work.not_recorded', message: toFailure(error, '').message };
      this.#resources.log.error(
        { err: error, ...attemptFields(finished.claim) },
        'A result was refused',
      );
      await this.#recordWhenItIsBack({ ...finished, ending: { kind: 'failed', error: failure } });
    }
  }

  /**
   * A result may have been paid for. It waits for the database as long as this process does, and for the hooks of its job until that is given
   * up; the fence decides whether it is late.
   */
  async #recordWhenItIsBack(finished: Finished): Promise<void> {
    for (;;) {
      try {
        await this.#recorder.record(finished);
        return;
      } catch (error) {
        const isHookFailure = error instanceof HookFailedError;
        if (isHookFailure) await noteHookFailure(this.#resources, error);
        if (!(isHookFailure || isConnectionLoss(error)) || this.#hasGivenUp) throw error;
        this.#resources.log.warn(
          { err: error, ...attemptFields(finished.claim) },
          isHookFailure
            ? 'A result is kept until its hooks consent or are given up'
            : 'A result is kept until the database is back',
        );
        const pause = new Promise<void>((resolve) => {
          this.#resources.clock.setTimeout(resolve, OUTAGE_PAUSE_MS);
        });
        await Promise.race([pause, this.#givenUp.promise]);
      }
    }
  }

  async #settle(task: FetchedTask): Promise<void> {
    if (this.#settling.has(task.id)) return;
    this.#settling.set(task.id, task);
    try {
      if (await canSettle(this.#resources, task.workId)) {
        await settleJobsWaitingFor(this.#resources, task.workId);
        await this.#resources.queue.complete(this.#resources.pool, [task]);
      } else {
        this.#dispatcher.leaveSettlingToOthers();
        await putOffSettling(this.#resources, task);
      }
    } catch (error) {
      const level = isConnectionLoss(error) ? 'warn' : 'error';
      this.#resources.log[level](
        { err: error, workId: task.workId, taskId: task.id },
        'Settling joined jobs failed; its task is delivered again',
      );
    } finally {
      this.#settling.delete(task.id);
      this.#dispatcher.wakeToSettle();
      this.#noteIdle();
    }
  }
}
