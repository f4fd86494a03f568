import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
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

/** What the process sends. */
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
  /** Heap of a process, in MiB. Default: 1,024. */
  readonly heapMiB?: number;
  /** How many files are parsed at the same time; more wait for their turn. Default: 2. */
  readonly processes?: number;
}

/**
 * Parses files in processes of their own: a hostile or huge one may take its time or its memory, and the server goes on. (Rejected:
 * worker threads. One that runs out of memory sometimes takes the whole process with it: V8 gives up before Node can end the thread.)
 *
 * One idle process is kept, since starting one takes longer than parsing a book: 0.6 s against 0.3 s for 1 MB.
 */
export class ParserProcesses {
  readonly #timeoutMs: number;
  readonly #heapMiB: number;
  #free: number;
  #idle: ChildProcess | undefined;
  readonly #waiting: (() => void)[] = [];
  #isClosed = false;

  constructor({ timeoutMs = 60_000, heapMiB = 1024, processes = 2 }: ParserOptions = {}) {
    this.#timeoutMs = timeoutMs;
    this.#heapMiB = heapMiB;
    this.#free = processes;
  }

  /** Starts a process before the first file comes, and lets it practise. */
  start(): void {
    this.#idle ??= this.#launch(WARM_UP);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const child = this.#idle;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
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
    const child = this.#idle ?? this.#launch();
    this.#idle = undefined;
    child.ref();
    child.channel?.ref();
    const limit = AbortSignal.timeout(this.#timeoutMs);
    try {
      const answer = await answerOf(child, task, limit);
      this.#putBack(child);
      return answer;
    } catch (error) {
      child.kill('SIGKILL');
      throw limit.aborted ? tooSlow(this.#timeoutMs) : error;
    }
  }

  #putBack(child: ChildProcess): void {
    if (this.#isClosed || this.#idle !== undefined) {
      child.kill('SIGKILL');
      return;
    }
    rest(child);
    this.#idle = child;
  }

  #launch(...parameters: readonly string[]): ChildProcess {
    const program = fileURLToPath(new URL('parser-process.ts', import.meta.url));
    const child = fork(program, parameters, {
      execArgv: [`--max-old-space-size=${this.#heapMiB}`],
      serialization: 'advanced',
      // No key and no address of the server's are of any use to it.
      env: {},
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    // One that ends while it has nothing to do is not used again. The next file starts another, and hears why.
    const forget = () => {
      if (this.#idle === child) this.#idle = undefined;
    };
    child.on('exit', forget).on('error', forget);
    rest(child);
    return child;
  }
}

/** An idle process does not keep the server from ending. */
function rest(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

/** @throws AppError `book.unreadable_in_memory`; the signal's reason; whatever else ends the process */
async function answerOf(
  child: ChildProcess,
  task: ParseTask,
  limit: AbortSignal,
): Promise<ParseAnswer> {
  const over = new AbortController();
  const signal = AbortSignal.any([limit, over.signal]);
  try {
    const heard: Promise<ParseAnswer[]> = once(child, 'message', { signal });
    const ended: Promise<unknown[]> = once(child, 'exit', { signal });
    child.send(task);
    const [answer] = await Promise.race([heard, ended.then(throwDeath)]);
    if (answer === undefined) throw new Error('The process of the parser answered nothing.');
    return answer;
  } finally {
    over.abort();
  }
}

/** V8 ends a process that is out of memory with SIGABRT. */
function throwDeath([code, signal]: readonly unknown[]): never {
  if (signal === 'SIGABRT' || code === 134) throw tooMuchMemory();
  throw new Error(`The process of the parser ended with ${String(signal ?? code)}.`);
}

function tooMuchMemory() {
  return bookError('book.unreadable_in_memory', {
    detail:
      'Reading the file takes more memory than one book may have here. Nothing was stored. Convert it with calibre, or split it into parts.',
  });
}

function tooSlow(timeoutMs: number) {
  return bookError('book.unreadable_in_time', {
    detail: `The file could not be read within ${timeoutMs / 1000} seconds. Nothing was stored. Convert it with calibre, or split it into parts.`,
  });
}
