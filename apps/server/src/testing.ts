import path from 'node:path';
import { ApiError, createClient, type Client } from '@scriptorium/contract';
import { KERNEL_MIGRATIONS, openDiskStore, type FileOptions } from '@scriptorium/kernel';
import { migrate, openPool } from '@scriptorium/postgres';
import { createTestDatabase, type TestDatabase } from '@scriptorium/testkit';
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { buildApp, stopApp, type AppOptions } from './app.ts';
import { loadConfig } from './config.ts';
import type { Authenticate, Caller } from './platform/access.ts';
import { platformError } from './platform/errors.ts';
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

/**
 * Ada and Bob, members both, with their names as tokens: signing in is tested elsewhere. `reader` is a key of Ada's that may only
 * read. Tickets are real.
 */
export async function recogniseByName(pool: Pool, real: Authenticate): Promise<Authenticate> {
  const { rows } = await pool.query<{ id: number; email: string }>(
    `INSERT INTO users (email, password_hash, role)
     VALUES ('ada@example.org', '-', 'member'), ('bob@example.org', '-', 'member')
     RETURNING id, email`,
  );
  const member = (email: string, scopes: Caller['scopes']): Caller => {
    const id = rows.find((row) => row.email === email)?.id ?? 0;
    return { id, role: 'member', scopes, via: 'token' };
  };
  const callers = new Map([
    ['ada', member('ada@example.org', ['read', 'write', 'account'])],
    ['bob', member('bob@example.org', ['read', 'write', 'account'])],
    ['reader', member('ada@example.org', ['read'])],
  ]);
  return async (credential) => {
    if (credential.kind === 'ticket') return await real(credential);
    const caller = callers.get(credential.value);
    if (caller === undefined) throw platformError('auth.required', { detail: 'Nobody knows you.' });
    return caller;
  };
}

/** For tests in which nobody signs in: no tickets, and whoever is let in stays. */
export const NO_ACCOUNTS = {
  access: { watch: () => () => {}, look: async () => {} },
  issueStreamTicket: () => Promise.reject(new Error('There are no accounts in this test')),
};

/** Where the files of a test's kernel are. */
export function filesIn(dataDir: string, minFreeBytes: number): FileOptions {
  return {
    store: openDiskStore(path.join(dataDir, 'artifacts')),
    workFolder: path.join(dataDir, 'unfinished'),
    minFreeBytes,
  };
}

/** Reads a job's events to its end; returns the type of the last one. */
export async function endOf(client: Client, jobId: number): Promise<string> {
  const signal = AbortSignal.timeout(15_000);
  let last = '';
  for await (const event of client.events(jobId, { signal })) last = event.type;
  return last;
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
