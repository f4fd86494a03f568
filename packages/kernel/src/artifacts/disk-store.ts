import { constants, type Dirent } from 'node:fs';
import { copyFile, lstat, mkdir, open, readdir, rename, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import {
  BadBlobNameError,
  BlobNotFoundError,
  isBlobName,
  type BlobFacts,
  type BlobStore,
} from './blob-store.ts';
import { orDiskFull } from './disk-full.ts';

const PREFIX = /^[0-9a-f]{2}$/u;

/**
 * Keeps files below one folder, in subfolders by the first two digits of their hash: 256 small folders instead of a large one.
 *
 * Several processes may share the folder; on several machines it has to be a shared file system.
 */
export function openDiskStore(folder: string): BlobStore {
  const root = path.resolve(folder);
  const pathOf = (name: string): string => {
    if (!isBlobName(name)) throw new BadBlobNameError(name);
    return path.join(root, name.slice(0, 2), name);
  };
  return {
    adopt: async (file, name) => {
      const target = pathOf(name);
      await orDiskFull(
        () => moveInto(root, file, target),
        () => rm(target, { force: true }),
      );
    },
    read: async (name, range) => {
      try {
        const handle = await open(pathOf(name), 'r');
        return handle.createReadStream(range);
      } catch (error) {
        throw isMissing(error) ? new BlobNotFoundError(name, { cause: error }) : error;
      }
    },
    stat: async (name) => await factsOf(pathOf(name)),
    remove: async (name) => await rm(pathOf(name), { force: true }),
    list: () => listBlobs(root),
  };
}

async function moveInto(root: string, file: string, target: string): Promise<void> {
  const made = await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  // A file that was begun two hours ago must not look two hours old to the sweeper before its row is there.
  const now = new Date();
  await utimes(file, now, now);
  try {
    await rename(file, target);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
    await copyAcross(file, target);
  }
  await syncFolder(path.dirname(target));
  if (made !== undefined) await syncFolder(root);
}

/**
 * From another file system. Straight to its name, without a temporary one: nobody knows the name yet, and a half copy that a
 * crash leaves behind is a file without a row like any other.
 */
async function copyAcross(file: string, target: string): Promise<void> {
  await copyFile(file, target, constants.COPYFILE_EXCL);
  const handle = await open(target, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rm(file);
}

/** Makes a new name survive a power cut. Windows has no such call and does it on its own. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function* listBlobs(root: string): AsyncGenerator<BlobFacts> {
  for (const prefix of await entriesOf(root)) {
    // A symbolic link is neither a folder nor a file here, so what it points to is never touched.
    if (!prefix.isDirectory() || !PREFIX.test(prefix.name)) continue;
    const folder = path.join(root, prefix.name);
    for (const entry of await entriesOf(folder)) {
      if (!entry.isFile() || !isBlobName(entry.name) || !entry.name.startsWith(prefix.name))
        continue;
      const facts = await factsOf(path.join(folder, entry.name));
      if (facts !== undefined) yield facts;
    }
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function factsOf(file: string): Promise<BlobFacts | undefined> {
  try {
    const { size, mtime } = await lstat(file);
    return { name: path.basename(file), size, modifiedAt: mtime };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
