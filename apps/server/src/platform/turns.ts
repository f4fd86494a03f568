/** So many may work at the same time; whoever comes then waits for a turn, in the order of coming. */
export class Turns {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(places: number) {
    this.#free = places;
  }

  /**
   * Resolves when it is the caller's turn, who gives it back by {@link give}.
   *
   * @throws the reason of the signal
   */
  async take(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    while (this.#free === 0) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const abort = () => reject(signal?.reason);
      signal?.addEventListener('abort', abort);
      this.#waiting.add(resolve);
      try {
        await promise;
      } finally {
        this.#waiting.delete(resolve);
        signal?.removeEventListener('abort', abort);
      }
    }
    this.#free -= 1;
  }

  give(): void {
    this.#free += 1;
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next);
    next();
  }
}
