import { setTimeout as delay } from 'node:timers/promises';
import { PostgresError, startEmbeddedPostgres, type EmbeddedPostgres } from '@scriptorium/postgres';
import type { Log } from './platform/log.ts';
import type { Running } from './supervise.ts';

/** Where the database of an installation is. */
export interface DatabasePlace {
  /** Contains the password. */
  readonly url: string;
  /** Where its data really lies, which may be outside the data folder. */
  readonly folder: string;
}

export interface DatabaseOptions {
  readonly dataDir: string;
  readonly log: Log;
  /** Whether somebody works with this folder and means to stay. */
  readonly isInService: () => Promise<boolean>;
  readonly onReady: (place: DatabasePlace) => void;
}

/** How long an earlier owner that is ending may keep the folder: one whose parent was killed needs a moment for it. */
const PATIENCE_MS = 10_000;

/** Starts the database that npm installed, as something to supervise. */
export function launchDatabase(options: DatabaseOptions): Running {
  const started = startWhenFree(options);
  const stop = async () => (await started).stop();
  const stopOrNothing = () => {
    // One that did not start needs no stop; `ready` has told why.
    stop().catch((error: unknown) => options.log.debug({ err: error }, 'No database to stop'));
  };
  return {
    ready: tell(started, options),
    ended: describeEnd(started),
    stop: stopOrNothing,
    hurry: stopOrNothing,
  };
}

async function startWhenFree(options: DatabaseOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log, isInService } = options;
  for (const deadline = performance.now() + PATIENCE_MS; ;) {
    try {
      return await startEmbeddedPostgres({ dataDir, log });
    } catch (error) {
      const isTaken = error instanceof PostgresError && error.code === 'postgres.already_running';
      if (!isTaken || performance.now() > deadline || (await isInService())) throw error;
      await delay(100);
    }
  }
}

async function tell(
  started: Promise<EmbeddedPostgres>,
  { onReady }: DatabaseOptions,
): Promise<void> {
  const { connectionString, dataDir } = await started;
  onReady({ url: withSocketAsHost(connectionString), folder: dataDir });
}

async function describeEnd(started: Promise<EmbeddedPostgres>): Promise<string> {
  try {
    const { code, signal } = await (await started).exited;
    return signal === null ? `exit code ${String(code)}` : `ended by ${signal}`;
  } catch (error) {
    return String(error);
  }
}

/**
 * The address in the form that DATABASE_URL takes. An address with a password and no host, as libpq writes one for a socket, is no URL
 * for `new URL`; with the socket's folder as its host, encoded, it is one, and means the same to libpq and to pg.
 */
function withSocketAsHost(connectionString: string): string {
  const [, login, database, query] =
    /^(postgresql:\/\/[^@/]+@)(\/[^?]*)\?(.+)$/u.exec(connectionString) ?? [];
  if (login === undefined || database === undefined) return connectionString;
  const parameters = new URLSearchParams(query);
  const host = encodeURIComponent(parameters.get('host') ?? '');
  return `${login}${host}:${parameters.get('port') ?? 5432}${database}`;
}
