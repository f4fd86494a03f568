import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, createClient, routes, type Client } from '@scriptorium/contract';
import { runProgram, type Program } from '../apps/server/src/testing-installation.ts';
import type { Choices } from '../packages/testkit/src/choices.ts';

const MAIN = path.join(import.meta.dirname, '../apps/server/src/main.ts');
const OWNER = { email: 'owner@example.org', password: 'correct horse battery' };
/** Longer than any fault lasts: whoever is not answered by then has met a defect. */
const PATIENCE_MS = 90_000;
const PAUSE_MS = 200;

/** Which of the servers or the workers, from 0. */
export interface Role {
  readonly kind: 'server' | 'worker';
  readonly index: number;
}

/** What the server has said no to, as its code. */
export interface Refusal {
  readonly refusal: string;
}

/** Servers and workers, each a process that can be killed and comes back at once, on one database. */
export interface Installation {
  readonly dataDir: string;
  /** All of them, the servers first. */
  readonly roles: readonly Role[];
  /** Asks one server or the other until one answers: with a 2xx, or with a refusal. */
  insist<T>(call: (client: Client) => Promise<T>): Promise<T | Refusal>;
  /** A client of a server that answers now, which sends its requests in a way of its own or as usual. */
  client(send?: typeof fetch): Promise<Client>;
  /** What the processes that run now have written with this in it. */
  linesWith(text: string): string[];
  pid(role: Role): number;
  /** Resolves with the signal that ended it, when a new process is in its place. */
  kill(role: Role, signal?: NodeJS.Signals): Promise<NodeJS.Signals | null>;
  /** SIGSTOP for so long: longer than a lease lasts. */
  freeze(role: Role, ms: number): Promise<void>;
  /** Ends all of them in good order. */
  stop(): Promise<void>;
}

export interface InstallationOptions {
  readonly databaseUrl: string;
  readonly servers: number;
  readonly workers: number;
  /** A scripted model behind the name `balanced`. Absent: rules alone. */
  readonly modelUrl?: string;
  readonly choices: Choices;
  /** Which is not removed. Default: a new folder. */
  readonly dataDir?: string;
  /** Further variables of a process, asked for at each start. */
  readonly environment?: (role: Role) => NodeJS.ProcessEnv;
  /** Told every answer that {@link Installation.insist} does not pass on, before it asks again. */
  readonly onError?: (error: ApiError) => void;
}

export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const { dataDir = await mkdtemp(path.join(os.tmpdir(), 'scriptorium-processes-')) } = options;
  const roles = [
    ...Array.from({ length: options.servers }, (_, index): Role => ({ kind: 'server', index })),
    ...Array.from({ length: options.workers }, (_, index): Role => ({ kind: 'worker', index })),
  ];
  const programs = new Map<Role, Program>();
  let isStopping = false;
  const launch = (role: Role) => {
    const program = launchProcess(role, dataDir, options);
    programs.set(role, program);
    void replace(role, program);
  };
  // Whatever ends one: there is another one in its place at once.
  const replace = async (role: Role, { ended }: Program) => {
    await ended;
    if (!isStopping) launch(role);
  };
  for (const role of roles) {
    launch(role);
    // The first server brings the database up to date before anybody else looks at it.
    if (programs.size === 1) await addressOf(launchedAs(programs, role));
  }
  const servers = roles.filter(({ kind }) => kind === 'server');
  let token: string | undefined;
  const client = async (send: typeof fetch = fetch) => {
    const role = servers[options.choices.below(servers.length)];
    if (role === undefined) throw new Error('An installation without a server answers nobody.');
    const baseUrl = await addressOf(launchedAs(programs, role));
    token ??= await signIn(baseUrl);
    return createClient({ baseUrl, token, fetch: send });
  };
  return {
    dataDir,
    roles,
    client,
    insist: async (call) => {
      const until = Date.now() + PATIENCE_MS;
      const met: string[] = [];
      for (;;) {
        try {
          return await call(await client());
        } catch (error) {
          if (error instanceof ApiError && error.status === 401) token = undefined;
          else if (isRefusal(error)) return { refusal: error.code };
          else if (error instanceof ApiError) options.onError?.(error);
          met.push(`${Math.round((until - Date.now()) / 1000)} s left: ${describe(error)}`);
          if (Date.now() > until && isLater(error)) return { refusal: error.code };
          if (Date.now() > until)
            throw new Error(`Nobody has answered:\n${met.join('\n')}`, { cause: error });
          await delay(PAUSE_MS);
        }
      }
    },
    linesWith: (text) =>
      [...programs.values()].flatMap(({ lines }) => lines.filter((line) => line.includes(text))),
    pid: (role) => launchedAs(programs, role).process.pid ?? 0,
    kill: async (role, signal = 'SIGKILL') => {
      const program = launchedAs(programs, role);
      await program.end(signal);
      return program.process.signalCode;
    },
    freeze: async (role, ms) => {
      const { process: child } = launchedAs(programs, role);
      child.kill('SIGSTOP');
      await delay(ms);
      child.kill('SIGCONT');
    },
    stop: async () => {
      isStopping = true;
      await Promise.all([...programs.values()].map((program) => program.end()));
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function describe(error: unknown): string {
  const [line = ''] = String(error).split('\n');
  return error instanceof ApiError ? `${error.code} (${error.status})` : line;
}

/** "Too many" or "no room": an answer as good as any to somebody who has asked for long enough. */
function isLater(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 429 || error.status === 507);
}

function isRefusal(error: unknown): error is ApiError {
  return (
    error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429
  );
}

function launchedAs(programs: ReadonlyMap<Role, Program>, role: Role): Program {
  const program = programs.get(role);
  if (program === undefined) throw new RangeError(`There is no ${role.kind} ${role.index}.`);
  return program;
}

function launchProcess(
  role: Role,
  dataDir: string,
  { databaseUrl, modelUrl, environment }: InstallationOptions,
): Program {
  return runProgram([process.execPath, MAIN, role.kind], {
    cwd: dataDir,
    environment: {
      DATABASE_URL: databaseUrl.replace(/@?\/(?=[^/]+\?)/u, '@localhost/'),
      DATA_DIR: dataDir,
      PORT: '0',
      DRAIN_SECONDS: '1',
      LOG_FORMAT: 'json',
      OWNER_EMAIL: OWNER.email,
      OWNER_PASSWORD: OWNER.password,
      MIN_FREE_DISK_MB: '1',
      ...(modelUrl === undefined
        ? {}
        : { MODEL_BALANCED: 'openai-compatible/tiny', OPENAI_COMPATIBLE_BASE_URL: modelUrl }),
      MODEL_REQUESTS_PER_MINUTE: '100000',
      MODEL_TOKENS_PER_MINUTE: '100000000',
      ...environment?.(role),
    },
  });
}

/** The server that is killed while somebody waits for its address never says it; the next one does. */
async function addressOf(server: Program): Promise<string> {
  const found = await server.line(/"address":"(?<address>http[^"]+)"/u);
  return found.groups?.['address'] ?? '';
}

async function signIn(baseUrl: string): Promise<string> {
  const session = await createClient({ baseUrl }).call(routes.auth.login, { body: OWNER });
  if (session.access_token === undefined)
    throw new Error('The server has answered without a token.');
  return session.access_token;
}
