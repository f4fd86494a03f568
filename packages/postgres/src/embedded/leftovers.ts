import { execFile } from 'node:child_process';
import { readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import { PostgresError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ClusterIdentity } from './cluster.ts';
import { FAST_SHUTDOWN_MS } from './server.ts';
import { isSystemError, unlessMissing } from './system-errors.ts';

interface Process {
  readonly pid: number;
  readonly command: string;
}

/**
 * The ways to end an orphan, from the gentle to the certain, and how long each may take. A server
 * has 30 s for its final checkpoint. What is left has no postmaster and may not go on writing;
 * recovery makes good whatever it was doing.
 */
const ESCALATION = [
  { signal: 'SIGINT', to: 'postmaster', timeoutMs: FAST_SHUTDOWN_MS },
  { signal: 'SIGQUIT', to: 'all', timeoutMs: 2_000 },
  { signal: 'SIGKILL', to: 'all', timeoutMs: 5_000 },
] as const;

/** The end of a process that is not our child is no event in Node: it is looked for this often. */
const POLL_MS = 20;

/**
 * Ends what an earlier owner of the cluster left running. The caller holds the folder's lock, so
 * that owner is dead: a server of ours that still runs is an orphan. It is stopped and not adopted,
 * because its log and its exit would reach nobody.
 */
export async function endLeftovers(cluster: ClusterIdentity, log: Log): Promise<void> {
  if (process.platform === 'win32') {
    // Its processes have no titles to find them by; PostgreSQL's own lock file decides.
    return;
  }
  for (const { signal, to, timeoutMs } of ESCALATION) {
    const found = (await listProcesses()).filter((each) => belongsTo(cluster, each));
    const targets = to === 'all' ? found : found.filter(isPostmaster);
    if (targets.length > 0) {
      const processes = targets.map(({ pid }) => pid);
      log.warn(
        { pgdata: cluster.pgdata, processes, signal },
        'ending a PostgreSQL server that outlived its owner',
      );
      processes.forEach((pid) => send(pid, signal));
      await waitUntilGone(cluster, timeoutMs);
    }
  }
  const alive = (await listProcesses()).filter((each) => belongsTo(cluster, each));
  if (alive.length > 0) {
    throw inUse(cluster, alive);
  }
  await removeStalePidFile(cluster);
}

const isPostmaster = ({ command }: Process): boolean => command.includes('cluster_name=');

/**
 * The tag is in the postmaster's parameters and, as its `cluster_name`, in the titles of its
 * children.
 */
function belongsTo({ tag }: ClusterIdentity, { command }: Process): boolean {
  return command.includes(`cluster_name=${tag} `) || command.startsWith(`postgres: ${tag}: `);
}

async function waitUntilGone(cluster: ClusterIdentity, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const processes = await listProcesses();
    if (!processes.some((each) => belongsTo(cluster, each))) {
      return;
    }
    await delay(POLL_MS);
  }
}

/**
 * PostgreSQL takes any process with the number in this file for its own server, and numbers are
 * reused, in containers at once. Only a server that somebody else started on this folder keeps its
 * file: PostgreSQL will say so.
 */
async function removeStalePidFile({ pgdata }: ClusterIdentity): Promise<void> {
  const file = path.join(pgdata, 'postmaster.pid');
  const holder = Number.parseInt((await unlessMissing(readFile(file, 'utf8'))) ?? '', 10);
  const isForeignServer = (await listProcesses()).some(
    ({ pid, command }) => pid === holder && command.includes(pgdata),
  );
  if (!isForeignServer) {
    await rm(file, { force: true });
  }
}

async function listProcesses(): Promise<Process[]> {
  return process.platform === 'linux' ? listFromProc() : listFromPs();
}

/** Small containers have no `ps`, but every Linux has this. */
async function listFromProc(): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return Promise.all(
    pids.map(async (pid) => {
      const command = (await unlessMissing(readFile(`/proc/${pid}/cmdline`, 'utf8'))) ?? '';
      return { pid, command: command.replaceAll('\0', ' ') };
    }),
  );
}

async function listFromPs(): Promise<Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axww', '-o', 'pid=,command=']);
  return stdout.split('\n').map((line) => {
    const [, pid = '', command = ''] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
    return { pid: Number(pid), command: `${command} ` };
  });
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isSystemError(error, 'ESRCH')) {
      throw error;
    }
  }
}

function inUse({ pgdata }: ClusterIdentity, alive: readonly Process[]): PostgresError {
  const processes = alive.map(({ pid }) => pid);
  return new PostgresError(
    'postgres.in_use',
    `The processes ${processes.join(', ')} of an earlier PostgreSQL server still use ${pgdata} and do not end, even killed; a reboot ends them.`,
    { pgdata, processes },
  );
}
