import path from 'node:path';
import { runProgram, type Program } from '../../apps/server/src/testing-installation.ts';

/** What a process holds, after its garbage was collected. */
export interface Gauge {
  readonly heapBytes: number;
  /** Open files and sockets, /proc/self/fd. */
  readonly handles: number;
  readonly timers: number;
  readonly sockets: number;
  /** Of the process itself: signals, exit, rejections. */
  readonly listeners: number;
}

const MAIN = path.join(import.meta.dirname, '../../apps/server/src/main.ts');
const GAUGE = path.join(import.meta.dirname, 'gauge.ts');

/** Starts a server or a worker that tells what it holds when asked by {@link measure}. */
export function launch(
  role: 'server' | 'worker',
  cwd: string,
  environment: NodeJS.ProcessEnv,
): Program {
  return runProgram([process.execPath, '--expose-gc', '--import', GAUGE, MAIN, role], {
    cwd,
    environment,
  });
}

export async function measure(program: Program): Promise<Gauge> {
  const from = program.lines.length;
  program.process.kill('SIGUSR2');
  const [, json = ''] = await program.line(/^soak-gauge (\{.*\})$/u, from);
  return JSON.parse(json);
}
