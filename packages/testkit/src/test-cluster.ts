import { chmod, mkdtemp, readdir, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import {
  PostgresError,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '@scriptorium/postgres';
import type { EmbeddedPostgres, Log } from '@scriptorium/postgres';

const PREFIX = 'scriptorium-test-cluster-';

/** Nothing of a test outlives it, so nothing waits for the disk; many files connect at once. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
};

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A PostgreSQL server for one test, which may kill it and start it again. */
export interface TestCluster extends EmbeddedPostgres {
  /** The folder to start it again from. */
  readonly folder: string;
  /** Kills the server as a crash would, and waits for its end. */
  kill(): Promise<void>;
  /** Stops the server if it runs and deletes its data. */
  remove(): Promise<void>;
}

export interface TestClusterOptions {
  /** An earlier cluster's folder, to start it again; a new one by default. */
  readonly folder?: string;
  /** Settings of PostgreSQL that differ from the fast and unsafe ones of the testkit. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly log?: Log;
}

/** Starts a PostgreSQL server of the test's own, in a temporary folder. Takes about a second. */
export async function startTestCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  const folder = options.folder ?? (await makeFolder());
  const server = await startEmbeddedPostgres({
    dataDir: folder,
    log: options.log ?? silent,
    settings: { ...SETTINGS, ...options.settings },
  });
  return {
    ...server,
    folder,
    async kill() {
      process.kill(server.pid, 'SIGKILL');
      await server.exited;
    },
    async remove() {
      await server.stop('immediate');
      await removeEmbeddedPostgres(folder, silent);
    },
  };
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), PREFIX));
  // The server does not run as root, so its user must be able to pass; the data in it is private
  // all the same.
  await chmod(folder, 0o755);
  return folder;
}

/** A run that has just begun may have made its folder but not locked it yet. */
const GRACE_MS = 10_000;

/**
 * Deletes what test runs left behind that were killed; what is in use by another run stays. `now`
 * is for tests.
 */
export async function removeAbandonedClusters(now = Date.now()): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    const folder = path.join(os.tmpdir(), name);
    if (name.startsWith(PREFIX) && (await isOlderThan(folder, now - GRACE_MS))) {
      await removeUnlessInUse(folder);
    }
  }
}

/** False also for a folder that another run has removed in the meantime. */
async function isOlderThan(folder: string, time: number): Promise<boolean> {
  const entry = await stat(folder, { throwIfNoEntry: false });
  return entry !== undefined && entry.birthtimeMs < time;
}

async function removeUnlessInUse(folder: string): Promise<void> {
  try {
    await removeEmbeddedPostgres(folder, silent);
  } catch (error) {
    const isTaken = ['postgres.already_running', 'postgres.unreachable'];
    if (!(error instanceof PostgresError && isTaken.includes(error.code))) {
      throw error;
    }
  }
}
