import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { NovelResult, ResultFormat, ShortenedSentence } from '@scriptorium/contract';
import { Turns } from '../../../platform/turns.ts';
import type { ExportedFile, ExportSource } from './export.ts';

/** What a thread is sent: its sentences in slices, then all the rest, which asks for the file. */
export type ExportMessage =
  | { readonly kind: 'sentences'; readonly sentences: readonly ShortenedSentence[] }
  | {
      readonly kind: 'head';
      readonly format: ResultFormat;
      readonly author: string | null;
      readonly head: Omit<NovelResult, 'sentences'>;
    };

const PROGRAM = new URL('export-thread.ts', import.meta.url);
/** Copied to the thread within a few milliseconds, after which other requests have their turn. */
const SLICE = 500;
const AT_ONCE = 2;

/**
 * Makes files of results in threads of their own. Of 20,000 sentences, the longest delay of the event loop was 695 ms for a workbook
 * and 206 ms for a CSV file when they were made here, and is 12 and 11 ms now.
 * (Rejected: the processes that parse uploads. What is written here is our own and as large as a novel may be, so it needs no
 * process that may die, and uploads would wait for downloads.)
 */
export class ExportThreads {
  readonly #turns = new Turns(AT_ONCE);
  #idle: Worker | undefined;
  #isClosed = false;
  #running = 0;

  /** How many files are being made now. */
  get running(): number {
    return this.#running;
  }

  /**
   * Writes a result in a format; the work ends with the signal.
   *
   * @throws the reason of the signal
   */
  async make(
    format: ResultFormat,
    source: ExportSource,
    signal?: AbortSignal,
  ): Promise<ExportedFile> {
    await this.#turns.take(signal);
    this.#running += 1;
    const thread = this.#idle ?? this.#launch();
    this.#idle = undefined;
    thread.ref();
    try {
      const file = await ask(thread, format, source, signal);
      this.#putBack(thread);
      return file;
    } catch (error) {
      await thread.terminate();
      signal?.throwIfAborted();
      throw error;
    } finally {
      this.#running -= 1;
      this.#turns.give();
    }
  }

  #launch(): Worker {
    const thread = new Worker(PROGRAM, { execArgv: [], env: {} });
    // One that ends while it has nothing to do is not used again.
    return thread.on('error', () => {
      if (this.#idle === thread) this.#idle = undefined;
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#idle?.terminate();
  }

  /** One is kept, which has loaded its code. */
  #putBack(thread: Worker): void {
    if (this.#isClosed || this.#idle !== undefined) return void thread.terminate();
    thread.unref();
    this.#idle = thread;
  }
}

async function ask(
  thread: Worker,
  format: ResultFormat,
  source: ExportSource,
  signal: AbortSignal | undefined,
): Promise<ExportedFile> {
  const failed = new AbortController();
  const either = signal === undefined ? failed.signal : AbortSignal.any([failed.signal, signal]);
  try {
    const answered = once(thread, 'message', { signal: either });
    const [[file]] = await Promise.all([answered, tell(thread, format, source, either)]);
    return file;
  } finally {
    failed.abort();
  }
}

async function tell(
  thread: Worker,
  format: ResultFormat,
  { result, author }: ExportSource,
  signal: AbortSignal,
): Promise<void> {
  const { sentences, ...head } = result;
  for (let from = 0; from < sentences.length; from += SLICE) {
    say(thread, { kind: 'sentences', sentences: sentences.slice(from, from + SLICE) });
    await setImmediate(undefined, { signal });
  }
  say(thread, { kind: 'head', format, author, head });
}

function say(thread: Worker, message: ExportMessage): void {
  thread.postMessage(message, []);
}
