import { createHash, randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { orDiskFull } from './disk-full.ts';

/** What a file is made of: all of it, or pieces as they come. */
export type Content = Uint8Array | AsyncIterable<Uint8Array>;

/** A finished file in a work folder. `file` is its generated name there, `size` in bytes. */
export interface StagedFile {
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
}

/** The attempt a folder belongs to: its fence. */
export interface AttemptName {
  readonly workId: number;
  readonly taskId: string;
  readonly delivery: number;
}

export interface FolderFacts {
  readonly name: string;
  /** The last time something was written into it. */
  readonly modifiedAt: Date;
  /** Absent: an upload's. */
  readonly attempt?: AttemptName;
}

/**
 * One folder of this machine for everything that is not finished. Each attempt and each upload has a folder of its own in it, under
 * its own name, so that nothing of a dead or late one can be taken for somebody else's, and removing a folder removes it all.
 *
 * It belongs to one installation alone: the sweeper removes folders whose attempts the database does not know.
 */
export interface WorkFolders {
  readonly root: string;
  /**
   * Writes a file to its end and to the disk.
   *
   * @param onSize told the size so far; what it throws stops the write
   * @throws DiskFullError with nothing left behind
   */
  write(folder: string, content: Content, onSize?: (size: number) => void): Promise<StagedFile>;
  /** The path of a staged file, for the store to adopt. */
  pathOf(folder: string, staged: Pick<StagedFile, 'file'>): string;
  /** A place for tools that need files. */
  scratch(folder: string): Promise<string>;
  remove(folder: string): Promise<void>;
  list(): AsyncIterable<FolderFacts>;
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const ATTEMPT = new RegExp(
  `^(?<workId>\\d{1,15})\\.(?<delivery>\\d{1,9})\\.(?<taskId>${UUID})$`,
  'u',
);
const UPLOAD = new RegExp(`^upload\\.${UUID}$`, 'u');
const FILE = new RegExp(`^${UUID}$`, 'u');

export function attemptFolder({ workId, delivery, taskId }: AttemptName): string {
  return `${workId}.${delivery}.${taskId}`;
}

export function newUploadFolder(): string {
  return `upload.${randomUUID()}`;
}

export function openWorkFolders(folder: string): WorkFolders {
  const root = path.resolve(folder);
  const pathOf = (name: string): string => {
    if (!ATTEMPT.test(name) && !UPLOAD.test(name))
      throw new TypeError(`"${name}" is no work folder.`);
    return path.join(root, name);
  };
  const pathOfFile = (name: string, { file }: Pick<StagedFile, 'file'>): string => {
    if (!FILE.test(file)) throw new TypeError(`"${file}" is no staged file.`);
    return path.join(pathOf(name), file);
  };
  return {
    root,
    write: async (name, content, onSize) => {
      const file = randomUUID();
      const target = pathOfFile(name, { file });
      return await orDiskFull(
        async () => {
          await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
          return { file, ...(await writeFile(target, content, onSize)) };
        },
        () => rm(target, { force: true }),
      );
    },
    pathOf: pathOfFile,
    scratch: async (name) => {
      const scratch = path.join(pathOf(name), 'scratch');
      await mkdir(scratch, { recursive: true, mode: 0o700 });
      return scratch;
    },
    remove: async (name) => await rm(pathOf(name), { recursive: true, force: true }),
    list: () => listFolders(root),
  };
}

async function writeFile(
  target: string,
  content: Content,
  onSize: ((size: number) => void) | undefined,
): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  let size = 0;
  async function* measured() {
    for await (const piece of content instanceof Uint8Array ? [content] : content) {
      size += piece.byteLength;
      onSize?.(size);
      hash.update(piece);
      yield piece;
    }
  }
  const handle = await open(target, 'wx', 0o600);
  try {
    await handle.writeFile(measured());
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { size, sha256: hash.digest('hex') };
}

async function* listFolders(root: string): AsyncGenerator<FolderFacts> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  for (const entry of await readdir(root, { withFileTypes: true })) {
    const { name } = entry;
    const attempt = ATTEMPT.exec(name)?.groups;
    if (!entry.isDirectory() || (attempt === undefined && !UPLOAD.test(name))) continue;
    const modifiedAt = await lastChange(path.join(root, name));
    if (modifiedAt === undefined) continue;
    yield attempt === undefined
      ? { name, modifiedAt }
      : {
          name,
          modifiedAt,
          attempt: {
            workId: Number(attempt['workId']),
            delivery: Number(attempt['delivery']),
            taskId: String(attempt['taskId']),
          },
        };
  }
}

/** Of the folder and of what is directly in it: a long upload changes its file, not its folder. */
async function lastChange(folder: string): Promise<Date | undefined> {
  const entries = await readdir(folder).catch(unlessMissing);
  const found = await Promise.all(
    [folder, ...(entries ?? []).map((entry) => path.join(folder, entry))].map((each) =>
      lstat(each).catch(unlessMissing),
    ),
  );
  const times = found.flatMap((each) => (each === undefined ? [] : [each.mtimeMs]));
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

/** Somebody else has removed it meanwhile. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
