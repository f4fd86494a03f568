import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import { PostgresError } from '../errors.ts';
import type { Log } from '../log.ts';
import { canRun, childEnvironment } from './account.ts';
import { executable } from './binaries.ts';
import type { Cluster } from './cluster.ts';
import { LOG_LINE_PREFIX, parseLogLine, relay } from './server-log.ts';

/** How a server process ended: one of the two is null. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server that accepts connections. */
export interface Server {
  readonly pid: number;
  readonly exited: Promise<Exit>;
}

/** What PostgreSQL says when another server's lock file or shared memory is in its way. */
const LOCK_FILE_EXISTS = 'F0001';
/** How much of the server's last words an error quotes. */
const TAIL_LINES = 12;

/**
 * Starts the server and resolves once it accepts connections. There is no time limit: recovery after a crash takes as long as it
 * takes, and the log tells of its progress. Throws `postgres.in_use` or `postgres.start_failed`.
 */
export async function launchServer(
  cluster: Cluster,
  settings: Readonly<Record<string, string>>,
  log: Log,
): Promise<Server> {
  const child = await spawnServer(cluster, settings);
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  const tail: string[] = [];
  let sqlState = '';
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (text) => {
      const line = parseLogLine(text);
      relay(line, log);
      tail.push(text);
      tail.splice(0, tail.length - TAIL_LINES);
      if (line.severity === 'FATAL') {
        sqlState = line.sqlState;
      }
      if (line.message === 'database system is ready to accept connections') {
        resolve();
      }
    });
  });
  // 'close' comes after the last line was read, 'error' if there was no process at all.
  const ended = once(child, 'close');
  if (!(await Promise.race([ready.then(() => true), ended.then(() => false)]))) {
    throw startFailure(cluster, await exited, sqlState, tail);
  }
  return { pid: child.pid ?? 0, exited };
}

async function spawnServer(
  cluster: Cluster,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcessByStdio<null, null, Readable>> {
  const parameters = Object.entries({
    // The messages are read by this program, and times by people on other continents.
    lc_messages: 'C',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    ...settings,
    log_destination: 'stderr',
    logging_collector: 'off',
    log_line_prefix: LOG_LINE_PREFIX,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [
    executable(cluster.installation, 'postgres'),
    '-D',
    cluster.pgdata,
    ...parameters,
  ];
  const [file = '', ...rest] = [...(await tiedToParent(cluster)), ...command];
  return spawn(file, rest, {
    ...cluster.account,
    cwd: '/',
    env: childEnvironment(),
    // A process group of its own: Ctrl-C in the terminal must not stop the database before the program that uses it.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/**
 * On Linux the kernel can be told to send the server the signal of a fast shutdown when this process is killed, so that no server is left
 * behind. util-linux's setpriv does so from version 2.33 on; without it the next start ends the orphan.
 */
async function tiedToParent(cluster: Cluster): Promise<string[]> {
  const tie = ['--pdeathsig', 'INT', '--'];
  const probe = [...tie, executable(cluster.installation, 'postgres'), '--version'];
  const isPossible =
    process.platform === 'linux' && (await canRun(cluster.account, 'setpriv', probe));
  return isPossible ? ['setpriv', ...tie] : [];
}

function startFailure(
  cluster: Cluster,
  exit: Exit,
  sqlState: string,
  tail: readonly string[],
): PostgresError {
  const details = { pgdata: cluster.pgdata, ...exit, log: tail };
  const words = tail.join('\n');
  return sqlState === LOCK_FILE_EXISTS
    ? new PostgresError(
        'postgres.in_use',
        `Another PostgreSQL server uses ${cluster.pgdata}; stop it and start again. The server said:\n${words}`,
        details,
      )
    : new PostgresError(
        'postgres.start_failed',
        `PostgreSQL did not start with ${cluster.pgdata} (exit code ${exit.code}, signal ${exit.signal}). The server said:\n${words}`,
        details,
      );
}
