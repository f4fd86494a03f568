import { createHash, randomBytes } from 'node:crypto';
import { chown, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { PostgresError } from '../errors.ts';
import type { Log } from '../log.ts';
import { canRun, canWrite, chooseAccount, isRoot, runAs } from './account.ts';
import type { Account } from './account.ts';
import { executable, prepareInstallation } from './binaries.ts';
import type { Installation } from './binaries.ts';
import { findHome, prepareSite, settle } from './location.ts';
import type { Places } from './location.ts';

export const SUPERUSER = 'scriptorium';

/** What tells a cluster and its processes from others. */
export interface ClusterIdentity {
  readonly pgdata: string;
  /** Stands in the command line of each of its processes, so that they can be found again. */
  readonly tag: string;
}

/** A cluster that is ready to be served. */
export interface Cluster extends ClusterIdentity {
  /** Its folder, wherever it lies: `pgdata/`, `password` of the superuser, `socket/`. */
  readonly home: string;
  readonly password: string;
  readonly account: Account;
  readonly installation: Installation;
}

export interface ClusterOptions extends Places {
  /** Whether a new cluster waits for the disk. */
  readonly sync: boolean;
  readonly log: Log;
}

/**
 * Opens the cluster of a data folder, and makes one if the folder is new. The caller holds the
 * folder's lock.
 */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const existing = await findHome(options.dataDir);
  const home = existing ?? (await createCluster(options));
  const account = await ownerOf(home);
  if (!(await canWrite(account, home))) {
    throw new PostgresError(
      'postgres.unreachable',
      `PostgreSQL runs as the user ${account?.uid ?? process.getuid?.()}, who cannot write in ${home}; give everybody the right to pass the folders above it (chmod o+x), and check that the disk is writable.`,
      { home, uid: account?.uid },
    );
  }
  return {
    ...(await identify(home)),
    home,
    password: await readPassword(home),
    account,
    installation: await prepareInstallation(account, options.sharedDirectory, options.log),
  };
}

/** A cluster keeps the user it was made with, whichever users exist later. */
async function ownerOf(home: string): Promise<Account> {
  const { uid, gid } = await stat(home);
  if (isRoot()) {
    return uid === 0 ? adopt(home) : { uid, gid };
  }
  if (uid !== (process.getuid?.() ?? uid)) {
    throw new PostgresError(
      'postgres.unreachable',
      `The database in ${home} belongs to the user ${uid}; run this program as that user or as root, or give it another data folder.`,
      { home, uid },
    );
  }
  return undefined;
}

/** A backup that root restored belongs to root, as which PostgreSQL does not run. */
async function adopt(home: string): Promise<Account> {
  const account = await chooseAccount();
  if (account !== undefined) {
    await runAs(undefined, 'chown', ['-R', `${account.uid}:${account.gid}`, home]);
  }
  return account;
}

async function readPassword(home: string): Promise<string> {
  return (await readFile(path.join(home, 'password'), 'utf8')).trim();
}

/**
 * The tag is made from the folder's identity on the disk: a copy of it has another one, and so has
 * a folder of the same name in another container whose processes we may see.
 */
export async function identify(home: string): Promise<ClusterIdentity> {
  const pgdata = await realpath(path.join(home, 'pgdata'));
  const { dev, ino } = await stat(pgdata, { bigint: true });
  const digest = createHash('sha256').update(`${dev}:${ino}`).digest('hex');
  return { pgdata, tag: `scriptorium-${digest.slice(0, 16)}` };
}

async function createCluster(options: ClusterOptions): Promise<string> {
  const account = await chooseAccount();
  const installation = await prepareInstallation(account, options.sharedDirectory, options.log);
  const site = await prepareSite(options, account);
  await initialise(site.unfinished, account, installation, options.sync);
  await settle(site, options, options.log);
  return site.home;
}

/**
 * Text sorts by code point through PostgreSQL's own C.UTF-8, so that an index means the same on
 * every system.
 */
const LOCALE = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
/**
 * What a letter is, full-text search asks the C library; where that has no C.UTF-8, words are of
 * ASCII letters only.
 */
const LETTERS = '--lc-ctype=C.UTF-8';

async function initialise(
  folder: string,
  account: Account,
  installation: Installation,
  sync: boolean,
): Promise<void> {
  const password = path.join(folder, 'password');
  await writeFile(password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (account !== undefined) {
    await chown(password, account.uid, account.gid);
  }
  const initdb = executable(installation, 'initdb');
  const parameters = [
    `--pgdata=${path.join(folder, 'pgdata')}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${password}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    ...LOCALE,
    ...(sync ? [] : ['--no-sync']),
  ];
  if (await canRun(account, initdb, [...parameters, LETTERS])) {
    return;
  }
  try {
    // Whatever else may have been wrong stops this attempt as well, and its error is told.
    await runAs(account, initdb, parameters);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PostgresError(
      'postgres.start_failed',
      `A new database could not be made in ${folder}: ${reason}`,
      { folder },
      error,
    );
  }
}
