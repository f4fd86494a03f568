import { openPool } from '@scriptorium/postgres';
import type { Pool } from 'pg';
import { createKernel, type Kernel, type Worker } from '../index.ts';
import type { KernelOptions } from '../kernel.ts';
import type { DrivenTime } from './driven-time.ts';
import { silent } from './test-log.ts';
import { Wires } from './wires.ts';

/** What stands for an operating system's process: a kernel with connections, and timers, of its own. */
export interface ProcessUnderTest {
  readonly kernel: Kernel;
  readonly pool: Pool;
  /** Starts a worker, which is stopped with the process. */
  work(slots: number): Promise<Worker>;
  /** As SIGSTOP does: no timer fires, nothing is sent and nothing is received, until {@link thaw}. */
  freeze(): void;
  /** As SIGCONT does. */
  thaw(): void;
  /** Takes its database away, until {@link plug}. */
  unplug(): Promise<void>;
  plug(): void;
  /** As SIGKILL does: nothing is said to anybody, and its connections are closed by the system. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface ProcessOptions extends Omit<KernelOptions, 'pool' | 'clock'> {
  readonly connectionString: string;
  /** Absent: the system's time, which cannot be frozen. */
  readonly time?: DrivenTime;
  /** Driven time only: how far its clock is before that of the database; negative: behind. */
  readonly aheadSeconds?: number;
}

export async function startProcess(options: ProcessOptions): Promise<ProcessUnderTest> {
  const { connectionString, time, aheadSeconds = 0, ...kernelOptions } = options;
  const wires = new Wires();
  const clock = time?.processClock(wires, aheadSeconds);
  const pool = openPool(connectionString, { log: silent, applicationName: 'process-under-test' });
  // Whatever else the kernel opens, it opens with its pool's options.
  Object.assign(pool.options, { stream: wires.stream });
  const kernel = createKernel({
    ...kernelOptions,
    pool,
    ...(clock === undefined ? {} : { clock }),
  });
  await kernel.start();
  const workers: Worker[] = [];
  let isKilled = false;
  const freeze = () => {
    if (clock === undefined) throw new Error('Only a process with driven time can be frozen.');
    clock.freeze();
    wires.freeze();
  };
  const thaw = () => {
    wires.thaw();
    clock?.thaw();
  };
  return {
    kernel,
    pool,
    work: async (slots) => {
      const worker = kernel.worker({ slots });
      workers.push(worker);
      await worker.start();
      return worker;
    },
    freeze,
    thaw,
    unplug: () => wires.unplug(),
    plug: () => wires.plug(),
    kill: async () => {
      freeze();
      isKilled = true;
      await wires.cut();
    },
    stop: async () => {
      if (isKilled) return;
      thaw();
      wires.plug();
      const stopping = Promise.all(workers.map((worker) => worker.stop(0)));
      await time?.elapse(0);
      await stopping;
      await kernel.stop();
      await pool.end();
    },
  };
}
