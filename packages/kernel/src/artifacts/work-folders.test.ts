import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { folderForTest } from '../testing/files.ts';
import { attemptFolder, newUploadFolder, openWorkFolders } from './work-folders.ts';

test('a file is written as it comes, measured and hashed', async () => {
  const folders = openWorkFolders(await folderForTest());
  const folder = newUploadFolder();
  const pieces = [randomBytes(70_000), Buffer.alloc(0), randomBytes(5)];
  async function* content() {
    yield* pieces;
  }
  const file = await folders.write(folder, content());
  const whole = Buffer.concat(pieces);
  expect(file).toMatchObject({
    size: 70_005,
    sha256: createHash('sha256').update(whole).digest('hex'),
  });
  expect((await readFile(folders.pathOf(folder, file))).equals(whole)).toBe(true);
});

test.each([
  [
    'a full disk',
    Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }),
    'disk.full',
  ],
  ['a quota of the system', Object.assign(new Error('EDQUOT'), { code: 'EDQUOT' }), 'disk.full'],
  ['a client who left', Object.assign(new Error('aborted'), { code: 'ECONNRESET' }), 'ECONNRESET'],
])('%s in the middle of a file leaves nothing behind', async (_what, error, code) => {
  const root = await folderForTest();
  const folders = openWorkFolders(root);
  const folder = newUploadFolder();
  async function* content() {
    yield randomBytes(100_000);
    throw error;
  }
  await expect(folders.write(folder, content())).rejects.toMatchObject({ code });
  expect(await readdir(path.join(root, folder))).toEqual([]);
});

test('only names that the kernel makes lead into the folder', async () => {
  const root = await folderForTest();
  const folders = openWorkFolders(path.join(root, 'work'));
  const good = newUploadFolder();
  for (const bad of ['..', '../other', '', '.', `${good}/..`, `../${good}`, `${good}\n`, '1.1.x']) {
    await expect(folders.write(bad, Buffer.from('x'))).rejects.toThrow(TypeError);
    await expect(folders.scratch(bad)).rejects.toThrow(TypeError);
    await expect(folders.remove(bad)).rejects.toThrow(TypeError);
    expect(() => folders.pathOf(good, { file: bad })).toThrow(TypeError);
  }
  expect(await readdir(root)).toEqual([]);
});

test('lists the folders of attempts and uploads, with their last change, and nothing else', async () => {
  const root = await folderForTest();
  const folders = openWorkFolders(root);
  const attempt = { workId: 7, taskId: randomUUID(), delivery: 2 };
  const upload = newUploadFolder();
  await folders.scratch(attemptFolder(attempt));
  await folders.write(upload, Buffer.from('x'));
  await mkdir(path.join(root, 'lost+found'));
  await writeFile(path.join(root, newUploadFolder()), 'a file, no folder');
  await symlink(root, path.join(root, newUploadFolder()));
  const found = await Array.fromAsync(folders.list());
  expect(found.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
    { name: attemptFolder(attempt), attempt, modifiedAt: expect.any(Date) },
    { name: upload, modifiedAt: expect.any(Date) },
  ]);
});

test('removing a folder removes what a tool has linked to, but not what it links to', async () => {
  const folders = openWorkFolders(await folderForTest());
  const outside = await folderForTest();
  await writeFile(path.join(outside, 'theirs'), 'theirs');
  const folder = newUploadFolder();
  await symlink(outside, path.join(await folders.scratch(folder), 'link'));
  await folders.remove(folder);
  await folders.remove(folder);
  expect(await Array.fromAsync(folders.list())).toEqual([]);
  expect(await readdir(outside)).toEqual(['theirs']);
});
