import { once } from 'node:events';
import { chmod, mkdir, readFile, readdir, rmdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';

import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';

import { openCluster } from './cluster.ts';
import { chooseEndpoint, connectionString, endpointSettings } from './endpoint.ts';
import { launchServer } from './server.ts';
import { query, sharedDataFolder, silent, start, temporaryFolder } from './test-support.ts';

const socketFolderOf = (url: string): string =>
  new URL(url.replace('@/', '@x/')).searchParams.get('host') ?? '';

const shared = sharedDataFolder();

test('the first start makes a cluster that speaks every language and keeps what it confirms', async () => {
  const folder = await temporaryFolder();
  // An earlier first start was interrupted: this is the real first one.
  await mkdir(path.join(folder, 'cluster.new', 'pgdata'), { recursive: true });
  await writeFile(path.join(folder, 'cluster.new', 'pgdata', 'PG_VERSION'), '18\n');
  const server = await start(folder, { settings: {} });
  expect(await readdir(folder)).not.toContain('cluster.new');
  const [settings] = await query(
    server.connectionString,
    `SELECT current_setting('server_encoding') AS encoding,
            current_setting('fsync') AS fsync,
            current_setting('synchronous_commit') AS synchronous_commit,
            current_setting('listen_addresses') AS listen_addresses,
            current_setting('TimeZone') AS time_zone,
            lower('ЖЁ') AS lower,
            to_tsvector('simple', 'Мышь и ёж')::text AS words`,
  );
  expect(settings).toEqual({
    encoding: 'UTF8',
    fsync: 'on',
    synchronous_commit: 'on',
    listen_addresses: '',
    time_zone: 'UTC',
    lower: 'жё',
    words: `'и':2 'мышь':1 'ёж':3`,
  });
});

test('nobody connects without the password, and other users cannot reach the socket', async () => {
  const server = await start(shared.dataDir);
  const wrong = server.connectionString.replace(/:[^:@]+@/, ':wrong@');
  await expect(query(wrong, 'SELECT 1')).rejects.toThrow('password authentication failed');
  const { mode } = await stat(socketFolderOf(server.connectionString));
  expect(mode & 0o777).toBe(0o700);
  expect((await stat(server.dataDir)).mode & 0o777).toBe(0o700);
});

test('a stopped server leaves its data to the next start, and stopping twice is stopping', async () => {
  const folder = shared.dataDir;
  const first = await start(folder);
  await query(first.connectionString, 'CREATE TABLE kept AS SELECT 7 AS value');
  await first.stop();
  await first.stop();
  expect(await first.exited).toEqual({ code: 0, signal: null });
  const second = await start(folder);
  expect(second.connectionString).toBe(first.connectionString);
  expect(await query(second.connectionString, 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
});

test('a data folder may have a long name with spaces, quotes, commas and Cyrillic letters', async () => {
  const parent = await temporaryFolder();
  const folder = path.join(
    parent,
    `Мои "документы", том 1's и ещё очень длинное имя папки с данными`,
  );
  // Programs that had to be copied lie elsewhere, as they do outside of tests: initdb runs `postgres` through a shell.
  const options = { sharedDirectory: path.join(parent, 'shared') };
  const first = await start(folder, options);
  const socketFolder = socketFolderOf(first.connectionString);
  expect(Buffer.byteLength(socketFolder)).toBeLessThan(90);
  expect((await stat(socketFolder)).mode & 0o777).toBe(0o700);
  await query(first.connectionString, 'CREATE TABLE kept AS SELECT 7 AS value');
  await first.stop();
  await expect(stat(socketFolder)).rejects.toThrow('ENOENT');
  const second = await start(folder, options);
  expect(second.connectionString).toBe(first.connectionString);
  expect(await query(second.connectionString, 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
  await second.stop();

  // Temporary folders are everybody's: a folder that somebody else made under that name is not
  // used.
  await mkdir(socketFolder);
  onTestFinished(() => rmdir(socketFolder));
  await chmod(socketFolder, 0o777);
  const third = await start(folder, options);
  expect(socketFolderOf(third.connectionString)).not.toBe(socketFolder);
  expect(await query(third.connectionString, 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
});

test('of two starts on a new folder at once, one wins and the other says who did', async () => {
  const folder = await temporaryFolder();
  const outcomes = await Promise.allSettled([start(folder), start(folder)]);
  const winner = outcomes.find((outcome) => outcome.status === 'fulfilled');
  const loser = outcomes.find((outcome) => outcome.status === 'rejected');
  expect(loser?.reason).toMatchObject({
    code: 'postgres.already_running',
    details: { folder, pid: process.pid },
  });
  expect(await query(winner!.value.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a server that cannot start says why, and the folder can be started again', async () => {
  const folder = shared.dataDir;
  await expect(start(folder, { settings: { shared_buffers: 'many' } })).rejects.toMatchObject({
    code: 'postgres.start_failed',
    message: expect.stringContaining('invalid value for parameter "shared_buffers": "many"'),
  });
  const server = await start(folder);
  expect(await query(server.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('what the server says reaches the log at the level it deserves', async () => {
  const lines: string[] = [];
  const note = (level: string) => (_: object, message: string) => {
    lines.push(`${level} ${message}`);
  };
  const log = {
    debug: note('debug'),
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
  };
  const server = await start(shared.dataDir, { log });
  await expect(query(server.connectionString, 'SELECT 1 / 0')).rejects.toThrow('division');
  await query(server.connectionString, `DO $$ BEGIN RAISE WARNING 'paper is low'; END $$`);
  await expect(query(`${server.connectionString}&user=nobody`, 'SELECT 1')).rejects.toThrow(
    'password authentication failed',
  );
  await server.stop();
  expect(lines).toContain('debug division by zero');
  expect(lines).toContain('warn paper is low');
  expect(lines).toContain('error password authentication failed for user "nobody"');
  expect(lines).toContain('info PostgreSQL started');
});

test('without Unix sockets the server listens on a free port of this machine, the same one after a restart', async () => {
  const { dataDir } = shared;
  const cluster = await openCluster({
    dataDir,
    sharedDirectory: path.join(dataDir, 'shared'),
    sync: false,
    log: silent,
  });
  const endpoint = await chooseEndpoint(cluster, false);
  const server = await launchServer(cluster, endpointSettings(endpoint), silent);
  onTestFinished(() => server.stop('immediate'));
  const url = connectionString(cluster, endpoint);
  expect(await query(url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  await server.stop('fast');
  expect(await chooseEndpoint(cluster, false)).toEqual(endpoint);
  const squatter = createServer().listen(
    Number(await readFile(path.join(cluster.home, 'port'), 'utf8')),
    '127.0.0.1',
  );
  await once(squatter, 'listening');
  onTestFinished(() => void squatter.close());
  expect(await chooseEndpoint(cluster, false)).not.toEqual(endpoint);
});

test('a shutdown that a hanging connection holds up is completed without it', async () => {
  const { dataDir } = shared;
  const cluster = await openCluster({
    dataDir,
    sharedDirectory: dataDir,
    sync: false,
    log: silent,
  });
  const endpoint = await chooseEndpoint(cluster);
  const server = await launchServer(cluster, endpointSettings(endpoint), silent);
  const client = new Client({ connectionString: connectionString(cluster, endpoint) });
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  process.kill(rows[0]!.pid, 'SIGSTOP');
  await server.stop('fast', 50);
  expect(await server.exited).toEqual({ code: 0, signal: null });
});
