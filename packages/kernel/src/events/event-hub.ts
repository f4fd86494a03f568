import type { ClockTimer } from 'pg-boss';
import { KernelError } from '../errors.ts';
import type { Resources } from '../resources.ts';
import { isLastEvent, type JobEvent } from './event.ts';
import { readEvents, readEventsOfMany } from './read-events.ts';

const MAX_BEHIND = 1000;
const POLL_MS = 1000;
const PAGE = 1000;

/** The reader did not take its events; it is dropped instead of filling the memory. */
export class SlowReaderError extends KernelError {
  constructor(jobId: number, seq: number) {
    super(
      'events.slow_reader',
      `You fell more than ${MAX_BEHIND} events behind. Reconnect with the last number you have seen.`,
      { jobId, seq },
    );
  }
}

interface Reader {
  readonly buffer: JobEvent[];
  failure: Error | undefined;
  wake: () => void;
}

interface Watch {
  readonly readers: Set<Reader>;
  /** The last number that all readers have been given; unknown until the first history was read. */
  last: number | undefined;
}

/**
 * The readers of event logs in this process.
 *
 * One cursor a watched job and one query a tick for all of them: another watcher of the same job costs
 * two short queries when it comes and none afterwards. Wake-ups make it fast; a poll once a second makes it certain.
 */
export class EventHub {
  readonly #resources: Pick<Resources, 'pool' | 'clock' | 'notifier' | 'log'>;
  readonly #watches = new Map<number, Watch>();
  #reading: Promise<void> | undefined;
  #isStale = false;
  #timer: ClockTimer;
  #stopListening: (() => void) | undefined;

  constructor(resources: Pick<Resources, 'pool' | 'clock' | 'notifier' | 'log'>) {
    this.#resources = resources;
  }

  start(): void {
    const { clock, notifier } = this.#resources;
    this.#stopListening = notifier.on('jobs', (names) => {
      if (names === undefined || names.some((name) => this.#watches.has(Number(name))))
        this.#tick();
    });
    this.#timer = clock.setInterval(() => this.#tick(), POLL_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer !== undefined) this.#resources.clock.clearInterval(this.#timer);
    this.#stopListening?.();
    this.#isStale = false;
    await this.#reading;
  }

  /** How many readers there are now. */
  readers(): number {
    return [...this.#watches.values()].reduce((sum, watch) => sum + watch.readers.size, 0);
  }

  /**
   * The events of a job after `after`, as they come; ends after the job's last one, or when `signal` is aborted.
   *
   * @throws SlowReaderError if the reader falls more than 1,000 events behind; it can resume from its last number
   */
  async *follow(jobId: number, after: number, signal: AbortSignal): AsyncGenerator<JobEvent> {
    // Joined before the history is read: what is written in between comes both ways and is told apart by its number.
    const reader = this.#join(jobId);
    const onAbort = () => reader.wake();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      let seen = after;
      for await (const event of this.#history(jobId, after)) {
        if (signal.aborted) return;
        seen = event.seq;
        yield event;
        if (isLastEvent(event)) return;
      }
      const last = await this.#lastOfOpenJob(jobId);
      if (last === undefined) {
        // It ended before the history was read, or between the two looks.
        yield* this.#history(jobId, seen);
        return;
      }
      this.#beginLive(jobId, Math.min(seen, last));
      while (!signal.aborted) {
        const event = reader.buffer.shift();
        if (event !== undefined && event.seq > seen) {
          seen = event.seq;
          yield event;
          if (isLastEvent(event)) return;
        } else if (event === undefined) {
          if (reader.failure !== undefined) throw reader.failure;
          await new Promise<void>((resolve) => {
            reader.wake = resolve;
          });
        }
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#leave(jobId, reader);
    }
  }

  async *#history(jobId: number, after: number): AsyncGenerator<JobEvent> {
    for (let seen = after; ;) {
      const page = await readEvents(this.#resources.pool, jobId, seen, PAGE);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      seen = last.seq;
    }
  }

  /** The number of its latest event; undefined if the job has ended, which its last event has told, or does not exist. */
  async #lastOfOpenJob(jobId: number): Promise<number | undefined> {
    const { rows } = await this.#resources.pool.query<{ last_seq: number }>(
      'SELECT last_seq FROM kernel.jobs WHERE id = $1 AND finished_at IS NULL',
      [jobId],
    );
    return rows[0]?.last_seq;
  }

  #join(jobId: number): Reader {
    const watch = this.#watches.get(jobId) ?? { readers: new Set(), last: undefined };
    this.#watches.set(jobId, watch);
    const reader: Reader = { buffer: [], failure: undefined, wake: () => {} };
    watch.readers.add(reader);
    return reader;
  }

  #beginLive(jobId: number, seen: number): void {
    const watch = this.#watches.get(jobId);
    if (watch !== undefined) watch.last ??= seen;
    this.#tick();
  }

  #leave(jobId: number, reader: Reader): void {
    const watch = this.#watches.get(jobId);
    watch?.readers.delete(reader);
    if (watch?.readers.size === 0) this.#watches.delete(jobId);
  }

  /** Never two reads at once; a wake-up during one leads to another. */
  #tick(): void {
    this.#isStale = true;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
      if (this.#isStale) this.#tick();
    });
  }

  async #readAll(): Promise<void> {
    this.#isStale = false;
    const cursors = new Map<number, number>();
    for (const [jobId, watch] of this.#watches) {
      if (watch.last !== undefined) cursors.set(jobId, watch.last);
    }
    if (cursors.size === 0) return;
    try {
      const events = await readEventsOfMany(this.#resources.pool, cursors, PAGE);
      for (const event of events) this.#deliver(event);
      if (events.length === PAGE) this.#isStale = true;
    } catch (error) {
      this.#resources.log.debug({ err: error }, 'Reading events failed; the next poll tries again');
    }
  }

  #deliver(event: JobEvent): void {
    const watch = this.#watches.get(event.jobId);
    if (watch === undefined || event.seq <= (watch.last ?? 0)) return;
    watch.last = event.seq;
    for (const reader of watch.readers) {
      if (reader.buffer.length >= MAX_BEHIND) {
        reader.failure = new SlowReaderError(event.jobId, event.seq);
        watch.readers.delete(reader);
      } else {
        reader.buffer.push(event);
      }
      reader.wake();
    }
  }
}
