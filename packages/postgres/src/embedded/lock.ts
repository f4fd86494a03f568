import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { PostgresError } from '../errors.ts';
import { unlessMissing } from './system-errors.ts';

/** A lock on a folder that ends with `release` or with the process, however that ends. */
export interface FolderLock {
  release(): void;
}

/** SQLite's result code for "somebody else holds the lock". */
const SQLITE_BUSY = 5;

/**
 * Takes the folder for this process, or throws `postgres.already_running` with the holder's pid.
 *
 * Node has no file locks of its own, but the SQLite inside it takes one of the kernel's on its database file: an empty
 * file in an open exclusive transaction is such a lock, and it dies with the process. Files with a pid in them were rejected: pids are
 * reused (in a container within minutes) and two processes that both find a stale one can both take it.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const pidFile = path.join(folder, 'owner.pid');
  const database = openLockFile(folder);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!isBusy(error)) {
      throw unlockable(folder, error);
    }
    const pid = (await unlessMissing(readFile(pidFile, 'utf8')))?.trim() ?? 'unknown';
    throw new PostgresError(
      'postgres.already_running',
      `The database in ${folder} is in use by the process ${pid}; stop that one first, or use another data folder.`,
      { folder, pid: Number(pid) },
    );
  }
  // Only for the message above: the lock itself cannot say who holds it.
  await writeFile(pidFile, `${process.pid}\n`);
  return { release: () => database.isOpen && database.close() };
}

function openLockFile(folder: string): DatabaseSync {
  try {
    return new DatabaseSync(path.join(folder, 'lock'));
  } catch (error) {
    throw unlockable(folder, error);
  }
}

function unlockable(folder: string, cause: unknown): PostgresError {
  return new PostgresError(
    'postgres.unreachable',
    `The file ${path.join(folder, 'lock')} cannot be written; check that the disk is writable and the folder belongs to the user who runs this program.`,
    { folder },
    cause,
  );
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
