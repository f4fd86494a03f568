import type { ClockTimer } from 'pg-boss';
import type { Resources } from '../resources.ts';
import { sweepDue, sweepRest, type Swept } from './sweep.ts';

const INTERVAL_MS = 60_000;
/** Due files go within a minute of their time; everything else within an hour. */
const ROUNDS_PER_HOUR = 60;

/** The one sweeper of a process: it alone removes files and what nothing refers to. Never two sweeps at once. */
export class Sweeper {
  readonly #resources: Resources;
  #timer: ClockTimer;
  #sweeping: Promise<void> | undefined;
  #round = 0;

  constructor(resources: Resources) {
    this.#resources = resources;
  }

  start(): void {
    this.#timer = this.#resources.clock.setInterval(() => this.#sweepOnce(), INTERVAL_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer !== undefined) this.#resources.clock.clearInterval(this.#timer);
    await this.#sweeping;
  }

  /** Everything, now. */
  async sweep(): Promise<Swept> {
    // Works and jobs that go make files due, which then go at once.
    const rest = await sweepRest(this.#resources);
    return { ...rest, artifacts: await sweepDue(this.#resources) };
  }

  #sweepOnce(): void {
    if (this.#sweeping !== undefined) return;
    const isHourly = this.#round % ROUNDS_PER_HOUR === 0;
    this.#round += 1;
    const sweep = isHourly ? this.sweep() : sweepDue(this.#resources);
    this.#sweeping = sweep
      .then(() => undefined)
      .catch((error: unknown) =>
        this.#resources.log.warn({ err: error }, 'A sweep failed; the next one follows'),
      )
      .finally(() => {
        this.#sweeping = undefined;
      });
  }
}
