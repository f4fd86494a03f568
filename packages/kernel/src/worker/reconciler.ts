import type { ClockTimer } from 'pg-boss';
import type { Resources } from '../resources.ts';
import { reconcile } from '../store/reconcile.ts';

const INTERVAL_MS = 30_000;

/** Looks every half minute for open things without a live task. Never two looks at once in a process. */
export class Reconciler {
  readonly #resources: Resources;
  #timer: ClockTimer;
  #looking: Promise<void> | undefined;

  constructor(resources: Resources) {
    this.#resources = resources;
  }

  start(): void {
    this.#timer = this.#resources.clock.setInterval(() => this.#look(), INTERVAL_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer !== undefined) this.#resources.clock.clearInterval(this.#timer);
    await this.#looking;
  }

  #look(): void {
    this.#looking ??= reconcile(this.#resources)
      .catch((error: unknown) =>
        this.#resources.log.warn({ err: error }, 'Reconciling failed; it is tried again'),
      )
      .finally(() => {
        this.#looking = undefined;
      });
  }
}
