import { fork } from 'node:child_process';
import { z } from 'zod';
import { putFileSchema, type PutFile } from '../artifacts/attempt-files.ts';
import type { Use } from '../credits/usage.ts';
import { KernelError } from '../errors.ts';
import type { Outcome } from '../pipeline.ts';
import type { Claim } from '../store/claim-works.ts';

/** The child process of a suspect work died: how, in words. */
export class ChildCrashError extends KernelError {
  constructor(code: number | null, signal: NodeJS.Signals | null) {
    super(
      'work.crashed',
      signal === null
        ? `Its process ended with exit code ${String(code)}.`
        : `Its process was ended by ${signal}.`,
      { exitCode: code, signal },
    );
  }
}

export interface AloneHooks {
  readonly signal: AbortSignal;
  readonly onReport: (fraction: number, step: string | undefined) => void;
  readonly onUsage: (use: Use) => void;
  readonly onPut: (file: PutFile) => void;
}

/** Runs the pipeline's code for a claim in a process of its own. Rejects with {@link ChildCrashError} if that dies. */
export type RunAlone = (claim: Claim, hooks: AloneHooks) => Promise<Outcome<unknown>>;

const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), result: z.unknown() }),
  z.object({ kind: z.literal('retry_after'), seconds: z.number(), reason: z.string() }),
  z.object({ kind: z.literal('failed'), code: z.string(), message: z.string() }),
]);

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('report'), fraction: z.number(), step: z.string().optional() }),
  z.object({
    type: z.literal('usage'),
    calls: z.number(),
    tokens: z.number(),
    model: z.string().nullable(),
    millicredits: z.number(),
    costMicros: z.number().nullable(),
  }),
  z.object({ type: z.literal('put'), file: putFileSchema }),
  z.object({ type: z.literal('outcome'), outcome: outcomeSchema }),
  z.object({ type: z.literal('error'), code: z.string(), message: z.string() }),
]);

/** What a child sends to its parent. */
export type ChildMessage = z.infer<typeof messageSchema>;

/**
 * Runs works in children of this process. The parent keeps the claim, the lease and the record, so it sees how a child ended at
 * once and counts it; the child only runs code.
 *
 * @param module the child's entry: it calls `serveAlone` with the same pipelines
 */
export function aloneInChild(module: string): RunAlone {
  return (claim, { signal, onReport, onUsage, onPut }) =>
    new Promise((resolve, reject) => {
      const child = fork(module, [], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        serialization: 'advanced',
      });
      let outcome: Outcome<unknown> | undefined;
      let failure: KernelError | undefined;
      const abort = () => child.kill('SIGKILL');
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true });
      child.on('message', (raw) => {
        const { success, data: message } = messageSchema.safeParse(raw);
        // Not ours: the code of a pipeline, or of a library, has a channel to its parent as well. An exception here ends the parent.
        if (!success) return;
        switch (message.type) {
          case 'report':
            onReport(message.fraction, message.step);
            break;
          case 'usage':
            onUsage(message);
            break;
          case 'put':
            onPut(message.file);
            break;
          case 'outcome':
            outcome = message.outcome;
            break;
          case 'error':
            failure = new KernelError(message.code, message.message);
        }
      });
      child.on('error', reject);
      child.on('exit', (code, exitSignal) => {
        signal.removeEventListener('abort', abort);
        if (outcome !== undefined) resolve(outcome);
        else reject(failure ?? new ChildCrashError(code, exitSignal));
      });
      // A child that is dead before it has the claim breaks the pipe (one in five that are killed at once): its exit tells how it died.
      child.send(claim, (error) => {
        if (error !== null) child.kill('SIGKILL');
      });
    });
}
