import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { openDiskStore, type Pipeline, type Queryable } from '@scriptorium/kernel';
import { stopAtWrite, type WriteFault, type WritePoint } from '@scriptorium/testkit';
import type { Pool } from 'pg';
import type { DrivenTime } from '../../packages/kernel/src/testing/driven-time.ts';
import { startProcess } from '../../packages/kernel/src/testing/process-under-test.ts';
import { silent } from '../../packages/kernel/src/testing/test-log.ts';

/** Makes the pipelines of a process, which read through this process's own connections. */
export type Pipelines = (db: Queryable) => readonly Pipeline[];

/** A worker that dies at a write, in driven time. */
export interface MortalProcess {
  readonly fault: WriteFault;
  /** Resolves when nothing of it is left, if its fault has come; else stops it in order. */
  end(): Promise<void>;
}

/** Starts a kernel with one worker of one slot: with more, the n-th write would not be the same one every time. */
export async function startMortal(options: {
  readonly connectionString: string;
  readonly pipelines: Pipelines;
  readonly time: DrivenTime;
  readonly dataDir: string;
  readonly point: WritePoint;
}): Promise<MortalProcess> {
  const { connectionString, pipelines, time, dataDir, point } = options;
  const own: { pool?: Pool } = {};
  const workFolder = path.join(dataDir, 'unfinished');
  await mkdir(workFolder, { recursive: true });
  const started = await startProcess({
    connectionString: `${connectionString}&options=${encodeURIComponent('-c pgboss.test_clock=on')}`,
    time,
    log: silent,
    pipelines: pipelines({
      query: (text, values) => {
        if (own.pool === undefined) throw new Error('The process has not started.');
        return own.pool.query(text, values);
      },
    }),
    files: { store: openDiskStore(path.join(dataDir, 'artifacts')), workFolder, minFreeBytes: 0 },
  });
  own.pool = started.pool;
  let killed: Promise<void> | undefined;
  const fault = stopAtWrite(started.pool, point, () => {
    killed = started.kill();
  });
  // Not awaited: a worker that dies while it starts never says that it has.
  const working = started.work(1);
  working.catch(() => killed);
  return {
    fault,
    end: async () => {
      if (killed !== undefined) return await killed;
      await working;
      await started.stop();
    },
  };
}
