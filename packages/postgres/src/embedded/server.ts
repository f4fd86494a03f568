import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import { PostgresError } from '../errors.ts';
import type { Log } from '../log.ts';
import { canRun, childEnvironment, runAs } from './account.ts';
import { executable } from './binaries.ts';
import type { Cluster } from './cluster.ts';
import { LOG_LINE_PREFIX, READY, parseLogLine, relay } from './server-log.ts';

/** How a server process ended: one of the two is null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server that accepts connections. */
export interface Server {
  readonly pid: number;
  /** Settles when the server has ended, whoever ended it. */
  readonly exited: Promise<Exit>;
  /**
   * Ends it and waits for that. A fast shutdown that takes longer than the time limit, because a
   * process hangs, becomes an immediate one.
   */
  stop(mode: ShutdownMode, fastLimitMs?: number): Promise<void>;
}

export type ShutdownMode = 'smart' | 'fast' | 'immediate';

const SIGNALS = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** A fast shutdown writes out at most the shared buffers, 128 MB. */
export const FAST_SHUTDOWN_MS = 20_000;
/** What PostgreSQL says when another server's lock file or shared memory is in its way. */
const LOCK_FILE_EXISTS = 'F0001';
/** How much of the server's last words an error quotes. */
const TAIL_LINES = 12;

/**
 * Starts the server and resolves once it accepts connections. There is no time limit: recovery
 * after a crash takes as long as it takes, and the log tells of its progress. Throws
 * `postgres.in_use` or `postgres.start_failed`.
 */
export async function launchServer(
  cluster: Cluster,
  settings: Readonly<Record<string, string>>,
  log: Log,
): Promise<Server> {
  const child = await spawnServer(cluster, settings);
  // Not 'close', which also waits for processes that outlive a killed server and hold its standard
  // error.
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const tail: string[] = [];
  const sqlStates = new Set<string>();
  const ready = new Promise<'ready'>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (text) => {
      const line = parseLogLine(text);
      relay(line, log);
      tail.push(text);
      tail.splice(0, tail.length - TAIL_LINES);
      sqlStates.add(line.sqlState);
      if (line.message === READY) {
        resolve('ready');
      }
    });
  });
  // Here 'close', so that its last words have been read; rejects if there was no process at all.
  const closed = once(child, 'close');
  const outcome = await Promise.race([ready, closed]);
  if (outcome !== 'ready' || child.pid === undefined) {
    throw startFailure(cluster, await exited, sqlStates, tail);
  }
  const { pid } = child;
  return {
    pid,
    exited,
    async stop(mode, fastLimitMs = FAST_SHUTDOWN_MS) {
      await signalServer(cluster, child, mode);
      if (mode === 'fast' && !(await settlesWithin(exited, fastLimitMs))) {
        log.warn({ pid }, 'the fast shutdown of PostgreSQL hangs: ending it without');
        await signalServer(cluster, child, 'immediate');
      }
      await exited;
    },
  };
}

async function settlesWithin(promise: Promise<unknown>, limitMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(late.resolve, limitMs, false);
  try {
    return await Promise.race([promise.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function signalServer(
  cluster: Cluster,
  child: ChildProcess,
  mode: ShutdownMode,
): Promise<void> {
  if (process.platform === 'win32') {
    // Windows has no signals; PostgreSQL emulates them, and pg_ctl knows how.
    const pgCtl = path.join(cluster.installation.directory, 'bin', 'pg_ctl.exe');
    await runAs(undefined, pgCtl, ['stop', '-D', cluster.pgdata, '-m', mode, '--no-wait']);
  } else {
    // Does nothing once the server has been reaped, when its number may be another process's.
    child.kill(SIGNALS[mode]);
  }
}

async function spawnServer(
  cluster: Cluster,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcessByStdio<null, null, Readable>> {
  const parameters = Object.entries({
    // Times are read by people on several continents.
    timezone: 'UTC',
    log_timezone: 'UTC',
    // A line every five minutes about nothing.
    log_checkpoints: 'off',
    ...settings,
    // From here on: what this package relies on.
    cluster_name: cluster.tag,
    lc_messages: 'C',
    log_destination: 'stderr',
    logging_collector: 'off',
    log_line_prefix: LOG_LINE_PREFIX,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const postgres = executable(cluster.installation, 'postgres');
  const command = [postgres, '-D', cluster.pgdata, ...parameters];
  const [file = postgres, ...rest] = [...(await tieToParent(cluster)), ...command];
  return spawn(file, rest, {
    ...cluster.account,
    cwd: '/',
    env: childEnvironment(),
    // A process group of its own: Ctrl-C in the terminal must not stop the database before the
    // program that uses it.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/**
 * On Linux the kernel can be told to send the server the signal of a fast shutdown when this
 * process is killed, so that none is left behind. util-linux's setpriv does so from version 2.33
 * on; without it the next start ends the orphan.
 */
async function tieToParent(cluster: Cluster): Promise<string[]> {
  const tie = ['--pdeathsig', 'INT', '--'];
  const probe = [...tie, executable(cluster.installation, 'postgres'), '--version'];
  const isPossible =
    process.platform === 'linux' && (await canRun(cluster.account, 'setpriv', probe));
  return isPossible ? ['setpriv', ...tie] : [];
}

function startFailure(
  { pgdata }: Cluster,
  exit: Exit,
  sqlStates: ReadonlySet<string>,
  tail: readonly string[],
): PostgresError {
  const isInUse = sqlStates.has(LOCK_FILE_EXISTS);
  const what = isInUse
    ? `Another PostgreSQL server uses ${pgdata}; stop it and start again.`
    : `PostgreSQL did not start with ${pgdata} (exit code ${exit.code}, signal ${exit.signal}).`;
  return new PostgresError(
    isInUse ? 'postgres.in_use' : 'postgres.start_failed',
    `${what} The server said:\n${tail.join('\n')}`,
    { pgdata, ...exit, log: tail },
  );
}
