import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parsingError } from './parsing.errors.ts';
import type { OnProgress, ParserMessage, ParserName, ParseTask } from './parsers.ts';

/** How a task ended. */
export type ParserAnswer<Result> = Exclude<ParserMessage<Result>, { readonly kind: 'progress' }>;

const PROGRAM = fileURLToPath(new URL('parser-process.ts', import.meta.url));
const PAGES_PER_MIB = 16;
/** MiB. A book fills the default of 16 twice over, which makes nothing faster: 101 MB instead of 123 for a long novel. */
const YOUNG_GENERATION_MIB = 4;
/** Where this process keeps compiled code, or would. */
const { directory: COMPILE_CACHE } = enableCompileCache();

/** Starts a process that may have so much memory, and that practises with these parsers until it is asked. */
export function startParser(heapMiB: number, practise: readonly ParserName[]): ChildProcess {
  const child = fork(PROGRAM, [...practise], {
    // The memory of WebAssembly is not in the heap.
    execArgv: [
      `--max-old-space-size=${heapMiB}`,
      `--max-semi-space-size=${YOUNG_GENERATION_MIB}`,
      `--wasm-max-mem-pages=${heapMiB * PAGES_PER_MIB}`,
    ],
    serialization: 'advanced',
    // No key and no address of the server's are of any use to it. The cache is asked for here and not by a call in its code, by
    // which time its first files have been compiled: 25 MB and some 0.2 s.
    env: COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE: COMPILE_CACHE },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  setIdle(child, true);
  return child;
}

/** An idle process does not keep the server from ending. */
export function setIdle(child: ChildProcess, isIdle: boolean): void {
  if (isIdle) {
    child.unref();
    child.channel?.unref();
  } else {
    child.ref();
    child.channel?.ref();
  }
}

export async function killParser(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/**
 * `Result` is what the parser named in the task returns: the process has run this very one.
 *
 * @throws AppError `document.unreadable_in_memory`; the signal's reason; whatever else ends the process
 */
export async function askParser<Result>(
  child: ChildProcess,
  task: ParseTask,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<ParserAnswer<Result>> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<ParserAnswer<Result>>();
  const hear = (message: ParserMessage<Result>) => {
    if (message.kind === 'progress') onProgress(message.done, message.total);
    else resolve(message);
  };
  const fail = (code: number | null, end: NodeJS.Signals | null) => reject(deathError(code, end));
  const abort = () => reject(signal.reason);
  child.on('message', hear).on('exit', fail).on('error', reject);
  signal.addEventListener('abort', abort);
  try {
    child.send(task);
    return await promise;
  } finally {
    child.off('message', hear).off('exit', fail).off('error', reject);
    signal.removeEventListener('abort', abort);
  }
}

/** V8 ends a process that is out of memory with SIGABRT. */
function deathError(code: number | null, signal: NodeJS.Signals | null): Error {
  if (signal === 'SIGABRT' || code === 134) {
    return parsingError('document.unreadable_in_memory', {
      detail:
        'Reading the file takes more memory than one file may have here. Nothing was stored. Split it into parts, or hand in a smaller one.',
    });
  }
  return new Error(`The process of the parser ended with ${signal ?? code}.`);
}
