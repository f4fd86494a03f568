import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { routes, type Client, type Novel } from '@scriptorium/contract';
import { createKernel, toMillicredits, type Kernel } from '@scriptorium/kernel';
import { modelShortener, offlineShortener } from '@scriptorium/llm';
import type { Pool } from 'pg';
import { loadConfig } from '../../config.ts';
import { ParserProcesses } from '../../platform/parsing/parser-processes.ts';
import {
  createServerDatabase,
  filesIn,
  openTestLog,
  recogniseByName,
  startTestServer,
  type TestServer,
} from '../../testing.ts';
import { openAccounts } from '../accounts/index.ts';
import { createCreditsFeature } from '../credits/index.ts';
import { createJobsFeature } from '../jobs/index.ts';
import {
  chooseModel,
  createNovelsFeature,
  createNovelsPipeline,
  createShorteners,
  retryCredits,
  type ShortenerChoice,
} from './index.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A server with novels, credits, jobs and a worker in this process, on a database of its own. */
export interface NovelsServer {
  readonly server: TestServer;
  readonly pool: Pool;
  readonly kernel: Kernel;
  readonly ada: Client;
  readonly bob: Client;
  /** Hands in a PDF for Ada. */
  upload(pdf: Uint8Array, name?: string): Promise<Novel>;
  grant(email: 'ada' | 'bob', credits: number): Promise<void>;
  stop(): Promise<void>;
}

export interface NovelsServerOptions {
  /** The address of a scripted model, behind `balanced`. Absent: rules alone. */
  readonly modelUrl?: string;
  readonly slots?: number;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Credits for 1,000 tokens of the scripted model. */
export const FACTOR = 3;

export async function startNovelsServer(options: NovelsServerOptions = {}): Promise<NovelsServer> {
  const { modelUrl, slots = 5 } = options;
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'scriptorium-novels-'));
  const config = loadConfig({
    DATA_DIR: dataDir,
    UPLOAD_MAX_MB: '5',
    MIN_FREE_DISK_MB: '1',
    ...options.environment,
  });
  const database = await createServerDatabase();
  const pool = database.pool();
  const shorteners = createShorteners(offlineShortener(), modelsAt(modelUrl));
  const kernel = createKernel({
    pool,
    pipelines: [createNovelsPipeline({ db: pool, shorteners })],
    log: silent,
    files: filesIn(dataDir, config.minFreeDiskBytes),
  });
  await kernel.start();
  const worker = kernel.worker({ slots });
  await worker.start();
  const accounts = await openAccounts({ pool, config, log: openTestLog().log });
  const parser = new ParserProcesses();
  const server = await startTestServer({
    config,
    authenticate: await recogniseByName(pool, accounts.authenticate),
    features: [
      createJobsFeature({
        db: pool,
        kernel,
        issueStreamTicket: (userId, jobId) => accounts.issueStreamTicket(userId, jobId),
        retryCredits: (job) => retryCredits({ db: pool, kernel }, job),
      }),
      createNovelsFeature({ db: pool, kernel, parser, limits: config, shorteners }),
      createCreditsFeature({
        kernel,
        factorOf: (model) => chooseModel(shorteners, model).creditFactor,
      }),
    ],
  });
  const ada = server.client('ada');
  return {
    server,
    pool,
    kernel,
    ada,
    bob: server.client('bob'),
    upload: async (pdf, name = 'novel.pdf') => {
      const file = new File([Uint8Array.from(pdf)], name);
      return (await ada.call(routes.novels.upload, { form: { file } })).novel;
    },
    grant: async (name, credits) => {
      const { rows } = await pool.query<{ id: number }>('SELECT id FROM users WHERE email = $1', [
        `${name}@example.org`,
      ]);
      const ownerId = rows[0]?.id ?? 0;
      const amount = toMillicredits(credits);
      await kernel.transaction((tx) =>
        kernel.credits.grant(tx, {
          ownerId,
          amount,
          by: ownerId,
          reference: randomUUID(),
        }),
      );
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

/** The scripted model behind the name `balanced`. */
function modelsAt(baseUrl: string | undefined): ShortenerChoice[] {
  if (baseUrl === undefined) return [];
  const shortener = modelShortener({ model: 'openai-compatible/tiny', baseUrl });
  return [{ model: 'balanced', shortener, creditFactor: FACTOR }];
}

/** The novel of the demo: a French story of a dozen pages, with a text layer, running heads and hyphens. */
export async function sampleNovel(): Promise<Uint8Array> {
  return await readFile(
    new URL('../../../../../samples/out/l-horloge-de-brumeville.fr.pdf', import.meta.url),
  );
}
