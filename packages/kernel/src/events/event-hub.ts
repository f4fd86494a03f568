import type { ClockTimer } from 'pg-boss';
import { KernelError } from '../errors.ts';
import type { Resources } from '../resources.ts';
import { isLastEvent, type JobEvent } from './event.ts';
import { readEvents, readEventsOfMany } from './read-events.ts';

/** Readers of event logs in this process. */
export interface EventHub {
  start(): void;
  stop(): void;
  /**
   * The events of a job after `after`, as they come; ends after the job's last one, or when `signal` is aborted.
   *
   * @throws SlowReaderError if the reader falls more than 1,000 events behind; it can resume from its last number
   */
  follow(jobId: number, after: number, signal: AbortSignal): AsyncGenerator<JobEvent>;
  /** How many readers there are now. */
  readers(): number;
}

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

const MAX_BEHIND = 1000;
const POLL_MS = 1000;
const PAGE = 1000;

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
 * One cursor a watched job and one query a tick for all of them: another watcher of the same job costs one
 * query when it comes and none afterwards. Wake-ups make it fast; a poll once a second makes it certain.
 */
export function createEventHub({
  pool,
  clock,
  notifier,
  log,
}: Pick<Resources, 'pool' | 'clock' | 'notifier' | 'log'>): EventHub {
  const watches = new Map<number, Watch>();
  let reading: Promise<void> | undefined;
  let isStale = false;
  let timer: ClockTimer | undefined;
  let stopListening: (() => void) | undefined;

  const tick = () => {
    isStale = true;
    reading ??= readAll().finally(() => {
      reading = undefined;
      if (isStale) tick();
    });
  };

  const readAll = async () => {
    isStale = false;
    const cursors = new Map<number, number>();
    for (const [jobId, watch] of watches) {
      if (watch.last !== undefined) cursors.set(jobId, watch.last);
    }
    if (cursors.size === 0) return;
    try {
      const events = await readEventsOfMany(pool, cursors, PAGE);
      for (const event of events) deliver(event);
      if (events.length === PAGE) isStale = true;
    } catch (error) {
      log.debug({ err: error }, 'Reading events failed; the next poll tries again');
    }
  };

  const deliver = (event: JobEvent) => {
    const watch = watches.get(event.jobId);
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
  };

  const join = (jobId: number): Reader => {
    const watch = watches.get(jobId) ?? { readers: new Set(), last: undefined };
    watches.set(jobId, watch);
    const reader: Reader = { buffer: [], failure: undefined, wake: () => {} };
    watch.readers.add(reader);
    return reader;
  };

  const leave = (jobId: number, reader: Reader) => {
    const watch = watches.get(jobId);
    watch?.readers.delete(reader);
    if (watch?.readers.size === 0) watches.delete(jobId);
  };

  async function* follow(jobId: number, after: number, signal: AbortSignal) {
    // Joined before the history is read: what is written in between comes both ways and is told apart by its number.
    const reader = join(jobId);
    const onAbort = () => reader.wake();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      let seen = after;
      for (;;) {
        const page = await readEvents(pool, jobId, seen, PAGE);
        for (const event of page) {
          if (signal.aborted) return;
          seen = event.seq;
          yield event;
          if (isLastEvent(event)) return;
        }
        if (page.length < PAGE) break;
      }
      if (await hasEndedBefore(jobId, seen)) return;
      const watch = watches.get(jobId);
      if (watch !== undefined) watch.last ??= seen;
      tick();
      while (!signal.aborted) {
        const event = reader.buffer.shift();
        if (event === undefined) {
          if (reader.failure !== undefined) throw reader.failure;
          await new Promise<void>((resolve) => {
            reader.wake = resolve;
          });
        } else if (event.seq > seen) {
          seen = event.seq;
          yield event;
          if (isLastEvent(event)) return;
        }
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      leave(jobId, reader);
    }
  }

  const hasEndedBefore = async (jobId: number, seen: number): Promise<boolean> => {
    const { rows } = await pool.query<{ ended: boolean }>(
      'SELECT finished_at IS NOT NULL AND last_seq <= $2 AS ended FROM kernel.jobs WHERE id = $1',
      [jobId, seen],
    );
    return rows[0]?.ended ?? true;
  };

  return {
    follow,
    readers: () => [...watches.values()].reduce((sum, watch) => sum + watch.readers.size, 0),
    start: () => {
      stopListening = notifier.on('jobs', (names) => {
        if (names === undefined || names.some((name) => watches.has(Number(name)))) tick();
      });
      timer = clock.setInterval(tick, POLL_MS);
    },
    stop: () => {
      if (timer !== undefined) clock.clearInterval(timer);
      stopListening?.();
    },
  };
}
