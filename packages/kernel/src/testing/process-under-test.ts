import { openPool } from '@scriptorium/postgres';
import type { Pool, PoolClient } from 'pg';
import { createKernel, type Kernel, type Worker } from '../index.ts';
import type { KernelOptions } from '../kernel.ts';
import type { DrivenTime } from './driven-time.ts';
import { silent } from './test-log.ts';

/** What stands for an operating system's process: a kernel with connections, and timers, of its own. */
export interface ProcessUnderTest {
  readonly kernel: Kernel;
  readonly pool: Pool;
  /** Starts a worker, which is stopped with the process. */
  work(slots: number): Promise<Worker>;
  /** As SIGSTOP does: no timer fires and no statement is answered, until {@link thaw}. */
  freeze(): void;
  /** As SIGCONT does. */
  thaw(): void;
  /** As SIGKILL does: nothing is said to anybody, and its connections are closed by the system. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface ProcessOptions extends Omit<KernelOptions, 'pool' | 'clock'> {
  readonly connectionString: string;
  readonly name: string;
  /** Absent: the system's time, which cannot be frozen. */
  readonly time?: DrivenTime;
  /** To end the connections of a killed one. */
  readonly admin: Pool;
}

export async function startProcess(options: ProcessOptions): Promise<ProcessUnderTest> {
  const { connectionString, name, time, admin, ...kernelOptions } = options;
  const clock = time?.processClock();
  const pool = openPool(connectionString, { log: silent, applicationName: name });
  time?.watch(pool);
  const kernel = createKernel({
    ...kernelOptions,
    pool,
    ...(clock === undefined ? {} : { clock }),
  });
  const gate = makeFreezable(pool);
  await kernel.start();
  let isKilled = false;
  const workers: Worker[] = [];
  const freeze = () => {
    if (time === undefined) throw new Error('Only a process with driven time can be frozen.');
    clock?.freeze();
    gate.close();
    time.unwatch(pool);
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
    thaw: () => {
      clock?.thaw();
      gate.open();
      time?.watch(pool);
    },
    kill: async () => {
      freeze();
      isKilled = true;
      await admin.query(
        'SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = $1',
        [name],
      );
    },
    stop: async () => {
      if (isKilled) return;
      const stopping = Promise.all(workers.map((worker) => worker.stop(0)));
      await time?.elapse(0);
      await stopping;
      await kernel.stop();
      await pool.end();
    },
  };
}

type Connected = (
  error: Error | undefined,
  client: PoolClient | undefined,
  done: () => void,
) => void;

/** While it is closed, whoever asks the pool for a connection waits. */
function makeFreezable(pool: Pool): { close(): void; open(): void } {
  const connect = pool.connect.bind(pool);
  let gate: PromiseWithResolvers<void> | undefined;
  const connectLater = async (callback: Connected) => {
    await gate?.promise;
    connect(callback);
  };
  Object.assign(pool, {
    connect: async (callback?: Connected) => {
      if (callback !== undefined) return await connectLater(callback);
      await gate?.promise;
      return await connect();
    },
  });
  return {
    close: () => {
      gate ??= Promise.withResolvers();
    },
    open: () => {
      gate?.resolve();
      gate = undefined;
    },
  };
}
