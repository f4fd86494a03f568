import type { ChildProcess } from 'node:child_process';
import { DocumentError } from '@scriptorium/documents';
import { refuseInTransaction } from '@scriptorium/kernel';
import { Turns } from '../turns.ts';
import { askParser, killParser, setIdle, startParser, type ParserAnswer } from './parser-child.ts';
import type { OnProgress, OptionsOf, Parsed, ParserName, ParseTask } from './parsers.ts';
import { parsingError } from './parsing.errors.ts';

export interface ParserOptions {
  /** Default: 60 s, ten times what the largest real book takes on a slow machine. */
  readonly timeoutMs?: number;
  /** Heap of a process, in MiB; as much again for WebAssembly. Default: 1,024. */
  readonly heapMiB?: number;
  /** How many files are parsed at the same time; more wait for their turn. Default: 2. */
  readonly processes?: number;
}

/** What a caller may add to a file. */
export interface ParseContext {
  /** Ends the parsing at once, also while it waits for its turn. */
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Instead of that of all files. */
  readonly timeoutMs?: number;
}

/** What an idle process may keep: one that a huge file has blown up would hold its memory for ever. */
const IDLE_BYTES = 400 * 2 ** 20;

/**
 * Parses files in processes of their own: a hostile or huge one may take its time or its memory, and the server goes on. (Rejected:
 * worker threads. One that runs out of memory sometimes takes the whole process with it: V8 gives up before Node can end the thread.)
 *
 * One idle process is kept, since starting one takes longer than parsing a book: 0.6 s against 0.3 s for 1 MB.
 */
export class ParserProcesses {
  readonly #timeoutMs: number;
  readonly #heapMiB: number;
  readonly #turns: Turns;
  #idle: ChildProcess | undefined;
  #isClosed = false;

  constructor({ timeoutMs = 60_000, heapMiB = 1024, processes = 2 }: ParserOptions = {}) {
    this.#timeoutMs = timeoutMs;
    this.#heapMiB = heapMiB;
    this.#turns = new Turns(processes);
  }

  /** Starts a process before the first file comes, and lets it practise. */
  start(...practise: readonly ParserName[]): void {
    this.#idle ??= this.#launch(practise);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#idle !== undefined) await killParser(this.#idle);
  }

  /**
   * Reads the file at a path with the parser of that name.
   *
   * @throws DocumentError for a file that cannot be read
   * @throws AppError `document.unreadable_in_time`, `document.unreadable_in_memory`
   * @throws the reason of the signal
   */
  async parse<Name extends ParserName>(
    parser: Name,
    { path, ...options }: { readonly path: string } & OptionsOf<Name>,
    { signal, onProgress = () => undefined, timeoutMs = this.#timeoutMs }: ParseContext = {},
  ): Promise<Parsed<Name>> {
    refuseInTransaction('read a file');
    await this.#turns.take(signal);
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const either = signal === undefined ? limit : AbortSignal.any([signal, limit]);
      const answer = await this.#ask<Parsed<Name>>({ parser, path, options }, either, onProgress);
      if (answer.kind === 'refusal') {
        throw new DocumentError(answer.code, answer.message, answer.details);
      }
      return answer.result;
    } catch (error) {
      throw limit.aborted && error === limit.reason ? tooSlow(timeoutMs) : error;
    } finally {
      this.#turns.give();
    }
  }

  async #ask<Result>(
    task: ParseTask,
    signal: AbortSignal,
    onProgress: OnProgress,
  ): Promise<ParserAnswer<Result>> {
    const child = this.#idle ?? this.#launch([]);
    this.#idle = undefined;
    setIdle(child, false);
    try {
      const answer = await askParser<Result>(child, task, signal, onProgress);
      this.#putBack(child, answer.residentBytes);
      return answer;
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  #putBack(child: ChildProcess, residentBytes: number): void {
    if (this.#isClosed || this.#idle !== undefined || residentBytes > IDLE_BYTES) {
      child.kill('SIGKILL');
      return;
    }
    setIdle(child, true);
    this.#idle = child;
  }

  #launch(practise: readonly ParserName[]): ChildProcess {
    const child = startParser(this.#heapMiB, practise);
    // One that ends while it has nothing to do is not used again. The next file starts another, and hears why.
    const forget = () => {
      if (this.#idle === child) this.#idle = undefined;
    };
    return child.on('exit', forget).on('error', forget);
  }
}

function tooSlow(timeoutMs: number) {
  return parsingError('document.unreadable_in_time', {
    detail: `The file could not be read within ${timeoutMs / 1000} seconds. Nothing was stored. Split it into parts, or hand in a smaller one.`,
    params: { seconds: timeoutMs / 1000 },
  });
}
