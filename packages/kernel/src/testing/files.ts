import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { openDiskStore } from '../index.ts';
import type { FileOptions } from '../artifacts/kernel-files.ts';

/** A folder that is removed when the test ends. */
export async function folderForTest(parent = tmpdir()): Promise<string> {
  const folder = await mkdtemp(path.join(parent, 'scriptorium-files-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface FilesUnderTest extends FileOptions {
  readonly folder: string;
  /** Every file in the store and in the work folder, relative to `folder`. */
  paths(): Promise<string[]>;
}

/** A store and a work folder on the disk, removed when the test ends. */
export async function filesForTest(more: Partial<FileOptions> = {}): Promise<FilesUnderTest> {
  const folder = await folderForTest();
  return {
    store: openDiskStore(path.join(folder, 'store')),
    workFolder: path.join(folder, 'work'),
    minFreeBytes: 0,
    ...more,
    folder,
    paths: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => !entry.isDirectory())
        .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
        .sort();
    },
  };
}
