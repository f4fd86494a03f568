import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';

/** The server's program. Only its path is known here: it is another process, never a module of this one. */
export const SERVER_PROGRAM = path.join(import.meta.dirname, '../../../server/src/main.ts');

/**
 * Runs the server's program in the foreground: its output is ours, signals are passed on, its exit code is returned. It ends when
 * this process does, however that ends.
 */
export function runServerProgram(command: 'start' | 'server' | 'worker'): Promise<number> {
  const child = spawn(process.execPath, [SERVER_PROGRAM, command], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]),
    );
  });
}
