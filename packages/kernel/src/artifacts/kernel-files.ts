import { mkdir, statfs } from 'node:fs/promises';
import { refuseInTransaction } from '../db/transaction.ts';
import type { BlobStore } from './blob-store.ts';
import { openWorkFolders, type WorkFolders } from './work-folders.ts';

export interface FileOptions {
  /** Where finished files are kept; the same for every process. */
  readonly store: BlobStore;
  /** A folder of this machine for unfinished ones, best on the store's file system: files are then moved, not copied. */
  readonly workFolder: string;
  /** With less free space than this nothing new is taken in. Default: 500 MB. */
  readonly minFreeBytes?: number;
  /** Free space in bytes. Default: that of the file system of `workFolder`, through which everything goes. */
  readonly freeBytes?: () => Promise<number>;
}

/** Files, as the parts of the kernel share them. */
export interface KernelFiles {
  readonly store: BlobStore;
  readonly folders: WorkFolders;
  readonly minFreeBytes: number;
  freeBytes(): Promise<number>;
}

const DEFAULT_MIN_FREE_BYTES = 500_000_000;

export function openKernelFiles(options: FileOptions): KernelFiles {
  const folders = openWorkFolders(options.workFolder);
  return {
    store: outsideTransactions(options.store),
    folders,
    minFreeBytes: options.minFreeBytes ?? DEFAULT_MIN_FREE_BYTES,
    freeBytes: options.freeBytes ?? (() => freeBytesOf(folders.root)),
  };
}

/** The same store, which nobody can wait for with a transaction open. */
function outsideTransactions(store: BlobStore): BlobStore {
  const ask = () => refuseInTransaction('use the store of files');
  return {
    async adopt(file, name) {
      ask();
      await store.adopt(file, name);
    },
    async read(name, range) {
      ask();
      return await store.read(name, range);
    },
    async stat(name) {
      ask();
      return await store.stat(name);
    },
    async remove(name) {
      ask();
      await store.remove(name);
    },
    async *list() {
      ask();
      yield* store.list();
    },
  };
}

/** What a process without root's rights may still use. */
async function freeBytesOf(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
