import { rm, stat } from 'node:fs/promises';
import path from 'node:path';

import { PostgresError } from '../errors.ts';
import type { Log } from '../log.ts';
import { identify } from './cluster.ts';
import { endLeftovers } from './leftovers.ts';
import { findHome } from './location.ts';
import { lockFolder } from './lock.ts';
import { unlessMissing } from './system-errors.ts';

/**
 * Deletes a data folder and the data that belongs to it, wherever that lies. A server that outlived
 * its owner is ended before. Throws `postgres.already_running` if somebody uses the folder.
 */
export async function removeEmbeddedPostgres(dataDir: string, log: Log): Promise<void> {
  if ((await unlessMissing(stat(dataDir))) === undefined) {
    return;
  }
  const lock = await lockFolder(dataDir);
  try {
    const home = await findHomeIfAny(dataDir);
    if (home !== undefined) {
      const identity = await unlessMissing(identify(home));
      if (identity !== undefined) {
        await endLeftovers(identity, log);
      }
      await rm(path.dirname(home), { recursive: true });
    }
    await rm(dataDir, { recursive: true, force: true });
  } finally {
    lock.release();
  }
}

/** Data that is gone already needs no deletion. */
async function findHomeIfAny(dataDir: string): Promise<string | undefined> {
  try {
    return await findHome(dataDir);
  } catch (error) {
    if (error instanceof PostgresError && error.code === 'postgres.data_incomplete') {
      return undefined;
    }
    throw error;
  }
}
