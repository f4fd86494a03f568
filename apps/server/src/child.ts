import { fork } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import type { StopMessage } from './stop-request.ts';
import type { Running } from './supervise.ts';

/** The processes that `start` runs. */
export type ChildRole = 'server' | 'worker';

const readySchema = z.object({
  type: z.literal('ready'),
  port: z.int().optional(),
  claimLink: z.string().optional(),
});

/**
 * What a child tells when it does its work; the server adds the port that it listens on, and the one-time link as long as
 * there is no owner.
 */
export type ReadyMessage = z.infer<typeof readySchema>;

/** Tells the parent, if there is one. */
export function tellReady(message: Omit<ReadyMessage, 'type'> = {}): void {
  process.send?.({ type: 'ready', ...message } satisfies ReadyMessage);
}

/** A child ended before it was ready. It has said why on standard error. */
export class ChildFailedError extends Error {
  readonly code = 'start.child_failed';
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;

  constructor(role: ChildRole, how: string, exitCode: number | null) {
    const reason = exitCode === null ? '' : '; it says why above';
    super(`The ${role} could not be started (${how})${reason}.`);
    this.name = 'ChildFailedError';
    this.exitCode = exitCode;
  }
}

export interface ChildOptions {
  readonly role: ChildRole;
  readonly environment: NodeJS.ProcessEnv;
  /** How long a stop in good order may take before the process is killed. */
  readonly patienceMs: number;
  readonly onReady?: (message: ReadyMessage) => void;
}

/** How long a process that was asked to hurry may still take. */
const HURRY_MS = 5_000;

/**
 * Options of Node. A worker makes much garbage and keeps little of it. With a young generation of 8 MiB in place of 16, and no collection of the
 * old one below 96, the peak of a novel is 230 MB; V8's own choices made it 349. With 4 MiB and a collection every four
 * seconds it was 190, but each stopped a worker on two cores for 30 to 50 ms, most often where parts end together.
 */
const NODE_OPTIONS: Readonly<Record<ChildRole, readonly string[]>> = {
  server: [],
  worker: ['--max-semi-space-size=8', '--initial-old-space-size=96'],
};

/**
 * Starts a process of this program. Its output goes to our standard error, so that standard output holds nothing but what
 * `start` tells people.
 */
export function launchChild(options: ChildOptions): Running {
  const { role, environment, patienceMs, onReady } = options;
  const child = fork(path.join(import.meta.dirname, 'main.ts'), [role], {
    env: environment,
    execArgv: [...process.execArgv, ...NODE_OPTIONS[role]],
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  let deadline: NodeJS.Timeout | undefined;
  const ask = (message: StopMessage, patience: number) => {
    clearTimeout(deadline);
    if (child.exitCode !== null || child.signalCode !== null) return;
    // A channel that closes meanwhile belongs to a process that is ending anyway.
    if (child.connected) child.send(message, () => {});
    deadline = setTimeout(() => child.kill('SIGKILL'), patience);
  };

  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(describeEnd(code, signal)));
    child.once('error', (error) => resolve(error.message));
  });
  void ended.then(() => clearTimeout(deadline));
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (raw) => {
      onReady?.(readySchema.parse(raw));
      resolve();
    });
    void ended.then((how) => reject(new ChildFailedError(role, how, child.exitCode)));
  });

  return {
    ready,
    ended,
    stop: () => ask('stop', patienceMs),
    hurry: () => ask('hurry', HURRY_MS),
  };
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exit code ${String(code)}` : `ended by ${signal}`;
}
