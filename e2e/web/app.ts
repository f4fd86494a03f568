import { rm } from 'node:fs/promises';
import path from 'node:path';
import { createClient, routes, type Client } from '@scriptorium/contract';
import { createServerDatabase } from '../../apps/server/src/testing.ts';
import { temporaryFolder } from '../../apps/server/src/testing-installation.ts';
import { stopApp } from '../../apps/server/src/app.ts';
import { composeServer, composeWorker } from '../../apps/server/src/compose.ts';
import { loadConfig } from '../../apps/server/src/config.ts';
import { withDatabase } from '../../apps/server/src/open-database.ts';
import { openTestLog } from '../../apps/server/src/testing.ts';

export const OWNER = { email: 'ada@example.org', password: 'a long sentence of mine' } as const;

/** The sample books of the project. */
export function sampleBook(
  name: 'the-fire-copy.en.epub' | 'the-fire-copy.fr.epub' | 'the-fire-copy.ru.fb2',
): string {
  return path.join(import.meta.dirname, '../../samples/out', name);
}

/** A whole installation in this process: database, server, worker, the built web app. */
export interface TestApp extends AsyncDisposable {
  readonly url: string;
  /** The one-time link of the first start; undefined where the owner exists already. */
  readonly claimLink: string | undefined;
  /** The API as the owner, for what a journey needs and does not test. */
  readonly client: Client;
  /** Every line of the log. */
  readonly lines: readonly Record<string, unknown>[];
  /** Ends the server and starts it again on the same port; in between, nothing answers. */
  restartServer(): Promise<void>;
  /** What a process of the same installation, such as `main.ts worker`, is to be given. */
  readonly environment: Readonly<Record<string, string>>;
  startWorker(): Promise<void>;
  /** Gives running work a second to end, and the rest back. */
  stopWorker(): Promise<void>;
}

export interface TestAppOptions {
  /** Without an owner the first start prints a one-time link. Default: there is one, {@link OWNER}. */
  readonly hasOwner?: boolean;
  /** Default: true. Without one, jobs wait; `startWorker` starts it. */
  readonly hasWorker?: boolean;
  /** Environment variables, such as `MODEL` and `OPENAI_COMPATIBLE_BASE_URL` of a scripted model server. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts an installation; `await using app = await startApp()`. */
export async function startApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { hasOwner = true, hasWorker = true } = options;
  await using stack = new AsyncDisposableStack();
  const database = stack.adopt(await createServerDatabase(), (open) => open.drop());
  const folder = stack.adopt(await temporaryFolder(), (made) => rm(made, { recursive: true }));
  const { log, lines } = openTestLog();
  const config = withDatabase({
    ...loadConfig({
      DATA_DIR: folder,
      ...(hasOwner ? { OWNER_EMAIL: OWNER.email, OWNER_PASSWORD: OWNER.password } : {}),
      ...options.environment,
    }),
    // The tests' database listens on a socket in a folder, which the form of the setting does not allow.
    databaseUrl: database.connectionString,
  });
  let server = await composeServer(config, log);
  let worker: Awaited<ReturnType<typeof composeWorker>> | undefined;
  stack.defer(async () => {
    await stopWorker();
    await stopServer();
  });

  async function stopServer(): Promise<void> {
    await stopApp(server.app, 1);
    await server[Symbol.asyncDispose]();
  }
  async function startWorker(): Promise<void> {
    worker = await composeWorker(config, log);
    await worker.worker.start();
  }
  async function stopWorker(): Promise<void> {
    const running = worker;
    worker = undefined;
    if (running === undefined) return;
    await running.worker.stop(1000);
    await running[Symbol.asyncDispose]();
  }

  const url = await server.app.listen({ host: '127.0.0.1', port: 0 });
  const claimLink = await server.accounts.ensureOwner(url);
  if (hasWorker) await startWorker();
  const owned = stack.move();
  return {
    url,
    claimLink,
    lines,
    client: ownerClient(url),
    startWorker,
    stopWorker,
    environment: {
      // A configured address has a host; the parameter with the socket's folder overrules it.
      DATABASE_URL: database.connectionString.replace(/@?\/(?=[^/]+\?)/u, '@localhost/'),
      DATA_DIR: folder,
      ...options.environment,
    },
    async restartServer() {
      await stopServer();
      server = await composeServer(config, log);
      await server.app.listen({ host: '127.0.0.1', port: Number(new URL(url).port) });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Signs in at the first call. */
function ownerClient(url: string): Client {
  let token: Promise<string | undefined> | undefined;
  return createClient({
    baseUrl: url,
    getToken: () => {
      token ??= createClient({ baseUrl: url })
        .call(routes.auth.login, { body: OWNER })
        .then((session) => session.access_token);
      return token;
    },
  });
}
