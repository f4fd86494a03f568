import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ApiError, createClient, routes } from '@scriptorium/contract';
import { CliError } from '../cli-error.ts';
import { readLogins } from './login-file.ts';

export interface ServerChoice {
  /** An origin: `http://127.0.0.1:8080`. */
  readonly address: string;
  /** The user has named it, now or by signing in; else it is where one would be on this machine. */
  readonly isNamed: boolean;
}

/** Where to go: `--server`, SCRIPTORIUM_SERVER, the last login, what runs on DATA_DIR, and last HOST and PORT. */
export async function chooseServer(
  option: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<ServerChoice> {
  const named = option ?? environment['SCRIPTORIUM_SERVER'];
  if (named !== undefined && named !== '') return { address: toOrigin(named), isNamed: true };
  const [login] = await readLogins(environment);
  if (login !== undefined) return { address: login.server, isNamed: true };
  const running = await addressIn(dataFolder(environment));
  const { PORT: port = '8080' } = environment;
  return { address: running ?? `http://127.0.0.1:${port}`, isNamed: false };
}

/** The folder that `start` works with. */
export function dataFolder(environment: NodeJS.ProcessEnv): string {
  return path.resolve(environment['DATA_DIR'] || './data');
}

/** The address that a running installation has left in its folder. It may have been killed since. */
export async function addressIn(folder: string): Promise<string | undefined> {
  try {
    const address = (await readFile(path.join(folder, 'address'), 'utf8')).trim();
    return URL.canParse(address) ? address : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** True if a Scriptorium answers there, and not just any program. */
export async function isAnswering(address: string): Promise<boolean> {
  try {
    await createClient({ baseUrl: address }).call(routes.operations.health, {
      signal: AbortSignal.timeout(3_000),
    });
    return true;
  } catch (error) {
    if (error instanceof ApiError || (error instanceof Error && error.name === 'TimeoutError')) {
      return false;
    }
    throw error;
  }
}

function toOrigin(text: string): string {
  const address = /^https?:\/\//u.test(text) ? text : `http://${text}`;
  if (URL.canParse(address)) return new URL(address).origin;
  throw new CliError('cli.bad_server', `"${text}" is no address of a server.`, {
    remedy: 'name it like http://127.0.0.1:8080',
    exitCode: 2,
  });
}
