import { randomBytes, randomUUID } from 'node:crypto';
import { chown, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { PostgresError } from '../errors.ts';
import type { Log } from '../log.ts';
import { canRun, canWrite, chooseAccount, isRoot, runAs } from './account.ts';
import type { Account } from './account.ts';
import { executable, prepareInstallation } from './binaries.ts';
import type { Installation } from './binaries.ts';
import { isSystemError, unlessMissing } from './system-errors.ts';

/*
 * A data folder holds
 *   lock, owner.pid       who uses it now
 *   cluster/              the cluster itself, 0700 and owned by the user that the server runs as:
 *     pgdata/               PostgreSQL's own folder
 *     password              of the superuser
 *     socket/               the server's Unix socket
 *   location              instead of cluster/, where that lies if the server's user cannot reach this folder
 *
 * A cluster is made under another name and renamed, so that one whose making was interrupted is never used.
 */

export const SUPERUSER = 'scriptorium';

export interface Cluster {
  /** The folder `cluster/` above, wherever it lies. */
  readonly home: string;
  readonly pgdata: string;
  readonly password: string;
  readonly account: Account;
  readonly installation: Installation;
}

export interface ClusterOptions {
  readonly dataDir: string;
  /** Where data and binaries go that the server's user cannot reach where they are. */
  readonly sharedDirectory: string;
  /** Tests do without the wait for the disk. */
  readonly sync: boolean;
  readonly log: Log;
}

/** Opens the cluster of a data folder, or makes one if the folder is new. The caller holds the folder's lock. */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const home = await findHome(options.dataDir);
  return home === undefined ? createCluster(options) : reopenCluster(home, options);
}

async function findHome(dataDir: string): Promise<string | undefined> {
  const local = path.join(dataDir, 'cluster');
  if ((await unlessMissing(stat(local))) !== undefined) {
    return local;
  }
  const pointer = await unlessMissing(readFile(path.join(dataDir, 'location'), 'utf8'));
  if (pointer === undefined) {
    return undefined;
  }
  const home = pointer.trim();
  if ((await unlessMissing(stat(home))) === undefined) {
    throw new PostgresError(
      'postgres.data_incomplete',
      `The file ${path.join(dataDir, 'location')} says that the database lies in ${home}, but that does not exist; restore it from a backup, or delete ${dataDir} to begin with an empty database.`,
      { dataDir, home },
    );
  }
  return home;
}

async function reopenCluster(home: string, options: ClusterOptions): Promise<Cluster> {
  const account = await ownerOf(home);
  const pgdata = path.join(home, 'pgdata');
  if (
    account !== undefined &&
    !(await canRun(account, '/bin/sh', ['-c', 'cd "$1"', 'sh', pgdata]))
  ) {
    throw new PostgresError(
      'postgres.unreachable',
      `PostgreSQL runs as the user ${account.uid}, who cannot enter ${pgdata} any more; give everybody the right to pass the folders above it (chmod o+x).`,
      { pgdata, uid: account.uid },
    );
  }
  const installation = await prepareInstallation(account, options.sharedDirectory, options.log);
  const password = await readPassword(home);
  return { home, pgdata: await realpath(pgdata), password, account, installation };
}

/** A cluster keeps the user it was made with, whichever users exist later. */
async function ownerOf(home: string): Promise<Account> {
  const { uid, gid } = await stat(home);
  if (!isRoot()) {
    return undefined;
  }
  if (uid !== 0) {
    return { uid, gid };
  }
  // A restored backup belongs to whoever restored it.
  const account = await chooseAccount();
  if (account !== undefined) {
    await runAs(undefined, 'chown', ['-R', `${account.uid}:${account.gid}`, home]);
  }
  return account;
}

async function readPassword(home: string): Promise<string> {
  const file = path.join(home, 'password');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (isSystemError(error, 'EACCES', 'EPERM')) {
      const { uid } = await stat(home);
      throw new PostgresError(
        'postgres.unreachable',
        `The database in ${home} belongs to the user ${uid}; run this program as that user or as root, or give it another data folder.`,
        { home, uid },
        error,
      );
    }
    throw error;
  }
}

async function createCluster(options: ClusterOptions): Promise<Cluster> {
  const { dataDir, sharedDirectory, log } = options;
  const account = await chooseAccount();
  const installation = await prepareInstallation(account, sharedDirectory, log);
  const local = path.join(dataDir, 'cluster');
  if (await reserve(`${local}.new`, account)) {
    await initialise(`${local}.new`, local, account, installation, options.sync);
    return reopenCluster(local, options);
  }
  // A name of its own, not one made from the folder's: a new folder in the place of a deleted one must not find the old data.
  const elsewhere = path.join(sharedDirectory, randomUUID());
  const home = path.join(elsewhere, 'cluster');
  await mkdir(elsewhere, { recursive: true, mode: 0o755 });
  if (!(await reserve(`${home}.new`, account))) {
    throw new PostgresError(
      'postgres.unreachable',
      `PostgreSQL does not run as root, and the user ${account?.uid} can write neither below ${dataDir} nor below ${sharedDirectory}; put the data folder where everybody may pass, or run this program as another user.`,
      { dataDir, sharedDirectory, uid: account?.uid },
    );
  }
  await initialise(`${home}.new`, home, account, installation, options.sync);
  // Written last: from here on the data counts, and if it is gone that is an error and no reason to begin anew.
  await writeFile(path.join(elsewhere, 'belongs-to'), `${dataDir}\n`);
  await writeFile(path.join(dataDir, 'location.new'), `${home}\n`, { flush: true });
  await rename(path.join(dataDir, 'location.new'), path.join(dataDir, 'location'));
  log.warn(
    { dataDir, home },
    'the database lies outside its data folder, because the user that PostgreSQL runs as cannot enter that',
  );
  return reopenCluster(home, options);
}

/** Makes an empty folder for the account; false if the account cannot have one there. */
async function reserve(folder: string, account: Account): Promise<boolean> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  if (account === undefined) {
    return true;
  }
  try {
    await chown(folder, account.uid, account.gid);
  } catch (error) {
    if (!isSystemError(error, 'EPERM', 'EINVAL', 'ENOSYS', 'EOPNOTSUPP')) {
      throw error;
    }
    await rm(folder, { recursive: true });
    return false;
  }
  if (await canWrite(account, folder)) {
    return true;
  }
  await rm(folder, { recursive: true });
  return false;
}

/**
 * Text sorts by code point through PostgreSQL's own C.UTF-8, so that an index means the same on every system. What is a
 * letter is asked of the C library by full-text search, so its locale is C.UTF-8 too, and C where that does not exist.
 */
const LOCALES = [
  ['--locale=C', '--lc-ctype=C.UTF-8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
];

async function initialise(
  unfinished: string,
  home: string,
  account: Account,
  installation: Installation,
  sync: boolean,
): Promise<void> {
  const password = path.join(unfinished, 'password');
  await writeFile(password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (account !== undefined) {
    await chown(password, account.uid, account.gid);
  }
  const parameters = [
    `--pgdata=${path.join(unfinished, 'pgdata')}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${password}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    ...(sync ? [] : ['--no-sync']),
  ];
  const initdb = executable(installation, 'initdb');
  const [preferred = [], fallback = []] = LOCALES;
  try {
    await runAs(account, initdb, [...parameters, ...preferred]);
  } catch {
    // Whatever else may be wrong stops this attempt as well, and its error is the one that counts.
    await runAs(account, initdb, [...parameters, ...fallback]);
  }
  await rename(unfinished, home);
}
