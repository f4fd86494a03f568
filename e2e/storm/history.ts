import {
  isTerminalEvent,
  isTerminalStatus,
  type ApiError,
  type JobStatus,
} from '@scriptorium/contract';
import type { Installation } from '../installation.ts';
import type { Choices } from '../../packages/testkit/src/choices.ts';
import type { SmallDisk } from './small-disk.ts';

/** What one reader of a job's log has seen, over all its connections. */
interface Reader {
  readonly jobId: number;
  last: number;
  progress: number;
  ended: JobStatus | undefined;
  /** Why its last connection came to nothing. */
  error: unknown;
}

/** Everything that was promised or shown, and every promise that was broken while it was shown. */
export interface History {
  /** Jobs that a server has accepted. */
  readonly accepted: ReadonlySet<number>;
  readonly breaches: readonly string[];
  /** Answers that there is no room. */
  readonly full: () => number;
  accept(jobId: number): void;
  /** An answer that is no success and no refusal: "later" and "no room" are allowed, a mistake of the server's never. */
  hear(error: ApiError): void;
  /** Reads a job's log to its end, hanging up now and then and going on where it was. */
  watch(jobId: number): void;
  /** The logs that are still being read, in words. */
  readonly reading: () => readonly string[];
  stop(): Promise<void>;
}

export interface HistoryOptions {
  readonly installation: Pick<Installation, 'client' | 'linesWith'>;
  readonly disk: Pick<SmallDisk, 'wasFull'>;
  readonly random: Choices;
}

const HANG_UP_AFTER_MS = 4000;
const NO_ROOM = 507;

export function recordHistory({ installation, disk, random }: HistoryOptions): History {
  const accepted = new Set<number>();
  const breaches: string[] = [];
  let full = 0;
  const stopping = new AbortController();
  const readers = new Map<number, { readonly reader: Reader; readonly ended: Promise<void> }>();

  const see = (reader: Reader, event: { seq: number; status: JobStatus; percent: number }) => {
    const { jobId, last, progress, ended } = reader;
    const { seq, status, percent } = event;
    if (seq !== last + 1) breaches.push(`job ${jobId}: event ${seq} came after ${last}`);
    if (percent < progress)
      breaches.push(`job ${jobId}: progress fell from ${progress} to ${percent}`);
    if (percent === 100 && status !== 'completed')
      breaches.push(`job ${jobId}: 100 % but ${status}`);
    if (ended !== undefined) breaches.push(`job ${jobId}: ${status} after it was ${ended}`);
    reader.last = seq;
    reader.progress = Math.max(progress, percent);
    if (isTerminalStatus(status)) reader.ended = status;
  };

  const readToEnd = async (reader: Reader) => {
    const { jobId } = reader;
    while (!stopping.signal.aborted && reader.ended === undefined) {
      const hangUp = AbortSignal.timeout(HANG_UP_AFTER_MS + random.below(HANG_UP_AFTER_MS));
      const signal = AbortSignal.any([stopping.signal, hangUp]);
      try {
        const client = await installation.client();
        for await (const event of client.events(jobId, { after: reader.last, signal })) {
          const { status, progress_percent: percent } = event.data;
          see(reader, { seq: event.seq, status, percent });
          if (isTerminalEvent(event)) break;
        }
      } catch (error) {
        // Hanging up and servers that are away are the weather of a storm; a job that is gone was deleted with its book.
        if (isGone(error)) return;
        reader.error = error;
      }
    }
  };

  return {
    accepted,
    breaches,
    full: () => full,
    accept: (jobId) => void accepted.add(jobId),
    hear: ({ status, code, message, problem }) => {
      if (status === NO_ROOM) full += 1;
      if (status === NO_ROOM && !disk.wasFull()) breaches.push(`${code}, and there was room`);
      if (status >= 500 && status !== NO_ROOM && status !== 503)
        breaches.push(`an answer had the status ${status}: ${message}`);
      if (code === 'server.error') {
        const id = problem.instance?.replace('urn:uuid:', '') ?? message;
        breaches.push(
          [`a server made a mistake: ${message}`, ...installation.linesWith(id)].join('\n'),
        );
      }
    },
    watch: (jobId) => {
      if (readers.has(jobId)) return;
      const reader: Reader = {
        jobId,
        last: 0,
        progress: 0,
        ended: undefined,
        error: undefined,
      };
      const ended = readToEnd(reader).finally(() => readers.delete(jobId));
      readers.set(jobId, { reader, ended });
    },
    reading: () =>
      [...readers.values()].map(
        ({ reader: { jobId, last, error } }) =>
          `job ${jobId} after event ${last}: ${String(error)}`,
      ),
    stop: async () => {
      stopping.abort();
      await Promise.all([...readers.values()].map(({ ended }) => ended));
    },
  };
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'job.not_found';
}
