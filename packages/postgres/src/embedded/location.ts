import { randomUUID } from 'node:crypto';
import {
  chown,
  mkdir,
  open,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';

import { PostgresError } from '../errors.ts';
import type { Log } from '../log.ts';
import { canWrite } from './account.ts';
import type { Account } from './account.ts';
import { isSystemError, unlessMissing } from './system-errors.ts';

/*
 * A data folder holds
 *   lock, owner.pid   who uses it now
 *   cluster/          the cluster, its home: 0700, and owned by the user that the server runs as
 *   location          instead of cluster/: where it lies if that user cannot reach this folder
 *
 * A home elsewhere is `<shared folder>/<random name>/cluster`, with `belongs-to` and a lock of its
 * own beside it.
 */

export interface Places {
  readonly dataDir: string;
  /** Where data and binaries go that the server's user cannot reach where they are. */
  readonly sharedDirectory: string;
}

/** A place for a new home: it is filled under another name, so that one half made is never used. */
export interface Site {
  readonly unfinished: string;
  readonly home: string;
}

/** The home of a data folder's cluster; undefined if the folder is new. */
export async function findHome(dataDir: string): Promise<string | undefined> {
  const local = path.join(dataDir, 'cluster');
  if (await exists(local)) {
    return local;
  }
  const pointer = path.join(dataDir, 'location');
  const home = (await unlessMissing(readFile(pointer, 'utf8')))?.trim();
  if (home !== undefined && !(await exists(home))) {
    throw new PostgresError(
      'postgres.data_incomplete',
      `The file ${pointer} says that the database lies in ${home}, but that does not exist; restore it from a backup, or delete ${dataDir} to begin with an empty database.`,
      { dataDir, home },
    );
  }
  return home;
}

/**
 * Finds a place that the account can reach: in the data folder if possible, else in the shared one.
 */
export async function prepareSite(places: Places, account: Account): Promise<Site> {
  const local = siteIn(places.dataDir);
  if (await reserve(local.unfinished, account)) {
    return local;
  }
  // The name is random and not made from the folder's: a new folder in the place of a deleted one
  // must not find the old one's data.
  const elsewhere = siteIn(path.join(places.sharedDirectory, randomUUID()));
  await mkdir(path.dirname(elsewhere.home), { recursive: true, mode: 0o755 });
  if (await reserve(elsewhere.unfinished, account)) {
    return elsewhere;
  }
  throw new PostgresError(
    'postgres.unreachable',
    `PostgreSQL does not run as root, and the user ${account?.uid} can write neither below ${places.dataDir} nor below ${places.sharedDirectory}; put the data folder where everybody may pass, or run this program as another user.`,
    { dataDir: places.dataDir, sharedDirectory: places.sharedDirectory, uid: account?.uid },
  );
}

/**
 * Makes a filled site the data folder's home. The pointer to a home elsewhere is written last: from
 * then on that data counts, and its absence is an error and no reason to begin with an empty
 * database.
 */
export async function settle(site: Site, places: Places, log: Log): Promise<void> {
  await rename(site.unfinished, site.home);
  const parent = path.dirname(site.home);
  await flushFolder(parent);
  if (parent === places.dataDir) {
    return;
  }
  await writeFile(path.join(parent, 'belongs-to'), `${places.dataDir}\n`);
  const pointer = path.join(places.dataDir, 'location');
  await writeFile(`${pointer}.new`, `${site.home}\n`, { flush: true });
  await rename(`${pointer}.new`, pointer);
  await flushFolder(places.dataDir);
  log.warn(
    { dataDir: places.dataDir, home: site.home },
    `the database lies in ${site.home}, because the user that PostgreSQL runs as cannot enter ${places.dataDir}`,
  );
  const abandoned = await findAbandoned(places.sharedDirectory);
  if (abandoned.length > 0) {
    log.warn(
      { abandoned },
      `databases of data folders that no longer exist: ${abandoned.join(', ')}; delete them if nobody misses them`,
    );
  }
}

const siteIn = (parent: string): Site => ({
  unfinished: path.join(parent, 'cluster.new'),
  home: path.join(parent, 'cluster'),
});

/**
 * Homes in the shared folder that no data folder points to any more. They are only told of: data is
 * not ours to delete.
 */
async function findAbandoned(sharedDirectory: string): Promise<string[]> {
  const abandoned: string[] = [];
  for (const name of await readdir(sharedDirectory)) {
    const parent = path.join(sharedDirectory, name);
    const owner = (await unlessMissing(readFile(path.join(parent, 'belongs-to'), 'utf8')))?.trim();
    if (owner !== undefined) {
      const pointer = await unlessMissing(readFile(path.join(owner, 'location'), 'utf8'));
      if (pointer?.trim() !== siteIn(parent).home) {
        abandoned.push(parent);
      }
    }
  }
  return abandoned;
}

/**
 * Brings the names in a folder to the disk. A renaming that a power cut undid would look like a
 * cluster whose making was interrupted, and that is deleted.
 */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') {
    // Windows cannot open folders; NTFS keeps a journal of names.
    return;
  }
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes an empty folder of the account's; false if the account cannot have one there. */
async function reserve(folder: string, account: Account): Promise<boolean> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  if (account === undefined || (await handOver(folder, account))) {
    return true;
  }
  await rm(folder, { recursive: true });
  return false;
}

async function handOver(folder: string, account: NonNullable<Account>): Promise<boolean> {
  try {
    await chown(folder, account.uid, account.gid);
  } catch (error) {
    if (isSystemError(error, 'EPERM', 'EINVAL', 'ENOSYS', 'ENOTSUP')) {
      return false;
    }
    throw error;
  }
  return canWrite(account, folder);
}

async function exists(file: string): Promise<boolean> {
  return (await unlessMissing(stat(file))) !== undefined;
}
