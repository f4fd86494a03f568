import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { PostgresError } from '../errors.ts';
import type { Log } from '../log.ts';
import { openCluster } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import type { Endpoint } from './endpoint.ts';
import { chooseEndpoint, connectionString, discardEndpoint, endpointSettings } from './endpoint.ts';
import { endLeftovers } from './leftovers.ts';
import { lockFolder } from './lock.ts';
import type { FolderLock } from './lock.ts';
import { launchServer } from './server.ts';
import type { Exit, ShutdownMode } from './server.ts';

export interface EmbeddedPostgresOptions {
  /** Made if it does not exist. One program at a time uses it. */
  readonly dataDir: string;
  readonly log: Log;
  /**
   * Settings of PostgreSQL, such as `{ max_connections: '200' }`; they win over postgresql.conf.
   */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * Root only: where data and binaries go if the user that the server runs as cannot reach them;
   * `/var/lib/scriptorium` by default.
   */
  readonly sharedDirectory?: string;
}

/** A running PostgreSQL server of our own. */
export interface EmbeddedPostgres {
  /** As a superuser; contains the password. */
  readonly connectionString: string;
  /** Where the data really lies, which may be outside the folder that was asked for. */
  readonly dataDir: string;
  readonly pid: number;
  /** Settles when the server has ended, whoever ended it; the folder may then be started again. */
  readonly exited: Promise<Exit>;
  /**
   * Ends the server and waits for that. `fast` breaks off what runs, rolls it back and closes
   * properly; `smart` waits until everybody has disconnected; `immediate` leaves the rest to
   * recovery. Committed data survives each of them.
   */
  stop(mode?: ShutdownMode): Promise<void>;
}

/**
 * Starts the PostgreSQL server that npm installed, on a data folder, and makes a new cluster there
 * if it is the first time. A server that an earlier, killed owner left running is stopped before.
 *
 * Throws `postgres.already_running` if another program uses the folder, `postgres.no_binaries`,
 * `postgres.no_account`, `postgres.unreachable`, `postgres.data_incomplete`, `postgres.in_use`,
 * `postgres.start_failed`.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const dataDir = path.resolve(options.dataDir);
  const locks: FolderLock[] = [];
  try {
    return await startLocked({ ...options, dataDir }, locks);
  } catch (error) {
    locks.forEach((lock) => lock.release());
    throw error instanceof PostgresError ? error : startFailure(dataDir, error);
  }
}

async function startLocked(
  options: EmbeddedPostgresOptions,
  locks: FolderLock[],
): Promise<EmbeddedPostgres> {
  const started = performance.now();
  const { dataDir, log, settings, sharedDirectory = '/var/lib/scriptorium' } = options;
  await mkdir(dataDir, { recursive: true });
  locks.push(await lockFolder(dataDir));
  const sync = settings?.['fsync'] !== 'off';
  const cluster = await openCluster({ dataDir, log, sharedDirectory, sync });
  const parent = path.dirname(cluster.home);
  if (parent !== dataDir) {
    // A copied data folder points to the same place.
    locks.push(await lockFolder(parent));
  }
  await endLeftovers(cluster, log);
  const running = await run(cluster, locks, options);
  const tookMs = Math.round(performance.now() - started);
  log.info({ dataDir: running.dataDir, pid: running.pid, tookMs }, 'PostgreSQL started');
  return running;
}

/**
 * What the operating system refuses (a full or read-only disk, say), told with the folder it is
 * about.
 */
function startFailure(dataDir: string, cause: unknown): PostgresError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PostgresError(
    'postgres.start_failed',
    `PostgreSQL could not be started with ${dataDir}: ${reason}`,
    { dataDir },
    cause,
  );
}

async function run(
  cluster: Cluster,
  locks: readonly FolderLock[],
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const endpoint = await chooseEndpoint(cluster);
  const settings = { ...options.settings, ...endpointSettings(endpoint) };
  const server = await launchServer(cluster, settings, options.log);
  const exited = server.exited.then(async (exit) => {
    await tidyUp(cluster, endpoint, locks, options.log);
    return exit;
  });
  return {
    connectionString: connectionString(cluster, endpoint),
    dataDir: cluster.home,
    pid: server.pid,
    exited,
    async stop(mode = 'fast') {
      await server.stop(mode);
      await exited;
    },
  };
}

/** Gives the folder free, whatever happens to the temporary folder of the socket. */
async function tidyUp(
  cluster: Cluster,
  endpoint: Endpoint,
  locks: readonly FolderLock[],
  log: Log,
): Promise<void> {
  try {
    await discardEndpoint(cluster, endpoint);
  } catch (error) {
    log.warn({ err: error, endpoint }, 'the folder of the socket could not be removed');
  } finally {
    locks.forEach((lock) => lock.release());
  }
}
