import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openPool, startEmbeddedPostgres } from '@scriptorium/postgres';
import type { Pool } from 'pg';
import { createKernel, KERNEL_MIGRATIONS, type Kernel, type Pipeline } from '@scriptorium/kernel';

export const silent = { debug: () => {}, info: () => {}, warn: console.warn, error: console.error };

export interface Bench {
  readonly connectionString: string;
  open(pipelines: readonly Pipeline[]): Promise<{ kernel: Kernel; pool: Pool }>;
  close(): Promise<void>;
}

/** A database of its own with fsync on, as in production. */
export async function openBench(): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'scriptorium-bench-'));
  const server = await startEmbeddedPostgres({ dataDir: folder, log: silent });
  const pool = openPool(server.connectionString, { log: silent, applicationName: 'bench' });
  await migrate(pool, [{ name: 'kernel', directory: KERNEL_MIGRATIONS }], silent);
  await pool.end();
  const opened: { kernel: Kernel; pool: Pool }[] = [];
  return {
    connectionString: server.connectionString,
    open: async (pipelines) => {
      const each = openPool(server.connectionString, { log: silent, applicationName: 'bench', max: 20 });
      const kernel = createKernel({ pool: each, pipelines, log: silent });
      await kernel.start();
      opened.push({ kernel, pool: each });
      return { kernel, pool: each };
    },
    close: async () => {
      for (const { kernel, pool: each } of opened) {
        await kernel.stop();
        await each.end();
      }
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
