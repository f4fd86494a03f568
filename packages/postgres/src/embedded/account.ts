import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { PostgresError } from '../errors.ts';

const run = promisify(execFile);

/** The user that the server runs as; undefined: the one who runs this process. */
export type Account = { readonly uid: number; readonly gid: number } | undefined;

export const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * The unprivileged user for a new cluster if this process is root, as which PostgreSQL refuses to
 * run. An existing user is taken, so that nothing of the system is changed: `postgres` is there
 * where a PostgreSQL was ever packaged, `nobody` everywhere. A bare number without a name is not
 * enough, because initdb looks its user up.
 */
export async function chooseAccount(): Promise<Account> {
  if (!isRoot()) {
    return undefined;
  }
  for (const name of ['postgres', 'nobody']) {
    const account = await lookUp(name);
    if (account !== undefined) {
      return account;
    }
  }
  throw new PostgresError(
    'postgres.no_account',
    'PostgreSQL does not run as root, and this system has neither a user "postgres" nor "nobody" to run it as; run this program as another user, or set DATABASE_URL to a server of yours.',
  );
}

async function lookUp(name: string): Promise<Account> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 1) {
      return undefined;
    }
    throw error;
  }
}

/** Runs a command to its end as the account, in an environment without this program's secrets. */
export async function runAs(
  account: Account,
  command: string,
  parameters: readonly string[],
): Promise<void> {
  await run(command, [...parameters], { ...account, cwd: '/', env: childEnvironment() });
}

/** Whether the account can run the command with success; a command it cannot reach counts as no. */
export async function canRun(
  account: Account,
  command: string,
  parameters: readonly string[],
): Promise<boolean> {
  try {
    await runAs(account, command, parameters);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      return false;
    }
    throw error;
  }
}

/**
 * Whether the account can enter the folder and write there. Tried rather than computed from mode
 * bits, which know nothing of access lists, read-only mounts and file systems without owners.
 */
export async function canWrite(account: Account, folder: string): Promise<boolean> {
  const probe = path.join(folder, 'probe');
  const isWritten = await canRun(account, '/bin/sh', ['-c', ': >"$1"', 'sh', probe]);
  await rm(probe, { force: true });
  return isWritten;
}

/**
 * What the server needs of the environment: none of this program's settings, keys and passwords.
 */
export function childEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'];
  return {
    ...Object.fromEntries(
      kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    ),
    LC_ALL: 'C',
    TZ: 'UTC',
  };
}
