import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openPool } from '@scriptorium/postgres';
import type { Pool } from 'pg';
import { createClient, routes, type Client, type Session } from '@scriptorium/contract';
import { stopApp } from '../../apps/server/src/app.ts';
import { composeServer, composeWorker } from '../../apps/server/src/compose.ts';
import { loadConfig } from '../../apps/server/src/config.ts';
import { openTestLog } from '../../apps/server/src/testing.ts';
import { silent } from '../../packages/kernel/src/testing/test-log.ts';

const OWNER = { email: 'owner@example.org', password: 'correct horse battery' };

/** The whole product in this process, as it is put together in production: every feature, every guard. */
export interface Service {
  readonly url: string;
  readonly dataDir: string;
  readonly lines: readonly Record<string, unknown>[];
  readonly pool: Pool;
  readonly ownerCredentials: { readonly email: string; readonly password: string };
  /** Signed in as the owner of the installation. */
  readonly owner: Client;
  signIn(credentials: { email: string; password: string }): Promise<Session>;
  /** Starts a worker; the answer stops it. Until then, what is accepted waits. */
  work(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly connectionString: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** The test's database listens on a socket; a configured address has a host, which the parameter overrules. */
export function configuredUrl(connectionString: string): string {
  return connectionString.replace(/@?\/(?=[^/]+\?)/u, '@localhost/');
}

export async function startService(options: ServiceOptions): Promise<Service> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'scriptorium-proof-'));
  const { databaseUrl, ...config } = loadConfig({
    DATABASE_URL: configuredUrl(options.connectionString),
    DATA_DIR: dataDir,
    OWNER_EMAIL: OWNER.email,
    OWNER_PASSWORD: OWNER.password,
    MIN_FREE_DISK_MB: '1',
    UPLOAD_MAX_MB: '5',
    SUBMISSIONS_PER_HOUR: '10000',
    SUBMISSIONS_PER_HOUR_PREMIUM: '10000',
    SUBMISSIONS_PER_HOUR_ADMIN: '10000',
    ...options.environment,
  });
  if (databaseUrl === undefined) throw new Error('The service has no database.');
  const { log, lines } = openTestLog();
  const complete = { ...config, databaseUrl };
  const parts = await composeServer(complete, log);
  const url = await parts.app.listen({ host: '127.0.0.1', port: 0 });
  await parts.accounts.ensureOwner(url);
  const pool = openPool(options.connectionString, { log: silent, applicationName: 'proof' });
  const anonymous = createClient({ baseUrl: url });
  const signIn: Service['signIn'] = (body) => anonymous.call(routes.auth.login, { body });
  const { access_token: token = '' } = await signIn(OWNER);
  return {
    url,
    dataDir,
    lines,
    pool,
    ownerCredentials: OWNER,
    owner: createClient({ baseUrl: url, token }),
    signIn,
    work: async () => {
      const { worker, [Symbol.asyncDispose]: dispose } = await composeWorker(complete, log);
      await worker.start();
      return async () => {
        await worker.stop(0);
        await dispose();
      };
    },
    stop: async () => {
      await pool.end();
      await stopApp(parts.app, 1);
      await parts[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true });
    },
  };
}
