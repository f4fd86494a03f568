import { execFile } from 'node:child_process';
import { readFile, readdir, readlink, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import { PostgresError } from '../errors.ts';
import type { Log } from '../log.ts';
import { isSystemError, unlessMissing } from './system-errors.ts';

const run = promisify(execFile);

/** The end of a process that is not our child is no event in Node: it is looked for this often. */
const POLL_MS = 20;
const FAST_SHUTDOWN_MS = 30_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;

/**
 * Ends what an earlier owner of the cluster left running. The caller holds the folder's lock, so that owner is dead: a server that
 * still runs is an orphan. It is stopped and not adopted, because its log and its exit would reach nobody.
 */
export async function endLeftovers(pgdata: string, log: Log): Promise<void> {
  const postmaster = await readPostmasterPid(pgdata);
  const processes = await findProcesses(pgdata, postmaster);
  if (processes.length > 0) {
    log.warn(
      { pgdata, processes },
      'stopping a PostgreSQL server that outlived the program that started it',
    );
    if (postmaster !== undefined && processes.includes(postmaster)) {
      send(postmaster, 'SIGINT');
      await waitUntilGone(pgdata, postmaster, FAST_SHUTDOWN_MS);
    }
    // What is left has no postmaster: it may not write any more, and recovery makes good what it was doing.
    const rest = await findProcesses(pgdata, postmaster);
    rest.forEach((pid) => send(pid, 'SIGQUIT'));
    const alive = await waitUntilGone(pgdata, postmaster, IMMEDIATE_SHUTDOWN_MS);
    if (alive.length > 0) {
      throw new PostgresError(
        'postgres.in_use',
        `The processes ${alive.join(', ')} of an earlier PostgreSQL server still use ${pgdata} and do not end; end them (kill -9) and start again.`,
        { pgdata, processes: alive },
      );
    }
  }
  if (process.platform !== 'win32') {
    // PostgreSQL takes any process with the number in this file for its own server, and numbers are reused.
    await rm(path.join(pgdata, 'postmaster.pid'), { force: true });
  }
}

async function readPostmasterPid(pgdata: string): Promise<number | undefined> {
  const content = await unlessMissing(readFile(path.join(pgdata, 'postmaster.pid'), 'utf8'));
  const pid = Number.parseInt(content ?? '', 10);
  return Number.isNaN(pid) ? undefined : pid;
}

/** The processes of servers of this folder: each of them has it as its working directory. */
async function findProcesses(pgdata: string, postmaster: number | undefined): Promise<number[]> {
  if (process.platform === 'linux') {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    const found = await Promise.all(pids.map(async (pid) => (await worksIn(pid)) === pgdata));
    return pids.filter((_, index) => found[index]);
  }
  return postmaster !== undefined && (await commandOf(postmaster)).includes(pgdata)
    ? [postmaster]
    : [];
}

async function worksIn(pid: number): Promise<string | undefined> {
  try {
    return await unlessMissing(readlink(`/proc/${pid}/cwd`));
  } catch (error) {
    if (isSystemError(error, 'EACCES', 'EPERM')) {
      // Another user's process: we would not run a server as that one.
      return undefined;
    }
    throw error;
  }
}

async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'win32') {
    // Windows has no orphans of this kind to tell apart: PostgreSQL's own lock file decides.
    return '';
  }
  try {
    return (await run('ps', ['-o', 'command=', '-p', String(pid)])).stdout;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 1) {
      return '';
    }
    throw error;
  }
}

/** Waits until `pid` (or, without a living one, every process of the folder) has ended; returns those that have not. */
async function waitUntilGone(
  pgdata: string,
  postmaster: number | undefined,
  timeoutMs: number,
): Promise<number[]> {
  const deadline = performance.now() + timeoutMs;
  let alive = await findProcesses(pgdata, postmaster);
  while (alive.length > 0 && performance.now() < deadline) {
    await delay(POLL_MS);
    alive = await findProcesses(pgdata, postmaster);
  }
  return alive;
}

function send(pid: number, signal: 'SIGINT' | 'SIGQUIT'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isSystemError(error, 'ESRCH')) {
      throw error;
    }
  }
}
