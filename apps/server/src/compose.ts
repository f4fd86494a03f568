import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  aloneInChild,
  createKernel,
  openDiskStore,
  prepared,
  type FileOptions,
  type JobRow,
  type Kernel,
  type Pipeline,
  type Worker,
} from '@scriptorium/kernel';
import { openPool } from '@scriptorium/postgres';
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { buildApp } from './app.ts';
import type { Config } from './config.ts';
import { chooseEngines, type Engines } from './engines.ts';
import { openAccounts, type Accounts } from './features/accounts/index.ts';
import {
  createBooksFeature,
  createBooksPipeline,
  createChapterWrites,
  type ChapterWrites,
} from './features/books/index.ts';
import { createCreditsFeature } from './features/credits/index.ts';
import { createJobsFeature } from './features/jobs/index.ts';
import {
  chooseModel,
  createNovelsFeature,
  createNovelsPipeline,
  retryCredits,
} from './features/novels/index.ts';
import { createOperationsFeature } from './features/operations/index.ts';
import { createPeopleFeature, quotaLimit, sweepPeople } from './features/people/index.ts';
import { openDatabase, type ConfigWithDatabase } from './open-database.ts';
import { guardRepetitions } from './platform/idempotency.ts';
import { sweepRequests } from './platform/idempotency.repo.ts';
import type { Log } from './platform/log.ts';
import { guardRates, sweepRates } from './platform/rate-limits.ts';
import { sweepUploads } from './platform/uploads.ts';
import { findWebApp } from './platform/web-app.ts';
import { ParserProcesses } from './platform/parsing/parser-processes.ts';

/** Everything that a process shares between its parts. */
interface Foundation {
  readonly pool: Pool;
  readonly kernel: Kernel;
  readonly writes: ChapterWrites;
  readonly engines: Engines;
}

/** The server's side: HTTP, and the kernel without a worker. */
export interface ServerParts extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly accounts: Accounts;
  /** Deletes what has expired; to be called now and then. */
  sweep(): Promise<void>;
}

/** The worker's side. */
export interface WorkerParts extends AsyncDisposable {
  readonly worker: Worker;
  readonly engines: Engines;
}

/** Puts the server together; disposing of it stops the kernel and closes the connections, but not the app. */
export async function composeServer(config: ConfigWithDatabase, log: Log): Promise<ServerParts> {
  await using stack = new AsyncDisposableStack();
  const foundation = await openFoundation(config, log, 'scriptorium-server', stack);
  const { pool, kernel, writes } = foundation;
  const { shorteners } = foundation.engines;
  const accounts = await openAccounts({ pool, config, log });
  const parser = stack.adopt(new ParserProcesses(), (processes) => processes.close());
  parser.start('book');
  const creditsOfRetry = (job: JobRow) => retryCredits({ db: pool, kernel }, job);
  const jobs = createJobsFeature({
    db: pool,
    kernel,
    accounts,
    retryCredits: creditsOfRetry,
  });
  const app = await buildApp({
    config,
    log,
    authenticate: (credential) => accounts.authenticate(credential),
    features: [
      accounts.feature,
      createPeopleFeature({ pool, kernel, accounts, config }),
      jobs,
      createBooksFeature({ db: pool, kernel, uploads: config, writes, parser }),
      createNovelsFeature({
        db: pool,
        kernel,
        parser,
        limits: config,
        shorteners,
      }),
      createCreditsFeature({
        kernel,
        factorOf: (model) => chooseModel(shorteners, model).creditFactor,
      }),
      createOperationsFeature({
        db: pool,
        kernel,
        retryCredits: creditsOfRetry,
      }),
    ],
    guards: [
      (guarded) => guardRepetitions(guarded, pool),
      (guarded) => guardRates(guarded, pool, { submissions: config.submissionsPerHour }),
    ],
    checkReadiness: async () => void (await pool.query('SELECT 1')),
    webApp: await findWebApp(),
  });
  const owned = stack.move();
  const sweep = async () => {
    await accounts.sweep();
    await sweepPeople({ pool, kernel });
    await sweepRequests(pool);
    await sweepRates(pool);
    await sweepUploads(config);
  };
  return { app, accounts, sweep, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Puts the worker together; disposing of it stops the kernel and closes the connections, but not the worker. */
export async function composeWorker(config: ConfigWithDatabase, log: Log): Promise<WorkerParts> {
  await using stack = new AsyncDisposableStack();
  const { kernel, engines } = await openFoundation(config, log, 'scriptorium-worker', stack);
  const worker = kernel.worker({ slots: config.workerSlots });
  const owned = stack.move();
  return { worker, engines, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** What a process needs that runs one work alone: it is given the claim and records nothing. */
export function composeAlone(config: ConfigWithDatabase, log: Log) {
  const pool = openPool(config.databaseUrl, { log, applicationName: 'scriptorium-alone', max: 2 });
  const engines = chooseEngines(config);
  const pipelines = createPipelines(engines, pool, createChapterWrites(log));
  return { pool, pipelines, log, files: filesOf(config), budgets: engines.budgets };
}

async function openFoundation(
  config: ConfigWithDatabase,
  log: Log,
  applicationName: string,
  stack: AsyncDisposableStack,
): Promise<Foundation> {
  const pool = stack.adopt(await openDatabase(config, log, applicationName), (open) => open.end());
  const writes = createChapterWrites(log);
  const engines = chooseEngines(config);
  const kernel = createKernel({
    pool,
    log,
    pipelines: createPipelines(engines, pool, writes),
    files: filesOf(config),
    limits: { storedBytes: quotaLimit(config.userQuotaBytes) },
    budgets: engines.budgets,
    counters: () => writes.counts(),
    runAlone: aloneInChild(fileURLToPath(new URL('alone.ts', import.meta.url))),
  });
  stack.defer(() => kernel.stop());
  await kernel.start();
  return { pool, kernel, writes, engines };
}

/** The same in every process, so that whoever claims a work knows its pipeline. */
function createPipelines(
  { descriptions, shorteners }: Engines,
  pool: Pool,
  writes: ChapterWrites,
): Pipeline[] {
  const db = prepared(pool);
  return [
    createBooksPipeline({ db, engine: descriptions, writes }),
    createNovelsPipeline({ db, shorteners }),
  ];
}

/** Finished files, and those being written beside them: on one file system, so that finishing one is a rename. */
function filesOf({ dataDir, minFreeDiskBytes }: Config): FileOptions {
  return {
    store: openDiskStore(path.join(dataDir, 'artifacts')),
    workFolder: path.join(dataDir, 'unfinished'),
    minFreeBytes: minFreeDiskBytes,
  };
}
