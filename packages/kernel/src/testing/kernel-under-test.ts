import type { TestDatabase } from '@scriptorium/testkit';
import type { Pool } from 'pg';
import { onTestFinished } from 'vitest';
import type { Kernel, Worker } from '../index.ts';
import type { KernelOptions } from '../kernel.ts';
import { DrivenTime } from './driven-time.ts';
import { startProcess, type ProcessOptions, type ProcessUnderTest } from './process-under-test.ts';
import { handOn, takeDatabase } from './spare-databases.ts';
import { createTestLog, type TestLog } from './test-log.ts';

export interface KernelUnderTest {
  /** The first process's kernel. */
  readonly kernel: Kernel;
  /** The test's own connections: they are answered whatever the processes do. */
  readonly pool: Pool;
  readonly database: TestDatabase;
  /** What all processes have logged. */
  readonly log: TestLog;
  readonly first: ProcessUnderTest;
  /** Starts a worker in the first process. It is stopped with it. */
  readonly work: (slots: number) => Promise<Worker>;
  /** One more process on the same database. */
  readonly another: (options?: MoreOptions) => Promise<ProcessUnderTest>;
  /** Driven time only: lets so many seconds pass, and everything happen that happens in them. */
  readonly elapse: (seconds: number) => Promise<void>;
  /** Driven time only: what time it is. */
  readonly now: () => Date;
  readonly close: () => Promise<void>;
}

/** What one more process has otherwise than the first one. */
type MoreOptions = Partial<KernelOptions> & Pick<ProcessOptions, 'aheadSeconds'>;

export interface StartOptions extends Omit<KernelOptions, 'pool' | 'log' | 'clock'> {
  /** `driven`: no timer fires and no second passes unless the test says so. Default: the system's time. */
  readonly time?: 'driven';
}

/** A database with the kernel's tables, and a started kernel on it. */
export async function startKernel(options: StartOptions): Promise<KernelUnderTest> {
  const { time: kind, ...kernelOptions } = options;
  const database = await takeDatabase();
  const admin = database.pool();
  const time = kind === 'driven' ? new DrivenTime(admin) : undefined;
  const log = createTestLog();
  const processes: ProcessUnderTest[] = [];
  const another = async (more: MoreOptions = {}) => {
    const { clock: _, ...rest } = more;
    const each = await startProcess({
      ...kernelOptions,
      log,
      ...rest,
      connectionString: connectionString(database, kind),
      ...(time === undefined ? {} : { time }),
    });
    processes.push(each);
    return each;
  };
  const first = await another();
  const driven = () => {
    if (time === undefined) throw new Error('The time of this kernel is not driven.');
    return time;
  };
  return {
    kernel: first.kernel,
    pool: admin,
    database,
    log,
    first,
    work: (slots) => first.work(slots),
    another,
    elapse: (seconds) => driven().elapse(seconds),
    now: () => driven().now(),
    close: async () => {
      for (const each of processes) await each.stop();
      await time?.close();
      await admin.end();
      await handOn(database);
    },
  };
}

/** The same for one test, closed when it ends. */
export async function kernelForTest(options: StartOptions): Promise<KernelUnderTest> {
  const under = await startKernel(options);
  onTestFinished(() => under.close());
  return under;
}

/** The cluster's URL names a socket, so it has parameters and no host, which `URL` does not take. */
function connectionString({ connectionString: url }: TestDatabase, time: 'driven' | undefined) {
  return time === 'driven'
    ? `${url}&options=${encodeURIComponent('-c pgboss.test_clock=on')}`
    : url;
}
