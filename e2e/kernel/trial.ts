import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  createKernel,
  KERNEL_MIGRATIONS,
  type JobEvent,
  type Kernel,
  type PriorityClass,
} from '@scriptorium/kernel';
import { migrate, openPool } from '@scriptorium/postgres';
import type { Pool } from 'pg';
import { trialPipeline, type TrialInput } from './trial-pipeline.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A line that a worker process said. */
export interface Said {
  readonly what: 'ready' | 'began' | 'aborted' | 'called';
  readonly workId?: number;
  readonly id?: string;
  readonly pid: number;
  readonly at: number;
}

/** A worker as a real process that can be killed, stopped and continued. */
export class WorkerProcess {
  readonly child: ChildProcess;
  readonly said: Said[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(databaseUrl: string, environment: Record<string, string> = {}) {
    const program = fileURLToPath(new URL('worker-process.ts', import.meta.url));
    this.child = spawn(process.execPath, [program], {
      env: { ...process.env, ...environment, DATABASE_URL: databaseUrl },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (this.child.stdout === null) throw new Error('A piped standard output is missing.');
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      const said: Said = JSON.parse(line);
      this.said.push(said);
      for (const listener of this.#listeners) listener();
    });
  }

  /** Resolves with the line, past or coming, that is the `count`th which fits. */
  async hears(fits: (said: Said) => boolean, count = 1): Promise<Said> {
    for (;;) {
      const found = this.said.filter(fits)[count - 1];
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        const listener = () => {
          this.#listeners.delete(listener);
          resolve();
        };
        this.#listeners.add(listener);
      });
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Kills it as a crash would, and waits for its end. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  /** Asks it to end, and waits. Returns the exit code. */
  async stop(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
    return this.child.exitCode;
  }
}

export interface SubmitOptions {
  readonly ownerId?: number;
  readonly parallel?: number;
  readonly class?: PriorityClass;
}

/** A migrated database with a kernel that only submits and watches, and worker processes beside it. */
export interface Trial {
  readonly kernel: Kernel;
  readonly pool: Pool;
  readonly databaseUrl: string;
  startWorker(environment?: Record<string, string>): Promise<WorkerProcess>;
  submit(input: TrialInput, options?: SubmitOptions): Promise<number>;
  /** The job's events to its end. */
  watch(jobId: number): Promise<JobEvent[]>;
  close(): Promise<void>;
}

export async function openTrial(databaseUrl: string): Promise<Trial> {
  const pool = openPool(databaseUrl, { log: silent, applicationName: 'trial-watcher' });
  await migrate(pool, [{ name: 'kernel', directory: KERNEL_MIGRATIONS }], silent);
  const kernel = createKernel({ pool, pipelines: [trialPipeline()], log: silent });
  await kernel.start();
  const workers: WorkerProcess[] = [];
  return {
    kernel,
    pool,
    databaseUrl,
    startWorker: async (environment) => {
      const worker = new WorkerProcess(databaseUrl, environment);
      workers.push(worker);
      await worker.hears((said) => said.what === 'ready');
      return worker;
    },
    submit: async (input, options = {}) => {
      const job = await kernel.transaction((tx) =>
        kernel.submit(tx, { pipeline: 'trial', ownerId: 1, parallel: 20, ...options, input }),
      );
      return job.id;
    },
    watch: async (jobId) => {
      const events: JobEvent[] = [];
      for await (const event of kernel.follow(jobId, 0, AbortSignal.timeout(120_000)))
        events.push(event);
      return events;
    },
    close: async () => {
      for (const worker of workers) {
        worker.signal('SIGCONT');
        await worker.kill();
      }
      await kernel.stop();
      await pool.end();
    },
  };
}

let salts = 0;

/** Parts that no earlier job has had. */
export function freshChunks(
  count: number,
  chunk: { ms: number; calls?: number },
): TrialInput['chunks'] {
  salts += 1;
  const salt = `${process.pid}-${Date.now()}-${salts}`;
  return Array.from({ length: count }, (_each, index) => ({ index, salt, ...chunk }));
}
