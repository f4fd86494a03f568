import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Client } from '@scriptorium/contract';
import { createKernel, type Kernel, type Pipeline } from '@scriptorium/kernel';
import type { Pool } from 'pg';
import { loadConfig, type Config } from './config.ts';
import { openAccounts } from './features/accounts/index.ts';
import { createJobsFeature, type JobsOptions } from './features/jobs/index.ts';
import { ParserProcesses, type ParserOptions } from './platform/parsing/parser-processes.ts';
import type { Feature } from './platform/routes.ts';
import {
  createServerDatabase,
  filesIn,
  openTestLog,
  recogniseByName,
  startTestServer,
  type TestServer,
} from './testing.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A server with jobs, some features and a worker in this process, on a database and a folder of its own. */
export interface Service {
  readonly server: TestServer;
  readonly pool: Pool;
  readonly kernel: Kernel;
  readonly dataDir: string;
  /** A client of Ada's, whose token is `ada`; there is a `bob`, and `reader` is a key of Ada's that may only read. */
  readonly ada: Client;
  readonly bob: Client;
  stop(): Promise<void>;
}

/** What a feature is made of. */
export interface ServiceParts {
  readonly pool: Pool;
  readonly kernel: Kernel;
  readonly parser: ParserProcesses;
  readonly config: Config;
}

export interface ServiceOptions {
  readonly pipelines: (pool: Pool) => readonly Pipeline[];
  readonly features: (parts: ServiceParts) => readonly Feature[];
  readonly jobs?: (parts: ServiceParts) => Pick<JobsOptions, 'keepAliveMs' | 'retryCredits'>;
  readonly parser?: ParserOptions;
  readonly slots?: number | undefined;
  readonly environment?: NodeJS.ProcessEnv | undefined;
}

export async function startService(options: ServiceOptions): Promise<Service> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'scriptorium-service-'));
  const config = loadConfig({ DATA_DIR: dataDir, MIN_FREE_DISK_MB: '1', ...options.environment });
  const database = await createServerDatabase();
  const pool = database.pool();
  const kernel = createKernel({
    pool,
    pipelines: options.pipelines(pool),
    log: silent,
    files: filesIn(dataDir, config.minFreeDiskBytes),
  });
  await kernel.start();
  const worker = kernel.worker({ slots: options.slots ?? 5 });
  await worker.start();
  const accounts = await openAccounts({ pool, config, log: openTestLog().log });
  const parser = new ParserProcesses(options.parser);
  const parts: ServiceParts = { pool, kernel, parser, config };
  const server = await startTestServer({
    config,
    authenticate: await recogniseByName(pool, accounts.authenticate),
    features: [
      createJobsFeature({
        db: pool,
        kernel,
        accounts,
        ...options.jobs?.(parts),
      }),
      ...options.features(parts),
    ],
  });
  return {
    server,
    pool,
    kernel,
    dataDir,
    ada: server.client('ada'),
    bob: server.client('bob'),
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
