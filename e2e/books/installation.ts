import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ApiError, createClient, routes, type Client } from '@scriptorium/contract';
import { runProgram, type Program } from '../../apps/server/src/testing-installation.ts';

const MAIN = path.join(import.meta.dirname, '../../apps/server/src/main.ts');
const OWNER = { email: 'owner@example.org', password: 'correct horse battery' };

/** More tries than restarts, by far: whoever needs them all has met something else than a kill. */
const TRIES = 30;

export type Role = 'server' | 'worker 1' | 'worker 2';
export const ROLES: readonly Role[] = ['server', 'worker 1', 'worker 2'];

/** A server and two workers on one database, each of which can be killed and comes back at once. */
export interface KillableInstallation {
  /** Asks until it is answered: by a 2xx, or by a refusal, which is returned as its code. */
  insist<T>(call: (client: Client) => Promise<T>): Promise<T | { readonly refusal: string }>;
  /** SIGKILL, and a new process in its place; ends when a new server answers. */
  kill(role: Role): Promise<void>;
  stop(): Promise<void>;
}

export async function startKillable(databaseUrl: string): Promise<KillableInstallation> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'scriptorium-kills-'));
  const launch = (role: Role): Program =>
    runProgram([process.execPath, MAIN, role === 'server' ? 'server' : 'worker'], {
      cwd: folder,
      environment: {
        // The test's database listens on a socket; a configured address has a host, which the parameter overrules.
        DATABASE_URL: databaseUrl.replace(/@?\/(?=[^/]+\?)/u, '@localhost/'),
        DATA_DIR: folder,
        PORT: '0',
        DRAIN_SECONDS: '1',
        LOG_FORMAT: 'json',
        OWNER_EMAIL: OWNER.email,
        OWNER_PASSWORD: OWNER.password,
        MIN_FREE_DISK_MB: '1',
      },
    });
  const signIn = async (server: Program): Promise<Client> => {
    const found = await server.line(/"address":"(?<address>http[^"]+)"/u);
    const baseUrl = found.groups?.['address'] ?? '';
    const session = await createClient({ baseUrl }).call(routes.auth.login, { body: OWNER });
    const { access_token: token } = session;
    if (token === undefined) throw new Error('The server has answered without a token.');
    return createClient({ baseUrl, token });
  };
  const server = launch('server');
  // The server has brought the database up to date by then.
  let client = Promise.resolve(await signIn(server));
  const programs: Record<Role, Program> = {
    server,
    'worker 1': launch('worker 1'),
    'worker 2': launch('worker 2'),
  };
  return {
    insist: async (call) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await call(await client);
        } catch (error) {
          if (error instanceof ApiError && error.status > 0 && error.status < 500) {
            return { refusal: error.code };
          }
          if (attempt === TRIES) throw error;
        }
      }
    },
    kill: async (role) => {
      const replaced = programs[role].end('SIGKILL').then(() => {
        programs[role] = launch(role);
        return programs[role];
      });
      if (role === 'server') client = replaced.then(signIn);
      await (role === 'server' ? client : replaced);
    },
    stop: async () => {
      await Promise.all(ROLES.map((role) => programs[role].end()));
      await rm(folder, { recursive: true });
    },
  };
}
