import { Worker as Thread } from 'node:worker_threads';
import { systemClock } from 'pg-boss';
import type { Pool } from 'pg';
import { createWorkArtifacts } from '../artifacts/attempt-files.ts';
import { openKernelFiles, type FileOptions } from '../artifacts/kernel-files.ts';
import { toFailure } from '../errors.ts';
import { openBudgets, type BudgetOptions } from '../limits/budgets.ts';
import { withFields, type KernelLog } from '../log.ts';
import { createRegistry, type Pipeline } from '../pipeline.ts';
import { attemptFields, claimSchema } from '../store/claim-works.ts';
import type { ChildMessage } from './alone.ts';
import { createContext } from './context.ts';
import { execute } from './execute.ts';

/**
 * The child's side of {@link aloneInChild}: runs the one claim its parent sends, answers with what it came to, and exits. It
 * records nothing: the fence stays with the parent.
 */
export function serveAlone({
  pool,
  pipelines,
  log: processLog,
  budgets = {},
  files: fileOptions,
}: {
  pool: Pool;
  pipelines: readonly Pipeline[];
  log: KernelLog;
  /** The same as its parent's. */
  budgets?: BudgetOptions;
  /** The same as its parent's, which adopts what this process puts. */
  files?: FileOptions;
}): void {
  const registry = createRegistry(pipelines);
  const openBudget = openBudgets(pool, budgets, processLog);
  const files = fileOptions === undefined ? undefined : openKernelFiles(fileOptions);
  // Aborting a child is killing it.
  const { signal } = new AbortController();
  dieWithParent();
  process.once('message', (raw) => {
    void answer(raw).finally(() => process.exit(0));
  });

  const answer = async (raw: unknown) => {
    try {
      const claim = claimSchema.parse(raw);
      const log = withFields(processLog, attemptFields(claim));
      const pipeline = registry.find(claim.pipeline, claim.recipeVersion);
      if (pipeline === undefined)
        throw new Error(`This process lacks ${claim.pipeline}.v${claim.recipeVersion}.`);
      const ctx = createContext({
        db: pool,
        claim,
        log,
        openBudget,
        signal,
        artifacts: createWorkArtifacts({
          db: pool,
          files,
          clock: systemClock,
          log,
          claim,
          signal,
          onPut: (file) => void send({ type: 'put', file }),
        }),
        onReport: (fraction, step) =>
          void send({ type: 'report', fraction, ...(step === undefined ? {} : { step }) }),
        onUsage: (use) => void send({ type: 'usage', ...use }),
      });
      const outcome = await execute(pool, files, pipeline, claim, ctx);
      await send({ type: 'outcome', outcome });
    } catch (error) {
      await send({ type: 'error', ...toFailure(error, 'work.failed') });
    }
  };
}

/** Resolves when the parent has the message: an exit right after a send would lose it. */
function send(message: ChildMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) reject(new Error('This module runs as a child process only.'));
    else
      process.send(message, undefined, {}, (error) => (error === null ? resolve() : reject(error)));
  });
}

/**
 * The parent is gone: nobody would record the result, and somebody else begins the work anew. Code that keeps this process's thread busy
 * lets it hear of nothing, so another thread looks whether it has become an orphan.
 */
function dieWithParent(): void {
  process.on('disconnect', () => process.exit(1));
  const watch = `
    const parent = ${process.ppid};
    setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 500);`;
  new Thread(watch, { eval: true }).unref();
}
