import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { folderForTest } from '../testing/files.ts';
import { newBlobName } from './blob-store.ts';
import { testBlobStore } from './blob-store.testsuite.ts';
import { openDiskStore } from './disk-store.ts';
import { newUploadFolder, openWorkFolders } from './work-folders.ts';

testBlobStore('disk', async () => openDiskStore(path.join(await folderForTest(), 'store')));

test('a store that was never written to is empty', async () => {
  const store = openDiskStore(path.join(await folderForTest(), 'none'));
  expect(await Array.fromAsync(store.list())).toEqual([]);
});

test('what does not look like a stored file is neither listed nor followed', async () => {
  const folder = await folderForTest();
  const outside = await folderForTest();
  const name = newBlobName('ab'.repeat(32));
  await writeFile(path.join(outside, name), 'theirs');
  await mkdir(path.join(folder, 'ac'));
  await writeFile(path.join(folder, 'notes.txt'), '');
  await writeFile(path.join(folder, 'ac', name), 'in the wrong folder');
  await symlink(path.join(outside, name), path.join(folder, 'ac', newBlobName('ac'.repeat(32))));
  await symlink(outside, path.join(folder, 'ab'));
  const store = openDiskStore(folder);
  expect(await Array.fromAsync(store.list())).toEqual([]);
  expect(await readFile(path.join(outside, name), 'utf8')).toBe('theirs');
});

const MEMORY = '/dev/shm';
const hasOtherDevice = existsSync(MEMORY) && statSync(MEMORY).dev !== statSync(tmpdir()).dev;

test.skipIf(!hasOtherDevice)('a file from another file system is copied whole', async () => {
  const store = openDiskStore(await folderForTest());
  const folders = openWorkFolders(await folderForTest(MEMORY));
  const folder = newUploadFolder();
  const file = await folders.write(folder, Buffer.from('from afar'));
  const name = newBlobName(file.sha256);
  await store.adopt(folders.pathOf(folder, file), name);
  expect(await store.stat(name)).toMatchObject({ size: 9 });
  expect(existsSync(folders.pathOf(folder, file))).toBe(false);
});

/** Silently; throws if the program fails or is not there. */
function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: 'ignore' });
}

/** A disk of 256 kB that is really full, where the tests may mount one (as root, not in most containers). */
async function smallDisk(): Promise<string | undefined> {
  const folder = await folderForTest();
  try {
    run('mount', '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder);
  } catch {
    return undefined;
  }
  onTestFinished(() => run('umount', '-l', folder));
  return folder;
}

test('a disk that is full says so and keeps nothing of the file', async ({ skip }) => {
  const disk = await smallDisk();
  if (disk === undefined) return skip('no small disk can be mounted here');
  const folder = newUploadFolder();
  const full = { code: 'disk.full', cause: { code: 'ENOSPC' } };

  const folders = openWorkFolders(path.join(disk, 'work'));
  await expect(folders.write(folder, Buffer.alloc(1_000_000))).rejects.toMatchObject(full);
  expect(await readdir(path.join(disk, 'work', folder))).toEqual([]);

  const elsewhere = openWorkFolders(await folderForTest());
  const file = await elsewhere.write(folder, Buffer.alloc(1_000_000));
  const store = openDiskStore(path.join(disk, 'store'));
  const adopted = store.adopt(elsewhere.pathOf(folder, file), newBlobName(file.sha256));
  await expect(adopted).rejects.toMatchObject(full);
  expect(await Array.fromAsync(store.list())).toEqual([]);
  expect(existsSync(elsewhere.pathOf(folder, file))).toBe(true);
});
