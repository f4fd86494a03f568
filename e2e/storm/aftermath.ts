import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openPool } from '@scriptorium/postgres';
import type { Pool } from 'pg';
import { sweepUploads } from '../../apps/server/src/platform/uploads.ts';
import { filesIn as filesOf } from '../../apps/server/src/testing.ts';
import { DrivenTime } from '../../packages/kernel/src/testing/driven-time.ts';
import { startProcess } from '../../packages/kernel/src/testing/process-under-test.ts';
import { checkDatabase } from './check.ts';
import type { SmallDisk } from './small-disk.ts';

/**
 * The sweeper comes once an hour, later by a minute for each round that another one was still under way in; what it removes has to be an
 * hour old, and what a process with a clock four minutes ahead has stored is taken for that much younger: it may go with the third round.
 */
const MINUTES = 130;
const log = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * What a storm has left behind when everybody has gone home and two hours have passed for a kernel that cleans up.
 */
export async function checkAftermath(databaseUrl: string, disk: SmallDisk): Promise<string[]> {
  const pool = openPool(databaseUrl, { applicationName: 'aftermath', log });
  const time = new DrivenTime(pool);
  const cleaner = await startProcess({
    connectionString: `${databaseUrl}&options=${encodeURIComponent('-c pgboss.test_clock=on')}`,
    time,
    log,
    pipelines: [],
    files: filesOf(disk.dataDir, 0),
  });
  try {
    try {
      await cleaner.work(1);
      for (let minute = 0; minute < MINUTES; minute += 1) await time.leap(60);
    } finally {
      // Driven time waits for statements, not for files: a sweep may still be between its rows and its files.
      await cleaner.stop();
    }
    await sweepUploads(disk, time.now().getTime());
    const breaches = [
      ...(await checkDatabase(pool)),
      ...(await checkQueue(pool)),
      ...(await checkFiles(pool, disk)),
    ];
    return breaches.map((breach) => `two hours later, ${breach}`);
  } finally {
    await time.close();
    await pool.end();
  }
}

/** Tasks that have ended are kept for a minute. */
async function checkQueue(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string; state: string; count: number }>(
    'SELECT name, state, count(*)::int FROM pgboss.job GROUP BY 1, 2',
  );
  return rows.map(
    ({ name, state, count }) => `${count} ${state} tasks of ${name} are in the queue`,
  );
}

/** Each file has its row and each row its file; nothing unfinished and nothing temporary is there. */
async function checkFiles(pool: Pool, { dataDir, temporaryDir }: SmallDisk): Promise<string[]> {
  const { rows } = await pool.query<{ blob: string }>('SELECT blob FROM kernel.artifacts');
  const known = new Set(rows.map(({ blob }) => path.basename(blob)));
  const stored = await filesIn(path.join(dataDir, 'artifacts'));
  const names = new Set(stored.map((file) => path.basename(file)));
  const left = await Promise.all(
    [path.join(dataDir, 'unfinished'), path.join(dataDir, 'tmp'), temporaryDir].map(entriesIn),
  );
  return [
    ...stored
      .filter((file) => !known.has(path.basename(file)))
      .map((file) => `the file ${file} has no row`),
    ...[...known].filter((name) => !names.has(name)).map((name) => `the file ${name} is lost`),
    ...left.flat().map((entry) => `the temporary ${entry} was left behind`),
  ];
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

async function entriesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(unlessGone);
  return (names ?? []).map((name) => path.join(folder, name));
}

/** Longer than a child takes to notice that its parent is gone. */
const ORPHAN_MS = 10_000;

/** Processes that are still at work in the folder although all that anybody knows of have been ended. Linux alone tells. */
export async function checkProcesses(folder: string): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  const until = performance.now() + ORPHAN_MS;
  for (;;) {
    const left = await processesIn(folder);
    if (left.length === 0 || performance.now() > until) {
      return left.map((command) => `a process was left behind: ${command}`);
    }
    await delay(200);
  }
}

async function processesIn(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(unlessGone);
      if (cwd !== folder) return [];
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(unlessGone);
      return [`${pid} ${command?.replaceAll('\0', ' ')}`];
    }),
  );
  return found.flat();
}

const GONE = new Set(['ENOENT', 'ESRCH', 'EACCES']);

function unlessGone(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && GONE.has(String(error.code))) return undefined;
  throw error;
}
