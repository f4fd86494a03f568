import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  DocumentError,
  type BookFormat,
  type DocumentErrorCode,
  type DocumentErrorDetails,
  type PageClass,
  type TocSource,
} from '@scriptorium/documents';
import { bookError } from '../books.errors.ts';
import type { StoredImage } from '../images.repo.ts';
import { WARM_UP } from './warm-up.ts';

/** A chapter as its row holds it. `content`, `notes` and `path` are JSON. */
export interface ParsedChapter {
  /** 1-based. */
  readonly number: number;
  readonly title: string;
  readonly path: string;
  readonly language: string | null;
  readonly content: string;
  readonly notes: string;
  readonly text: string;
  /** sha256 of `text`, hex. */
  readonly textHash: string;
  readonly words: number;
  readonly pageClass: PageClass;
  readonly pageClassReason: string;
}

/** A book as its row holds it. `authors`, `toc`, `cover` and `warnings` are JSON. */
export interface ParsedBook {
  readonly format: BookFormat;
  readonly title: string;
  readonly authors: string;
  readonly language: string | null;
  readonly toc: string;
  readonly tocSource: TocSource;
  readonly cover: string | null;
  readonly warnings: string;
  readonly chapters: readonly ParsedChapter[];
  readonly images: readonly StoredImage[];
}

export interface ParseTask {
  readonly path: string;
  readonly fileName: string;
  readonly maxBytes: number;
}

/** What the thread sends. */
export type ParseAnswer =
  | { readonly book: ParsedBook }
  | {
      readonly refusal: {
        readonly code: DocumentErrorCode;
        readonly message: string;
        readonly details: DocumentErrorDetails;
      };
    };

export interface ParserOptions {
  /** Default: 60 s, ten times what the largest real book takes on a slow machine. */
  readonly timeoutMs?: number;
  /** Heap of a thread, in MiB. Default: 1,024. */
  readonly heapMiB?: number;
  /** How many files are parsed at the same time; more wait for their turn. Default: 2. */
  readonly threads?: number;
}

/**
 * Parses files in threads: a hostile or huge one may take its time or its memory, and the server goes on.
 *
 * One idle thread is kept, since starting one takes longer than parsing a book: 0.6 s against 0.3 s for 1 MB.
 */
export class ParserThreads {
  readonly #timeoutMs: number;
  readonly #heapMiB: number;
  #free: number;
  #idle: Worker | undefined;
  readonly #waiting: (() => void)[] = [];
  #isClosed = false;

  constructor({ timeoutMs = 60_000, heapMiB = 1024, threads = 2 }: ParserOptions = {}) {
    this.#timeoutMs = timeoutMs;
    this.#heapMiB = heapMiB;
    this.#free = threads;
  }

  /** Starts a thread before the first file comes, and lets it practise. */
  start(): void {
    this.#idle ??= this.#launch(WARM_UP);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#idle?.terminate();
  }

  /**
   * @throws DocumentError for a file that cannot be read
   * @throws AppError `book.unreadable_in_time`, `book.unreadable_in_memory`
   */
  async parse(task: ParseTask): Promise<ParsedBook> {
    await this.#takeTurn();
    try {
      const answer = await this.#ask(task);
      if ('book' in answer) return answer.book;
      const { code, message, details } = answer.refusal;
      throw new DocumentError(code, message, details);
    } finally {
      this.#free += 1;
      this.#waiting.shift()?.();
    }
  }

  async #takeTurn(): Promise<void> {
    while (this.#free === 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#free -= 1;
  }

  async #ask(task: ParseTask): Promise<ParseAnswer> {
    const worker = this.#idle ?? this.#launch();
    this.#idle = undefined;
    worker.ref();
    const limit = AbortSignal.timeout(this.#timeoutMs);
    try {
      // Rejects when the thread dies, too.
      const heard: Promise<ParseAnswer[]> = once(worker, 'message', { signal: limit });
      worker.postMessage(task, []);
      const [answer] = await heard;
      if (answer === undefined) throw new Error('The thread of the parser answered nothing.');
      await this.#putBack(worker);
      return answer;
    } catch (error) {
      await worker.terminate();
      if (limit.aborted) throw tooSlow(this.#timeoutMs);
      throw isOutOfMemory(error) ? tooMuchMemory(error) : error;
    }
  }

  async #putBack(worker: Worker): Promise<void> {
    if (this.#isClosed || this.#idle !== undefined) {
      await worker.terminate();
      return;
    }
    worker.unref();
    this.#idle = worker;
  }

  #launch(workerData?: typeof WARM_UP): Worker {
    const worker = new Worker(new URL('parser-thread.ts', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: this.#heapMiB },
    });
    // One that dies while it has nothing to do must not take the server with it. The next file starts another, and hears why.
    worker.on('error', () => {
      if (this.#idle === worker) this.#idle = undefined;
    });
    worker.unref();
    return worker;
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function tooMuchMemory(cause: unknown) {
  return bookError('book.unreadable_in_memory', {
    detail:
      'Reading the file takes more memory than one book may have here. Nothing was stored. Convert it with calibre, or split it into parts.',
    cause,
  });
}

function tooSlow(timeoutMs: number) {
  return bookError('book.unreadable_in_time', {
    detail: `The file could not be read within ${timeoutMs / 1000} seconds. Nothing was stored. Convert it with calibre, or split it into parts.`,
  });
}
