import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { routes, type Client, type Role } from '@scriptorium/contract';
import {
  createKernel,
  definePipeline,
  done,
  type JobRequest,
  type Kernel,
  type Worker,
} from '@scriptorium/kernel';
import type { TestDatabase } from '@scriptorium/testkit';
import type { Pool } from 'pg';
import { z } from 'zod';
import { loadConfig, type Config } from '../../config.ts';
import { queryOne } from '../../platform/database.ts';
import { createServerDatabase, filesIn, openTestLog, startTestServer } from '../../testing.ts';
import { hashPassword, openAccounts, type Accounts } from '../accounts/index.ts';
import { createCreditsFeature } from '../credits/index.ts';
import { createJobsFeature } from '../jobs/index.ts';
import { createPeopleFeature, quotaLimit } from './index.ts';

/** Numbers that are counted at once, but for 0, which waits until it is aborted. */
const pipeline = definePipeline({
  name: 'count',
  recipeVersion: 1,
  inputSchema: z.array(z.int()),
  chunkSchema: z.int(),
  resultSchema: z.int(),
  plan: async (numbers) => ({ chunks: numbers.map((input) => ({ input })) }),
  runChunk: async (number, { signal }) => {
    if (number === 0) await once(signal, 'abort');
    return done(number);
  },
  merge: async () => ({ output: null }),
});

const PASSWORD = 'right password';

/** An installation with its people, for tests that speak HTTP to it. */
export interface PeopleUnderTest {
  readonly pool: Pool;
  readonly kernel: Kernel;
  readonly accounts: Accounts;
  readonly url: string;
  readonly anonymous: Client;
  client(token: string): Client;
  /** Stores a user with the password `right password`; gives the id. */
  add(name: string, role?: Role): Promise<number>;
  /** A client that is signed in as `name@example.org`. */
  as(name: string, password?: string): Promise<Client>;
  submit(request: Pick<JobRequest, 'ownerId' | 'input'> & Partial<JobRequest>): Promise<number>;
  /** Names of the files that are stored. */
  files(): Promise<string[]>;
  /** Another process on the same database; gives its address. */
  another(): Promise<string>;
  stop(): Promise<void>;
}

export async function startPeople(environment: NodeJS.ProcessEnv = {}): Promise<PeopleUnderTest> {
  const database = await createServerDatabase();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'people-'));
  const config = loadConfig(environment);
  const kernelParts = await startKernel(database, folder, config);
  const { pool, kernel } = kernelParts;
  const { accounts, server } = await serve(kernelParts, config);
  const others: (() => Promise<void>)[] = [];
  const passwordHash = await hashPassword(PASSWORD);
  const anonymous = server.client();
  return {
    pool,
    kernel,
    accounts,
    url: server.url,
    anonymous,
    client: (token) => server.client(token),
    add: async (name, role = 'member') => {
      const row = await queryOne<{ id: number }>(
        pool,
        'INSERT INTO users (email, password_hash, role) VALUES ($1, $2, $3) RETURNING id',
        [`${name}@example.org`, passwordHash, role],
      );
      return row?.id ?? 0;
    },
    as: async (name, password = PASSWORD) => {
      const body = { email: `${name}@example.org`, password };
      const session = await anonymous.call(routes.auth.login, { body });
      return server.client(session.access_token);
    },
    submit: async (request) => {
      const job = await kernel.transaction((tx) =>
        kernel.submit(tx, { pipeline: 'count', ...request }),
      );
      return job.id;
    },
    files: kernelParts.files,
    another: async () => {
      const parts = await startKernel(database, folder, config);
      const other = await serve(parts, config);
      others.push(
        () => other.server.stop(),
        () => parts.stop(),
      );
      return other.server.url;
    },
    stop: async () => {
      for (const stop of others) await stop();
      await server.stop();
      await kernelParts.stop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function serve(
  { pool, kernel }: { readonly pool: Pool; readonly kernel: Kernel },
  config: Config,
) {
  const accounts = await openAccounts({ pool, config, log: openTestLog().log });
  const server = await startTestServer({
    config,
    authenticate: (credential) => accounts.authenticate(credential),
    features: [
      accounts.feature,
      createPeopleFeature({ pool, kernel, accounts, config }),
      createJobsFeature({ db: pool, kernel, accounts }),
      createCreditsFeature({ kernel, factorOf: () => 1 }),
    ],
  });
  return { accounts, server };
}

async function startKernel(database: TestDatabase, folder: string, config: Config) {
  const pool = database.pool();
  const files = filesIn(folder, 0);
  const kernel = createKernel({
    pool,
    pipelines: [pipeline],
    log: { debug() {}, info() {}, warn() {}, error() {} },
    files,
    limits: { storedBytes: quotaLimit(config.userQuotaBytes) },
  });
  await kernel.start();
  const worker: Worker = kernel.worker({ slots: 2 });
  await worker.start();
  return {
    pool,
    kernel,
    files: async () => {
      const names: string[] = [];
      for await (const { name } of files.store.list()) names.push(name);
      return names;
    },
    stop: async () => {
      await worker.stop(0);
      await kernel.stop();
    },
  };
}
