import { randomUUID } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import type { Pool } from 'pg';
import { beforeEach, expect, inject, onTestFinished, test } from 'vitest';

import type { Log } from './log.ts';
import { migrate } from './migrate.ts';
import { openPool } from './pool.ts';

const log: Log = { debug() {}, info() {}, warn() {}, error() {} };

let pool: Pool;
let kernel: { name: string; directory: string };
let app: { name: string; directory: string };

async function makeSet(name: string): Promise<{ name: string; directory: string }> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'migrations-test-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return { name, directory };
}

const write = (set: { directory: string }, name: string, sql: string): Promise<void> =>
  writeFile(path.join(set.directory, name), sql);

beforeEach(async () => {
  const admin = openPool(inject('testClusterUrl'), { applicationName: 'migrate test', log });
  const name = `migrate_${randomUUID().replaceAll('-', '')}`;
  await admin.query(`CREATE DATABASE ${name}`);
  const url = inject('testClusterUrl').replace('/postgres?', `/${name}?`);
  pool = openPool(url, { applicationName: 'migrate test', log });
  const own = pool;
  onTestFinished(async () => {
    await own.end();
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  });
  kernel = await makeSet('kernel');
  app = await makeSet('app');
  await write(
    kernel,
    '0001_jobs.sql',
    'CREATE TABLE jobs (id bigint); CREATE TABLE events (id bigint);',
  );
  await write(kernel, '0002_more.sql', 'ALTER TABLE jobs ADD COLUMN state text;');
  await write(
    app,
    '0001_books.sql',
    'CREATE TABLE books (state text); INSERT INTO books SELECT state FROM jobs;',
  );
});

async function history(): Promise<string[]> {
  const { rows } = await pool.query<{ step: string }>(
    `SELECT set || '/' || name AS step FROM schema_migrations ORDER BY applied_at`,
  );
  return rows.map(({ step }) => step);
}

const wholeHistory = ['kernel/0001_jobs.sql', 'kernel/0002_more.sql', 'app/0001_books.sql'];

test('sets are applied in their order and files by number, and a second run does nothing', async () => {
  await migrate(pool, [kernel, app], log);
  expect(await history()).toEqual(wholeHistory);
  await migrate(pool, [kernel, app], log);
  expect(await history()).toEqual(wholeHistory);
});

test('processes that start together all succeed, and each file is applied once', async () => {
  await write(app, '0002_slow.sql', `SELECT pg_sleep(0.1); CREATE TABLE slow ();`);
  await Promise.all([1, 2, 3, 4].map(() => migrate(pool, [kernel, app], log)));
  expect(await history()).toEqual([...wholeHistory, 'app/0002_slow.sql']);
});

test('a database from newer code is refused, whether a file or a whole set is unknown', async () => {
  await migrate(pool, [kernel, app], log);
  await expect(migrate(pool, [kernel], log)).rejects.toMatchObject({
    code: 'database.newer_than_code',
    details: { set: 'app', name: '0001_books.sql' },
  });
  await rm(path.join(kernel.directory, '0002_more.sql'));
  await expect(migrate(pool, [kernel, app], log)).rejects.toMatchObject({
    code: 'database.newer_than_code',
    details: { set: 'kernel', name: '0002_more.sql' },
  });
});

test('an applied file that was edited is refused; other line ends are no edit', async () => {
  await write(kernel, '0002_more.sql', 'ALTER TABLE jobs\nADD COLUMN state text;\n');
  await migrate(pool, [kernel, app], log);
  await write(kernel, '0002_more.sql', 'ALTER TABLE jobs\r\nADD COLUMN state text;\r\n');
  await migrate(pool, [kernel, app], log);
  await write(kernel, '0002_more.sql', 'ALTER TABLE jobs ADD COLUMN state integer;');
  await expect(migrate(pool, [kernel, app], log)).rejects.toMatchObject({
    code: 'migration.changed',
    details: { set: 'kernel', name: '0002_more.sql' },
  });
});

test.each([
  { to: '0003_more.sql', code: 'migration.gap' },
  { to: '0001_more.sql', code: 'migration.gap' },
  { to: '2_more.sql', code: 'migration.bad_name' },
  { to: '0002-More.sql', code: 'migration.bad_name' },
])('a second file named $to is refused before anything is applied', async ({ to, code }) => {
  await rename(path.join(kernel.directory, '0002_more.sql'), path.join(kernel.directory, to));
  await expect(migrate(pool, [kernel, app], log)).rejects.toMatchObject({ code });
  const { rows } = await pool.query(`SELECT to_regclass('jobs') AS jobs`);
  expect(rows).toEqual([{ jobs: null }]);
});

test('a history with a hole in it is refused', async () => {
  await migrate(pool, [kernel, app], log);
  await pool.query(`DELETE FROM schema_migrations WHERE name = '0001_jobs.sql'`);
  await expect(migrate(pool, [kernel, app], log)).rejects.toMatchObject({
    code: 'migration.gap',
    details: { set: 'kernel', name: '0002_more.sql' },
  });
});

test('a file that fails leaves nothing of itself, names itself and the line, and can be corrected', async () => {
  await write(kernel, '0002_more.sql', `CREATE TABLE half ();\n-- Ё\nINSERT INTO jbos VALUES (1);`);
  const failure = migrate(pool, [kernel, app], log);
  await expect(failure).rejects.toMatchObject({
    code: 'migration.failed',
    message: expect.stringContaining(
      'kernel/0002_more.sql failed at line 3: relation "jbos" does not exist',
    ),
    cause: expect.objectContaining({ code: '42P01' }),
  });
  expect(await history()).toEqual(['kernel/0001_jobs.sql']);
  const { rows } = await pool.query(`SELECT to_regclass('half') AS half`);
  expect(rows).toEqual([{ half: null }]);
  await write(kernel, '0002_more.sql', 'ALTER TABLE jobs ADD COLUMN state text;');
  await migrate(pool, [kernel, app], log);
  expect(await history()).toEqual(wholeHistory);
});

test('what a file sets for its session does not reach those who use the pool later', async () => {
  await write(app, '0002_settings.sql', `SET work_mem = '123MB'; CREATE TABLE sorted ();`);
  await migrate(pool, [kernel, app], log);
  const settings = await Promise.all([1, 2, 3].map(() => pool.query('SHOW work_mem')));
  expect(settings.map(({ rows }) => rows[0].work_mem)).not.toContain('123MB');
});
