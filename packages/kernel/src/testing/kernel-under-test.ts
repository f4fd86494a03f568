import { migrate, openPool } from '@scriptorium/postgres';
import { createTestDatabase, type TestDatabase } from '@scriptorium/testkit';
import type { Pool } from 'pg';
import { createKernel, KERNEL_MIGRATIONS, type Kernel, type KernelLog } from '../index.ts';
import type { KernelOptions } from '../kernel.ts';

/** Keeps what was logged at warn and above, so that a test can look at it. */
export interface TestLog extends KernelLog {
  readonly lines: { level: string; message: string; fields: object }[];
}

export function createTestLog(): TestLog {
  const lines: TestLog['lines'] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, fields });
  return { lines, debug: () => {}, info: at('info'), warn: at('warn'), error: at('error') };
}

export interface KernelUnderTest {
  readonly kernel: Kernel;
  readonly pool: Pool;
  readonly database: TestDatabase;
  readonly log: TestLog;
  /** Another process's kernel on the same database. */
  another(options?: Partial<KernelOptions>): Promise<Kernel>;
  close(): Promise<void>;
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A database with the kernel's tables, and a started kernel on it. */
export async function startKernel(
  options: Omit<KernelOptions, 'pool' | 'log'> & { poolOptions?: { options?: string } },
): Promise<KernelUnderTest> {
  const database = await createTestDatabase({
    template: 'kernel',
    migrate: async (connectionString) => {
      const pool = openPool(connectionString, { log: silent, applicationName: 'kernel-test' });
      await migrate(pool, [{ name: 'kernel', directory: KERNEL_MIGRATIONS }], silent);
      await pool.end();
    },
  });
  const kernels: Kernel[] = [];
  const pools: Pool[] = [];
  const log = createTestLog();
  const open = async (more: Partial<KernelOptions> = {}) => {
    const pool = openPool(database.connectionString, {
      log: silent,
      applicationName: 'kernel-test',
      ...options.poolOptions,
    });
    pools.push(pool);
    const kernel = createKernel({ ...options, ...more, pool, log });
    kernels.push(kernel);
    await kernel.start();
    return { kernel, pool };
  };
  const { kernel, pool } = await open();
  return {
    kernel,
    pool,
    database,
    log,
    another: async (more) => (await open(more)).kernel,
    close: async () => {
      for (const each of kernels) await each.stop();
      for (const each of pools) await each.end();
      await database.drop();
    },
  };
}

/** All events of a job to its end. */
export async function watchToEnd(kernel: Kernel, jobId: number) {
  const events = [];
  const signal = AbortSignal.timeout(15_000);
  for await (const event of kernel.follow(jobId, 0, signal)) events.push(event);
  return events;
}
