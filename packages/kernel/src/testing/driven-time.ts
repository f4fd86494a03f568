import { setImmediate } from 'node:timers/promises';
import type { Pool } from 'pg';
import { TestClock, type AttachableClock, type ClockTimer } from 'pg-boss';
import type { Wires } from './wires.ts';

/** Beats, polls and supervision all have a period of one second, so nothing can be skipped in a step. */
const STEP_MS = 1000;

/**
 * Time that a test drives, for all processes on one database together: their timers, and `pgboss.job_now()`, which every
 * statement of the kernel and of its queue reads.
 */
export class DrivenTime {
  readonly #clock = new TestClock();
  readonly #admin: Pool;
  readonly #wires: Wires[] = [];
  #attachment: Promise<AsyncDisposable> | undefined;

  /** @param admin a pool of the test's own: it must answer while a process is frozen */
  constructor(admin: Pool) {
    this.#admin = admin;
  }

  now(): Date {
    return new Date(this.#clock.now());
  }

  /**
   * A clock for one process, which can stand still while time goes on for the others.
   *
   * @param wires whose statements {@link settle} waits for
   * @param aheadSeconds how far its clock is before that of the database; negative: behind
   */
  processClock(wires: Wires, aheadSeconds = 0): ProcessClock {
    this.#wires.push(wires);
    return new ProcessClock(this.#clock, aheadSeconds * 1000, (schema) => this.#attach(schema));
  }

  /** Lets time pass, a second at a time, and lets every process do what it does in it. */
  async elapse(seconds: number): Promise<void> {
    await this.settle();
    let left = seconds * 1000;
    do {
      await this.#clock.tick(Math.min(STEP_MS, left));
      await this.settle();
      left -= STEP_MS;
    } while (left > 0);
  }

  /** Lets time pass as if everybody had slept: what was due meanwhile happens once. */
  async leap(seconds: number): Promise<void> {
    await this.settle();
    await this.#clock.setTime(this.#clock.now() + seconds * 1000);
    await this.elapse(0);
  }

  /** Resolves once no statement is under way in any process and none follows from the last ones. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet += 1) {
      await setImmediate();
      for (const wires of this.#wires) {
        if (!(await wires.isQuiet())) quiet = -1;
      }
    }
  }

  async close(): Promise<void> {
    const attachment = await this.#attachment;
    await attachment?.[Symbol.asyncDispose]();
  }

  /** Once a database and through the test's own pool: a frozen process must not hold up the time of the others. */
  async #attach(schema: string): Promise<AsyncDisposable> {
    const db = {
      executeSql: (text: string, values?: unknown[]) => this.#admin.query(text, values),
    };
    this.#attachment ??= this.#clock.attach({ db, schema });
    await this.#attachment;
    return { [Symbol.asyncDispose]: () => Promise.resolve() };
  }
}

/** What one process takes for the time. Frozen, none of its timers fires. */
export class ProcessClock implements AttachableClock {
  readonly #clock: TestClock;
  readonly #aheadMs: number;
  readonly #attach: (schema: string) => Promise<AsyncDisposable>;
  #isFrozen = false;

  constructor(
    clock: TestClock,
    aheadMs: number,
    attach: (schema: string) => Promise<AsyncDisposable>,
  ) {
    this.#clock = clock;
    this.#aheadMs = aheadMs;
    this.#attach = attach;
  }

  now(): number {
    return this.#clock.now() + this.#aheadMs;
  }

  setTimeout(fn: () => void, ms: number): ClockTimer {
    return this.#clock.setTimeout(this.#unlessFrozen(fn), ms);
  }

  clearTimeout(handle: ClockTimer): void {
    this.#clock.clearTimeout(handle);
  }

  setInterval(fn: () => void, ms: number): ClockTimer {
    return this.#clock.setInterval(this.#unlessFrozen(fn), ms);
  }

  clearInterval(handle: ClockTimer): void {
    this.#clock.clearInterval(handle);
  }

  attach({ schema }: { schema: string }): Promise<AsyncDisposable> {
    return this.#attach(schema);
  }

  freeze(): void {
    this.#isFrozen = true;
  }

  thaw(): void {
    this.#isFrozen = false;
  }

  #unlessFrozen(fn: () => void): () => void {
    return () => {
      if (!this.#isFrozen) fn();
    };
  }
}
