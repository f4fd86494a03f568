import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { PostgresError, startEmbeddedPostgres } from '@scriptorium/postgres';
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
  const folder = options.folder ?? (await mkdtemp(path.join(os.tmpdir(), PREFIX)));
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
      await rm(folder, { recursive: true });
    },
  };
}

/** Deletes what test runs left behind that were killed; what is in use by another run stays. */
export async function removeAbandonedClusters(): Promise<void> {
  const folders = (await readdir(os.tmpdir())).filter((name) => name.startsWith(PREFIX));
  for (const name of folders) {
    await removeUnlessInUse(path.join(os.tmpdir(), name));
  }
}

async function removeUnlessInUse(folder: string): Promise<void> {
  try {
    // Starting takes the folder's lock and ends a server that outlived its run.
    const cluster = await startTestCluster({ folder });
    await cluster.remove();
  } catch (error) {
    if (!(error instanceof PostgresError && error.code === 'postgres.already_running')) {
      throw error;
    }
  }
}
