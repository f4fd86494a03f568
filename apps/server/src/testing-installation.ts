import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const MAIN = path.join(import.meta.dirname, 'main.ts');

/** A folder that the database's user may pass, too. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'scriptorium-'));
  await chmod(folder, 0o755);
  return folder;
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

/** A running program, and everything that it and its children have written, line by line. */
export interface Program {
  readonly process: ChildProcess;
  readonly lines: readonly string[];
  /** The first line, from `from` on, that matches; rejects if the program ends without one. */
  line(pattern: RegExp, from?: number): Promise<RegExpExecArray>;
  /** The exit code, when the program and all that hold its output have ended. */
  readonly ended: Promise<number | null>;
  /** Sends the signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts a program with nothing of our environment but what Node needs. */
export function runProgram(
  command: readonly [string, ...string[]],
  options: { readonly cwd: string; readonly environment?: NodeJS.ProcessEnv },
): Program {
  const [file, ...parameters] = command;
  const child = spawn(file, parameters, {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'], HOME: options.cwd, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const ended = once(child, 'close').then(() => child.exitCode);
  let isClosed = false;
  let arrived = Promise.withResolvers<void>();
  const wake = () => {
    arrived.resolve();
    arrived = Promise.withResolvers();
  };
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (text) => {
      lines.push(text);
      wake();
    });
  }
  child.once('close', () => {
    isClosed = true;
    wake();
  });
  return {
    process: child,
    lines,
    line: async (pattern, from = 0) => {
      for (let next = from; ; next += 1) {
        while (next >= lines.length) {
          if (isClosed) throw new Error(`No line matches ${pattern}:\n${lines.join('\n')}`);
          await arrived.promise;
        }
        const match = pattern.exec(lines[next] ?? '');
        if (match !== null) return match;
      }
    },
    ended,
    end: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Starts an installation on a folder. */
export function startInstallation(cwd: string, environment: NodeJS.ProcessEnv = {}): Program {
  return runProgram([process.execPath, MAIN, 'start'], {
    cwd,
    environment: { PORT: '0', DRAIN_SECONDS: '1', LOG_FORMAT: 'json', ...environment },
  });
}

/** The address in the line that says that it is ready. */
export async function addressOf(installation: Program): Promise<string> {
  const [, address = ''] = await installation.line(/^Scriptorium is ready at (\S+)$/u);
  return address;
}

/** The process that runs `main.ts <role>` for this installation. */
export async function pidOf(installation: Program, role: 'server' | 'worker'): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  for (const row of stdout.split('\n')) {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/u.exec(row) ?? [];
    const isOurs = Number(parent) === installation.process.pid;
    if (isOurs && command.endsWith(`main.ts ${role}`)) return Number(pid);
  }
  throw new Error(`The installation has no ${role}`);
}
