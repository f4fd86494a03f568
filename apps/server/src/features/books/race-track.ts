import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createHash, randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import type { Kernel, Queryable } from '@scriptorium/kernel';
import type { DescriptionEngine } from '@scriptorium/llm';
import { KERNEL_MIGRATIONS } from '@scriptorium/kernel';
import { migrate } from '@scriptorium/postgres';
import type { Pool } from 'pg';
import { startKernel } from '../../../../../packages/kernel/src/testing/kernel-under-test.ts';
import type { ProcessUnderTest } from '../../../../../packages/kernel/src/testing/process-under-test.ts';
import { createBooksPipeline } from './books.pipeline.ts';
import { createChapterWrites } from './chapter-writes.ts';
import { acceptUpload } from './steps/accept-upload.ts';
import { filesIn } from './testing.ts';
import type { ParserProcesses } from '../../platform/parsing/parser-processes.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** What a call of the engine finds: the beginning of the text, so that a set which belongs to another text shows. */
const QUOTE_LENGTH = 20;

/** An engine that counts, and whose calls end when the race says so. */
export class RacingEngine {
  calls = 0;
  #isOpen = false;
  readonly #held = new Set<() => void>();

  /** Ends one of the calls that are held. */
  finish(index: number): void {
    [...this.#held][index % Math.max(1, this.#held.size)]?.();
  }

  /** Holds the calls to come, or lets go of all. */
  setOpen(isOpen: boolean): void {
    this.#isOpen = isOpen;
    if (isOpen) for (const end of this.#held) end();
  }

  /** As one process sees it. */
  get engine(): DescriptionEngine {
    return {
      id: 'racing',
      version: '1',
      languages: [],
      describe: async ({ text, signal }) => {
        this.calls += 1;
        await this.#hold(signal);
        const quote = text.slice(0, QUOTE_LENGTH);
        return {
          engine: 'racing/1',
          descriptions: [
            { kind: 'place', quote, start: 0, end: QUOTE_LENGTH, confidence: 1, evidence: [] },
          ],
          rejects: [],
          usage: { calls: 1, inputTokens: 0, outputTokens: 0 },
        };
      },
    };
  }

  async #hold(signal: AbortSignal | undefined): Promise<void> {
    if (this.#isOpen) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#held.add(resolve);
    const abort = () => reject(new Error('aborted'));
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await promise;
    } finally {
      this.#held.delete(resolve);
    }
  }
}

/** A server's process, a worker's process that can be killed, and time that the race drives, on a database of their own. */
export interface Racetrack {
  readonly kernel: Kernel;
  readonly pool: Pool;
  readonly engine: RacingEngine;
  readonly ownerId: number;
  /** Hands in a file as a request does. */
  upload(bytes: Uint8Array): Promise<number>;
  /** Kills the worker and starts another. Returns how many works had begun and were not recorded. */
  crash(): Promise<number>;
  elapse(seconds: number): Promise<void>;
  close(): Promise<void>;
}

const SLOTS = 4;

export async function openRacetrack(parser: ParserProcesses): Promise<Racetrack> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'scriptorium-race-'));
  const engine = new RacingEngine();
  const writes = createChapterWrites(silent);
  // A pipeline is there before its process; its statements go through the process's own connections, and die with them.
  const pipelineOf = (find: () => ProcessUnderTest | undefined) => {
    const db: Queryable = {
      query: async (text, values) => {
        const process = find();
        if (process === undefined) throw new Error('The process has not begun.');
        return await process.pool.query(text, values);
      },
    };
    return createBooksPipeline({ db, engine: engine.engine, writes });
  };
  const under = await startKernel({
    pipelines: [pipelineOf(() => undefined)],
    time: 'driven',
    files: filesIn(dataDir, 0),
  });
  await migrate(under.pool, MIGRATIONS, silent);
  // A track before may have had this database, of which only the kernel's tables were emptied.
  await under.pool.query('TRUNCATE users CASCADE');
  const { rows } = await under.pool.query<{ id: number }>(
    `INSERT INTO users (email, password_hash, role) VALUES ('ada@example.org', '-', 'member') RETURNING id`,
  );
  const ownerId = rows[0]?.id ?? 0;
  const startWorker = async () => {
    const started: ProcessUnderTest = await under.another({
      pipelines: [pipelineOf(() => started)],
    });
    await started.work(SLOTS);
    return started;
  };
  let worker = await startWorker();
  // Time goes on in one place only, and not while a process dies.
  let clock: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(action: () => Promise<T>): Promise<T> => {
    const done = clock.then(action);
    clock = done.catch(() => undefined);
    return done;
  };
  const { kernel, pool } = under.first;
  return {
    kernel,
    pool: under.pool,
    engine,
    ownerId,
    upload: async (bytes) => {
      const arrived = path.join(dataDir, randomUUID());
      await writeFile(arrived, bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const upload = { path: arrived, fileName: 'a.epub', sha256, bytes: bytes.byteLength };
      const owner = { id: ownerId, isPremium: false };
      const stored = await acceptUpload(
        { db: pool, kernel, uploadMaxBytes: 1_000_000, parser, writes },
        upload,
        owner,
      );
      return stored.bookId;
    },
    crash: () =>
      inTurn(async () => {
        // One that is cancelled while its process dies runs no more when the process is gone, and its call is lost all the same.
        const before = await runningIn(under.pool);
        await worker.kill();
        const lost = new Set([...before, ...(await runningIn(under.pool))]);
        worker = await startWorker();
        return lost.size;
      }),
    elapse: (seconds) => inTurn(() => under.elapse(seconds)),
    close: async () => {
      engine.setOpen(true);
      await under.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

async function runningIn(pool: Pool): Promise<number[]> {
  const { rows } = await pool.query<{ id: number }>(
    `SELECT id FROM kernel.works WHERE status = 'running' AND kind = 'chunk'`,
  );
  return rows.map(({ id }) => id);
}

const MIGRATIONS = [
  { name: 'kernel', directory: KERNEL_MIGRATIONS },
  { name: 'server', directory: new URL('../../../migrations/', import.meta.url) },
];
