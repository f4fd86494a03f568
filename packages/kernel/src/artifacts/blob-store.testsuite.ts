import { randomBytes } from 'node:crypto';
import { utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { folderForTest } from '../testing/files.ts';
import { newBlobName, type BlobFacts, type BlobStore } from './blob-store.ts';
import { openWorkFolders, newUploadFolder } from './work-folders.ts';

/** What every driver has to keep. `open` makes an empty store. */
export function testBlobStore(driver: string, open: () => Promise<BlobStore>): void {
  describe(`the ${driver} store`, () => {
    test('gives back what it was given, whole and in part', async () => {
      const store = await open();
      const content = randomBytes(300_000);
      const { name } = await adoptNew(store, content);
      expect((await readAll(store, name)).equals(content)).toBe(true);
      const part = await readAll(store, name, { start: 100, end: 70_000 });
      expect(part.equals(content.subarray(100, 70_001))).toBe(true);
    });

    test('keeps an empty file', async () => {
      const store = await open();
      const { name } = await adoptNew(store, Buffer.alloc(0));
      expect(await store.stat(name)).toMatchObject({ name, size: 0 });
      expect(await readAll(store, name)).toHaveLength(0);
    });

    test('takes the file away from where it was', async () => {
      const store = await open();
      const { file } = await adoptNew(store, Buffer.from('moved'));
      await expect(store.adopt(file, newBlobName('0'.repeat(64)))).rejects.toThrow('ENOENT');
      expect(await listAll(store)).toHaveLength(1);
    });

    test('tells size and age, lists what it has and forgets what was removed', async () => {
      const store = await open();
      const before = Date.now();
      const { name: kept } = await adoptNew(store, Buffer.from('kept'));
      const { name: gone } = await adoptNew(store, Buffer.from('gone'));
      await store.remove(gone);
      await store.remove(gone);
      const facts = await store.stat(kept);
      expect(facts).toMatchObject({ name: kept, size: 4 });
      expect(facts!.modifiedAt.getTime()).toBeGreaterThan(before - 2000);
      expect(await listAll(store)).toEqual([facts]);
      expect(await store.stat(gone)).toBeUndefined();
      await expect(store.read(gone)).rejects.toMatchObject({ code: 'artifact.lost' });
    });

    test('keeps two files of equal content apart', async () => {
      const store = await open();
      const { name: mine } = await adoptNew(store, Buffer.from('same'));
      const { name: yours } = await adoptNew(store, Buffer.from('same'));
      await store.remove(mine);
      expect((await readAll(store, yours)).toString()).toBe('same');
    });

    test('a file that took long to write counts as new from the moment it is adopted', async () => {
      const store = await open();
      const { folders, folder, file } = await staged(Buffer.from('slow'));
      const old = new Date(Date.now() - 7_200_000);
      await utimes(folders.pathOf(folder, file), old, old);
      const name = newBlobName(file.sha256);
      await store.adopt(folders.pathOf(folder, file), name);
      expect((await store.stat(name))!.modifiedAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    });

    test('refuses every name that it did not get from the kernel', async () => {
      const store = await open();
      const victim = path.join(await folderForTest(), 'victim');
      await writeFile(victim, 'mine');
      await adoptNew(store, Buffer.from('bystander'));
      const before = await listAll(store);
      await fc.assert(
        fc.asyncProperty(hostileName(victim), async (name) => {
          const refused = { code: 'artifact.bad_name' };
          await expect(store.adopt(victim, name)).rejects.toMatchObject(refused);
          await expect(store.read(name)).rejects.toMatchObject(refused);
          await expect(store.remove(name)).rejects.toMatchObject(refused);
          await expect(store.stat(name)).rejects.toMatchObject(refused);
        }),
      );
      expect(await listAll(store)).toEqual(before);
    });
  });
}

/** Paths up and away, absolute ones, names with something before or after, other cases, other lengths. */
function hostileName(victim: string): fc.Arbitrary<string> {
  const good = newBlobName('a'.repeat(64));
  const piece = fc.constantFrom(
    '..',
    '/',
    '\\',
    '.',
    '\0',
    '%2e%2e',
    'ab',
    good,
    victim,
    '\n',
    ' ',
  );
  return fc
    .oneof(
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
      fc
        .tuple(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }))
        .map(([a, b]) => a + good + b),
      fc.string(),
      fc.constant(good.toUpperCase()),
      fc.constant(`${good}\n`),
    )
    .filter((name) => name !== good);
}

async function staged(content: Buffer) {
  const folders = openWorkFolders(await folderForTest());
  const folder = newUploadFolder();
  return { folders, folder, file: await folders.write(folder, content) };
}

async function adoptNew(
  store: BlobStore,
  content: Buffer,
): Promise<{ name: string; file: string }> {
  const { folders, folder, file } = await staged(content);
  const name = newBlobName(file.sha256);
  await store.adopt(folders.pathOf(folder, file), name);
  return { name, file: folders.pathOf(folder, file) };
}

async function readAll(store: BlobStore, ...args: Parameters<BlobStore['read']>): Promise<Buffer> {
  return await buffer(await store.read(...args));
}

async function listAll(store: BlobStore): Promise<BlobFacts[]> {
  return await Array.fromAsync(store.list());
}
