import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Client } from '@scriptorium/contract';
import { createKernel, type Kernel } from '@scriptorium/kernel';
import { offlineEngine, type DescriptionEngine } from '@scriptorium/llm';
import type { Pool } from 'pg';
import { loadConfig } from '../../config.ts';
import { ParserProcesses } from '../../platform/parsing/parser-processes.ts';
import {
  createServerDatabase,
  endOf,
  filesIn,
  openTestLog,
  recogniseByName,
  startTestServer,
  type TestServer,
} from '../../testing.ts';
import { openAccounts } from '../accounts/index.ts';
import { createJobsFeature } from '../jobs/index.ts';
import { createBooksFeature, createBooksPipeline, createChapterWrites } from './index.ts';
import { fileOf, SCENE, scene, tinyEpub } from './tiny-epub.ts';
import type { ChapterWrites } from './chapter-writes.ts';

export { endOf, filesIn, fileOf, SCENE, scene, tinyEpub };

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A server with books, jobs and a worker in this process, on a database of its own. */
export interface BooksServer {
  readonly server: TestServer;
  readonly pool: Pool;
  readonly kernel: Kernel;
  readonly dataDir: string;
  readonly writes: ChapterWrites;
  /** A client of Ada's, whose token is `ada`; there is a `bob`, and `reader` is a key of Ada's that may only read. */
  readonly ada: Client;
  readonly bob: Client;
  count(table: string, condition?: string): Promise<number>;
  stop(): Promise<void>;
}

export interface BooksServerOptions {
  readonly engine?: DescriptionEngine;
  readonly parseTimeoutMs?: number;
  readonly keepAliveMs?: number;
  readonly slots?: number;
  readonly environment?: NodeJS.ProcessEnv;
}

export async function startBooksServer(options: BooksServerOptions = {}): Promise<BooksServer> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'scriptorium-books-'));
  const config = loadConfig({
    DATA_DIR: dataDir,
    UPLOAD_MAX_MB: '2',
    MIN_FREE_DISK_MB: '1',
    ...options.environment,
  });
  const database = await createServerDatabase();
  const pool = database.pool();
  const engine = options.engine ?? offlineEngine();
  const writes = createChapterWrites(silent);
  const pipelines = [createBooksPipeline({ db: pool, engine, writes })];
  const kernel = createKernel({
    pool,
    pipelines,
    log: silent,
    files: filesIn(dataDir, config.minFreeDiskBytes),
  });
  await kernel.start();
  const worker = kernel.worker({ slots: options.slots ?? 5 });
  await worker.start();
  const accounts = await openAccounts({ pool, config, log: openTestLog().log });
  const { keepAliveMs, parseTimeoutMs } = options;
  const parser = new ParserProcesses(
    parseTimeoutMs === undefined ? {} : { timeoutMs: parseTimeoutMs },
  );
  parser.start('book');
  const server = await startTestServer({
    config,
    authenticate: await recogniseByName(pool, accounts.authenticate),
    features: [
      createJobsFeature({
        db: pool,
        kernel,
        issueStreamTicket: (userId, jobId) => accounts.issueStreamTicket(userId, jobId),
        ...(keepAliveMs === undefined ? {} : { keepAliveMs }),
      }),
      createBooksFeature({
        db: pool,
        kernel,
        uploads: config,
        writes,
        parser,
      }),
    ],
  });
  return {
    server,
    pool,
    kernel,
    dataDir,
    writes,
    ada: server.client('ada'),
    bob: server.client('bob'),
    count: async (table, condition = 'true') => {
      const { rows } = await pool.query<{ n: number }>(
        `SELECT count(*) AS n FROM ${table} WHERE ${condition}`,
      );
      return rows[0]?.n ?? -1;
    },
    stop: async () => {
      await server.stop();
      await parser.close();
      await worker.stop(0);
      await kernel.stop();
      await database.drop();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** A book of so many chapters, after a page that is none. */
export async function storyBook(title: string, chapters: number, language = 'en'): Promise<File> {
  const pages: Record<string, string> = {
    Copyright: '<p>Copyright 2020 by A. Writer. All rights reserved. ISBN 978-0-00-000000-2</p>',
  };
  for (let i = 1; i <= chapters; i += 1) pages[`Part ${i}`] = scene(`${title}, part ${i}`);
  return fileOf(await tinyEpub({ title, language, pages }), `${title}.epub`);
}
