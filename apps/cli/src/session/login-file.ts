import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { CliError } from '../cli-error.ts';

/** An API key that `scriptorium login` has made. */
export interface Login {
  readonly server: string;
  readonly email: string;
  readonly key: string;
  readonly keyId: number;
}

/** Where logins are kept: below XDG_CONFIG_HOME, which is ~/.config if it is not set. */
export function loginFile(environment: NodeJS.ProcessEnv): string {
  const { XDG_CONFIG_HOME: folder } = environment;
  // The specification ignores a relative one.
  const base =
    folder !== undefined && path.isAbsolute(folder) ? folder : path.join(os.homedir(), '.config');
  return path.join(base, 'scriptorium', 'login.json');
}

/** All logins, the last one first: its server is meant when none is named. */
export async function readLogins(environment: NodeJS.ProcessEnv): Promise<Login[]> {
  const file = loginFile(environment);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  const logins = parseLogins(text);
  if (logins !== undefined) return logins;
  throw new CliError(
    'cli.login_file_damaged',
    `${file} does not hold what "scriptorium login" writes.`,
    {
      remedy: `delete ${file}, then: scriptorium login`,
    },
  );
}

/** Puts a login first, in place of an earlier one to the same server. Readable by its owner alone. */
export async function writeLogin(environment: NodeJS.ProcessEnv, login: Login): Promise<void> {
  const file = loginFile(environment);
  const others = (await readLogins(environment)).filter(({ server }) => server !== login.server);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, `${JSON.stringify([login, ...others], undefined, 2)}\n`, { mode: 0o600 });
  await chmod(fresh, 0o600);
  await rename(fresh, file);
}

function parseLogins(text: string): Login[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every(isLogin) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isLogin(value: unknown): value is Login {
  if (typeof value !== 'object' || value === null) return false;
  const { server, email, key, keyId } = { server: '', email: '', key: '', keyId: '', ...value };
  return (
    [server, email, key].every((each) => typeof each === 'string') && typeof keyId === 'number'
  );
}
