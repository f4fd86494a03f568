import { ApiError, createClient, type Client } from '@scriptorium/contract';
import { KERNEL_MIGRATIONS } from '@scriptorium/kernel';
import { migrate, openPool } from '@scriptorium/postgres';
import { createTestDatabase, type TestDatabase } from '@scriptorium/testkit';
import type { FastifyInstance } from 'fastify';
import { buildApp, stopApp, type AppOptions } from './app.ts';
import { loadConfig } from './config.ts';
import { openLog } from './platform/log.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** A database with the tables of the kernel and of the server. */
export function createServerDatabase(): Promise<TestDatabase> {
  return createTestDatabase({
    template: 'server',
    migrate: async (connectionString) => {
      const pool = openPool(connectionString, { applicationName: 'test', log: quiet });
      const sets = [
        { name: 'kernel', directory: KERNEL_MIGRATIONS },
        { name: 'server', directory: new URL('../migrations/', import.meta.url) },
      ];
      await migrate(pool, sets, quiet);
      await pool.end();
    },
  });
}

/** A log that a test can read: every line, parsed. */
export function openTestLog() {
  const lines: Record<string, unknown>[] = [];
  const log = openLog(
    { logLevel: 'debug', logFormat: 'json' },
    { write: (line) => void lines.push(JSON.parse(line)) },
  );
  return { log, lines };
}

/** A server on a port of its own, for tests that speak real HTTP to it. */
export interface TestServer {
  readonly app: FastifyInstance;
  readonly url: string;
  readonly lines: readonly Record<string, unknown>[];
  client(token?: string): Client;
  stop(): Promise<void>;
}

/** Starts a server with these features; a test calls `stop` at its end. */
export async function startTestServer(
  options: Partial<AppOptions> & Pick<AppOptions, 'features' | 'authenticate'>,
): Promise<TestServer> {
  const { log, lines } = openTestLog();
  const app = await buildApp({
    config: loadConfig({}),
    log,
    checkReadiness: async () => {},
    ...options,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    app,
    url,
    lines,
    client: (token) => createClient({ baseUrl: url, ...(token === undefined ? {} : { token }) }),
    stop: () => stopApp(app, 1),
  };
}

/** What a call was refused with; anything else fails the test. */
export async function refusalOf(call: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await call.then(
    (value) => new Error(`It was answered: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof ApiError) return error;
  throw error;
}
