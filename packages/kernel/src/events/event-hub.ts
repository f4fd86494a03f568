import type { ClockTimer } from 'pg-boss';
import { KernelError } from '../errors.ts';
import { countEvent } from '../metrics.ts';
import type { Resources } from '../resources.ts';
import { isLastEvent, type JobEvent } from './event.ts';
import { readEvents, readEventsOfMany } from './read-events.ts';

const MAX_BEHIND = 1000;
const POLL_MS = 1000;
const PAGE = 1000;
/** How many of a watched job's latest events are kept for those who come later. */
const KEPT = 1000;

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

/** A job that somebody watches. */
interface Watch {
  readonly readers: Set<Reader>;
  /** Settles once the log has been read up to now; the first reader reads it for all who come meanwhile. */
  opened: Promise<void> | undefined;
  /** The latest events without a gap, oldest first; those after `from`. */
  recent: JobEvent[];
  from: number;
  /** The number of the latest event that is known. */
  last: number;
  isOpen: boolean;
  isOver: boolean;
  /** Deleted: there will be no last event. */
  isGone: boolean;
}

type HubResources = Pick<Resources, 'pool' | 'clock' | 'notifier' | 'log' | 'metrics'>;

/**
 * The readers of event logs in this process.
 *
 * One cursor a watched job and one query a tick for all of them. The latest events of a watched job are kept, so one more
 * watcher of the same job costs no query at all. Wake-ups make it fast; a poll once a second makes it certain.
 */
export class EventHub {
  readonly #resources: HubResources;
  readonly #watches = new Map<number, Watch>();
  #reading: Promise<void> | undefined;
  #isStale = false;
  #mayBeGone = false;
  #timer: ClockTimer;
  #stopListening: (() => void) | undefined;

  constructor(resources: HubResources) {
    this.#resources = resources;
  }

  start(): void {
    const { clock, notifier } = this.#resources;
    this.#stopListening = notifier.on('jobs', (names) => {
      if (names === undefined || names.some((name) => this.#watches.has(Number(name))))
        this.#tick();
    });
    this.#timer = clock.setInterval(() => {
      this.#mayBeGone = true;
      this.#tick();
    }, POLL_MS);
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
   * The events of a job after `after`, as they come; ends after the job's last one, when the job is deleted, or when `signal` is
   * aborted.
   *
   * @throws SlowReaderError if the reader falls more than 1,000 events behind; it can resume from its last number
   */
  async *follow(jobId: number, after: number, signal: AbortSignal): AsyncGenerator<JobEvent> {
    // Joined before the log is read: what is written meanwhile comes both ways and is told apart by its number.
    const { watch, reader } = this.#join(jobId);
    const onAbort = () => reader.wake();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await this.#open(watch, jobId, after);
      let seen = after;
      for await (const event of this.#known(watch, jobId, after)) {
        if (signal.aborted) return;
        seen = event.seq;
        yield event;
        if (isLastEvent(event)) return;
      }
      // A job may have ended while this reader was at its history: what has come meanwhile is in the buffer.
      const isDone = () => (watch.isOver || watch.isGone) && reader.buffer.length === 0;
      while (!signal.aborted && !isDone()) {
        const event = await this.#nextOf(reader);
        if (event === undefined) continue;
        if (event.seq > seen) yield event;
        seen = Math.max(seen, event.seq);
        // Also for one that has named a number which the log never came to.
        if (isLastEvent(event)) return;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#leave(jobId, watch, reader);
    }
  }

  #join(jobId: number): { watch: Watch; reader: Reader } {
    const watch = this.#watches.get(jobId) ?? {
      readers: new Set(),
      opened: undefined,
      recent: [],
      from: 0,
      last: 0,
      isOpen: false,
      isOver: false,
      isGone: false,
    };
    this.#watches.set(jobId, watch);
    const reader: Reader = { buffer: [], failure: undefined, wake: () => {} };
    watch.readers.add(reader);
    return { watch, reader };
  }

  #leave(jobId: number, watch: Watch, reader: Reader): void {
    watch.readers.delete(reader);
    if (watch.readers.size === 0 && this.#watches.get(jobId) === watch) this.#watches.delete(jobId);
  }

  async #open(watch: Watch, jobId: number, after: number): Promise<void> {
    watch.opened ??= this.#readUpToNow(watch, jobId, after);
    await watch.opened;
  }

  async #readUpToNow(watch: Watch, jobId: number, after: number): Promise<void> {
    const { pool } = this.#resources;
    const { rows } = await pool.query<{ last_seq: number; is_over: boolean }>(
      'SELECT last_seq, finished_at IS NOT NULL AS is_over FROM kernel.jobs WHERE id = $1',
      [jobId],
    );
    const job = rows[0] ?? { last_seq: 0, is_over: true };
    // A reader may name a number that does not exist yet; the cursor must not, or others would miss what comes.
    watch.from = Math.max(Math.min(after, job.last_seq), job.last_seq - KEPT);
    watch.last = watch.from;
    watch.recent = await readEvents(pool, jobId, watch.from, KEPT);
    watch.last = watch.recent.at(-1)?.seq ?? watch.from;
    watch.isOver = job.is_over;
    watch.isOpen = true;
    this.#tick();
  }

  /**
   * What is known of the log after `after`; reads what is no longer kept. While somebody slow takes a page, more of the log may
   * cease to be kept: it is looked at anew after each.
   */
  async *#known(watch: Watch, jobId: number, after: number): AsyncGenerator<JobEvent> {
    let seen = after;
    while (seen < watch.from) {
      const page = await readEvents(this.#resources.pool, jobId, seen, PAGE);
      const last = page.at(-1);
      if (last === undefined) break;
      yield* page;
      seen = last.seq;
    }
    // A copy: events that arrive while this one is read come through the reader's buffer, too.
    for (const event of watch.recent.filter(({ seq }) => seq > seen)) yield event;
  }

  async #nextOf(reader: Reader): Promise<JobEvent | undefined> {
    const event = reader.buffer.shift();
    if (event !== undefined) return event;
    if (reader.failure !== undefined) throw reader.failure;
    await new Promise<void>((resolve) => {
      reader.wake = resolve;
    });
    return undefined;
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
      if (watch.isOpen && !watch.isOver) cursors.set(jobId, watch.last);
    }
    if (cursors.size === 0) return;
    try {
      const events = await readEventsOfMany(this.#resources.pool, cursors, PAGE);
      for (const event of events) this.#deliver(event);
      if (events.length === PAGE) this.#isStale = true;
      if (this.#mayBeGone) await this.#endDeleted([...cursors.keys()]);
    } catch (error) {
      this.#resources.log.debug({ err: error }, 'Reading events failed; the next poll tries again');
    }
  }

  /** Once a second: a deleted job has no last event, and its readers would wait for ever. */
  async #endDeleted(jobIds: readonly number[]): Promise<void> {
    this.#mayBeGone = false;
    const { rows } = await this.#resources.pool.query<{ id: number }>(
      'SELECT id FROM kernel.jobs WHERE id = ANY ($1)',
      [jobIds],
    );
    const present = new Set(rows.map((row) => row.id));
    for (const jobId of jobIds) {
      const watch = this.#watches.get(jobId);
      if (watch === undefined || present.has(jobId)) continue;
      watch.isOver = true;
      watch.isGone = true;
      for (const reader of watch.readers) reader.wake();
    }
  }

  #deliver(event: JobEvent): void {
    const watch = this.#watches.get(event.jobId);
    if (watch === undefined || !watch.isOpen || event.seq <= watch.last) return;
    const { clock, metrics } = this.#resources;
    countEvent(metrics, (clock.now() - event.at.getTime()) / 1000);
    watch.last = event.seq;
    watch.isOver = isLastEvent(event);
    watch.recent.push(event);
    if (watch.recent.length > KEPT) watch.from = watch.recent.shift()?.seq ?? watch.from;
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
