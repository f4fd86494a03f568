import { constants, renameSync, writeFileSync } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
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
 * Node has no file locks of its own, but the SQLite inside it takes one of the kernel's on its
 * database file: an empty file in an open exclusive transaction is such a lock, and it dies with
 * the process. Files with a pid in them were rejected: pids are reused (in a container within
 * minutes) and two processes that both find a stale one can both take it.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const lockFile = path.join(folder, 'lock');
  const pidFile = path.join(folder, 'owner.pid');
  let database: DatabaseSync | undefined;
  try {
    // SQLite would open a file that it may not write for reading, and the lock would be no lock.
    await unlessMissing(access(lockFile, constants.W_OK));
    database = new DatabaseSync(lockFile);
    database.exec('BEGIN EXCLUSIVE');
    // Only for the message below: the lock itself cannot say who holds it. Written at once and as a
    // whole, because whoever comes second may read it in the next moment.
    writeFileSync(`${pidFile}.new`, `${process.pid}\n`);
    renameSync(`${pidFile}.new`, pidFile);
  } catch (error) {
    database?.close();
    throw isBusy(error) ? await alreadyRunning(folder, pidFile) : unlockable(lockFile, error);
  }
  const held = database;
  return { release: () => held.isOpen && held.close() };
}

async function alreadyRunning(folder: string, pidFile: string): Promise<PostgresError> {
  const pid = (await unlessMissing(readFile(pidFile, 'utf8')))?.trim() ?? 'unknown';
  return new PostgresError(
    'postgres.already_running',
    `The database in ${folder} is in use by the process ${pid}; stop that one first, or use another data folder.`,
    { folder, pid: Number(pid) },
  );
}

function unlockable(file: string, cause: unknown): PostgresError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PostgresError(
    'postgres.unreachable',
    `The data folder cannot be locked with ${file} (${reason}); check that the disk is writable and that the folder belongs to the user who runs this program.`,
    { file },
    cause,
  );
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
