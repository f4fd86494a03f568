import { setImmediate } from 'node:timers/promises';
import type { ClockTimer } from 'pg-boss';
import { prepared } from '../db/queryable.ts';
import { isConnectionLoss, rerunOnConflict } from '../db/transaction.ts';
import { leastWaitingPriority } from '../queue/priority.ts';
import { queueName, type FetchedTask, type FetchOptions } from '../queue/task-queue.ts';
import type { Resources } from '../resources.ts';
import { claimWorks, type Claim } from '../store/claim-works.ts';
import { urgent } from '../store/enqueue-works.ts';
import { SETTLE_QUEUE } from '../store/settle-chunks.ts';
import { PUT_OFF_MS } from '../store/settle-others.ts';
import { databaseNow } from '../store/sql.ts';

/** What the dispatcher hands its claims to, and asks for room. */
export interface Slots {
  /** General slots that are free. */
  free(): number;
  /** True while the slot kept for waiting persons is free. */
  isReserveFree(): boolean;
  /** Owners who hold at least half of the general slots. */
  crowdingOwners(): number[];
  run(claim: Claim): void;
  /** How many more settlements may be under way at once. */
  freeToSettle(): number;
  settle(task: FetchedTask): void;
}

const POLL_MS = 1000;

/** A queue with works that wait for a slot. */
interface QueueWithTasks {
  readonly name: string;
  /** Some of them of owners who do not crowd the others out. */
  readonly hasOthers: boolean;
}

/**
 * The one loop of a process that takes tasks from the queues: as many as there are free slots, claimed in one statement.
 *
 * Two passes make it fair: first without the owners who hold half of this process's slots already, then without that
 * condition, so a slot is never left empty for fairness' sake. One slot more than the general ones takes only
 * tasks for which a person waits.
 *
 * Fetch and claim are two transactions: the fetch locks queue rows and the claim locks works, while a cancel locks works
 * first; in one transaction they would deadlock.
 */
export class Dispatcher {
  readonly #resources: Resources;
  readonly #slots: Slots;
  readonly #workerId: string;
  readonly #queues: readonly string[];
  readonly #urgentNames: ReadonlySet<string>;
  readonly #names: ReadonlySet<string>;
  #isStopping = false;
  #isAwake = false;
  #mayBeUrgent = true;
  #maySettle = true;
  /** A task whose worker died is in its queue without a work that waits: only looking finds it. */
  #looksEverywhere = true;
  /** The last look has left nothing behind, and nobody has spoken of more since: of three looks between two parts two found nothing. */
  #isExhausted = false;
  /** By the clock of this process, in milliseconds. */
  #settlesFrom = 0;
  #round: Promise<void> | undefined;
  #timer: ClockTimer;
  #stopListening: (() => void) | undefined;

  constructor(resources: Resources, slots: Slots, workerId: string) {
    this.#resources = resources;
    this.#slots = slots;
    this.#workerId = workerId;
    this.#queues = resources.pipelines
      .all()
      .map((each) => queueName(each.name, each.recipeVersion));
    this.#urgentNames = new Set(this.#queues.map(urgent));
    this.#names = new Set([SETTLE_QUEUE, ...this.#queues, ...this.#urgentNames]);
  }

  start(): void {
    const { clock, notifier } = this.#resources;
    this.#stopListening = notifier.on('tasks', (names) => this.#hear(names));
    this.#timer = clock.setInterval(() => this.#hear(undefined), POLL_MS);
    this.#hear(undefined);
  }

  /** `undefined`: look everywhere. */
  #hear(names: readonly string[] | undefined): void {
    if (names === undefined) this.#looksEverywhere = true;
    if (names === undefined || names.includes(SETTLE_QUEUE)) this.#maySettle = true;
    if (names === undefined || names.some((name) => this.#urgentNames.has(name))) {
      this.#mayBeUrgent = true;
    }
    if (names === undefined || names.some((name) => this.#names.has(name))) this.#wake();
  }

  /** Stops claiming; resolves when no fetch is under way. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#timer !== undefined) this.#resources.clock.clearInterval(this.#timer);
    this.#stopListening?.();
    await this.#round;
  }

  /** The same for settlements: one has ended. */
  wakeToSettle(): void {
    this.#maySettle = true;
    this.#wake();
  }

  /**
   * For as long as it takes until what this process has put off has come back and every other process has looked: of two that look at the
   * same moments it might always be the first, and nobody who can settle it would ever get it.
   */
  leaveSettlingToOthers(): void {
    this.#settlesFrom = this.#resources.clock.now() + PUT_OFF_MS + 2 * POLL_MS;
  }

  /** A slot has become free: looks for what was left behind for want of one. */
  wakeForRest(): void {
    // Who is looking now may have asked for too few.
    if (this.#round !== undefined || !this.#isExhausted) this.#wake();
  }

  /** Looks for tasks now: one may have arrived. */
  #wake(): void {
    this.#isAwake = true;
    this.#isExhausted = false;
    if (!this.#isStopping) this.#round ??= this.#rounds();
  }

  async #rounds(): Promise<void> {
    // A turn later, so that everything which becomes free in this one is filled by the same fetch.
    await setImmediate();
    while (this.#isAwake && !this.#isStopping) {
      this.#isAwake = false;
      await this.#fetchRound().catch((error: unknown) => {
        this.#isExhausted = false;
        const level = isConnectionLoss(error) ? 'warn' : 'error';
        this.#resources.log[level]({ err: error }, 'Fetching tasks failed; the next look follows');
      });
    }
    this.#round = undefined;
  }

  async #fetchRound(): Promise<void> {
    const slots = this.#slots;
    const free = () => slots.free();
    const crowding = slots.crowdingOwners();
    // Before the look: what is spoken of while it lasts is to be looked for again.
    this.#isExhausted = true;
    const queued = await this.#queued(crowding);
    if (crowding.length > 0) {
      const ofOthers = queued.filter(({ hasOthers }) => hasOthers);
      await this.#fill(free, ofOthers, { ignoreOwners: crowding });
    }
    await this.#fill(free, queued, {});
    // Looked into only when something may be there: every look is a query between two others.
    if (this.#mayBeUrgent) {
      this.#mayBeUrgent = false;
      if (slots.isReserveFree()) await this.#fillReserve(queued);
    }
    if (this.#maySettle) await this.#fetchSettling();
  }

  async #fillReserve(queued: readonly QueueWithTasks[]): Promise<void> {
    const now = await databaseNow(this.#resources.leasePool);
    await this.#fill(() => (this.#slots.isReserveFree() ? 1 : 0), queued, {
      leastPriority: leastWaitingPriority(now),
    });
  }

  async #fetchSettling(): Promise<void> {
    const { queue, leasePool, clock } = this.#resources;
    const limit = this.#slots.freeToSettle();
    if (limit <= 0 || clock.now() < this.#settlesFrom) return;
    this.#maySettle = false;
    const tasks = await queue.fetch(leasePool, SETTLE_QUEUE, { limit });
    for (const task of tasks) this.#slots.settle(task);
  }

  async #fill(
    room: () => number,
    queued: readonly QueueWithTasks[],
    options: Omit<FetchOptions, 'limit'>,
  ): Promise<void> {
    const { queue, leasePool, metrics, onRerun, runAlone } = this.#resources;
    const hasChildren = runAlone !== undefined;
    for (const { name } of queued) {
      const limit = room();
      const tasks = limit > 0 ? await queue.fetch(leasePool, name, { ...options, limit }) : [];
      if (tasks.length >= limit) this.#isExhausted = false;
      if (limit <= 0) return;
      if (tasks.length === 0) continue;
      // Else a deadlock would leave the tasks, which nobody runs, to their leases: for ten seconds.
      const claims = await rerunOnConflict(
        () => claimWorks(prepared(leasePool), tasks, this.#workerId, { hasChildren }),
        onRerun,
      );
      metrics.recoveries += claims.filter((claim) => claim.isRecovery).length;
      await this.#dropUnclaimed(tasks, claims);
      for (const claim of claims) this.#slots.run(claim);
    }
  }

  /** A task that is no longer its work's current one has no purpose left. There may be others behind it. */
  async #dropUnclaimed(tasks: readonly FetchedTask[], claims: readonly Claim[]): Promise<void> {
    const claimed = new Set(claims.map((claim) => claim.taskId));
    const useless = tasks.filter((task) => !claimed.has(task.id));
    if (useless.length === 0) return;
    this.#isAwake = true;
    await this.#resources.queue.complete(this.#resources.leasePool, useless);
  }

  /**
   * Queues that somebody waits in, the most urgent task first, and every second all others behind them: one query, and none where
   * there is only one queue. A look into a queue without tasks costs as much as one into a queue with some, and there were
   * up to six between two parts of a job.
   */
  async #queued(crowding: readonly number[]): Promise<readonly QueueWithTasks[]> {
    if (this.#slots.free() <= 0) this.#isExhausted = false;
    if (this.#slots.free() <= 0 && !this.#slots.isReserveFree()) return [];
    if (this.#queues.length < 2) return this.#queues.map((name) => ({ name, hasOthers: true }));
    const { rows } = await this.#resources.leasePool.query<{
      pipeline: string;
      recipe_version: number;
      has_others: boolean;
    }>(
      `SELECT pipeline, recipe_version, bool_or(owner_id <> ALL ($1)) AS has_others
         FROM kernel.works
        WHERE status = 'queued'
        GROUP BY pipeline, recipe_version
        ORDER BY max(priority) DESC`,
      [crowding],
    );
    const queued = rows
      .map((row) => ({
        name: queueName(row.pipeline, row.recipe_version),
        hasOthers: row.has_others,
      }))
      .filter(({ name }) => this.#queues.includes(name));
    if (!this.#looksEverywhere) return queued;
    this.#looksEverywhere = false;
    const named = new Set(queued.map(({ name }) => name));
    const rest = this.#queues.filter((name) => !named.has(name));
    return [...queued, ...rest.map((name) => ({ name, hasOthers: true }))];
  }
}
