import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A folder with little room, which can be taken away and given back. */
export interface SmallDisk {
  /** For the installation. */
  readonly dataDir: string;
  /** For what its processes put where temporary files belong. */
  readonly temporaryDir: string;
  /** What tells the processes that the disk is full; undefined where the system does. */
  readonly fullFlag: string | undefined;
  fill(): Promise<void>;
  makeRoom(): Promise<void>;
  /** There is no room, or was none until a few seconds ago: what was refused then may be heard now. */
  wasFull(): boolean;
  close(): Promise<void>;
}

const MEBIBYTE = 2 ** 20;
/** Ten minutes of a dozen people's files take a third of it. */
const LEAST_MIB = 256;
const MIB_A_MINUTE_AND_PERSON = LEAST_MIB / (10 * 12);
const PREFIX = 'scriptorium-storm-';
/** Names the process whose storm it is, beside the folders. */
const OWNER = 'pid';
const ECHO_MS = 5000;

/**
 * A file system of its own, in memory, that really fills up. Mounting one takes rights that few have; without them the processes are told by
 * a file to behave as if the disk were full. What a storm that was killed has left mounted goes with the next one.
 *
 * @param personMinutes how much the people of the storm will do
 */
export async function openSmallDisk(personMinutes: number): Promise<SmallDisk> {
  await removeAbandoned();
  const size = Math.max(LEAST_MIB, Math.ceil(personMinutes * MIB_A_MINUTE_AND_PERSON));
  const base = await mkdtemp(path.join(os.tmpdir(), PREFIX));
  await writeFile(path.join(base, OWNER), String(process.pid));
  const dataDir = path.join(base, 'data');
  const temporaryDir = path.join(base, 'temporary');
  for (const folder of [dataDir, temporaryDir]) await mkdir(folder);
  const isMounted = await mount(dataDir, size);
  const ballast = path.join(dataDir, 'ballast');
  const fullFlag = isMounted ? undefined : ballast;
  let fillings = 0;
  let emptiedAt = Number.NEGATIVE_INFINITY;
  return {
    dataDir,
    temporaryDir,
    fullFlag,
    fill: async () => {
      fillings += 1;
      await (isMounted ? fillWith(ballast) : writeFile(ballast, ''));
    },
    makeRoom: async () => {
      await rm(ballast, { force: true });
      fillings -= 1;
      emptiedAt = performance.now();
    },
    wasFull: () => fillings > 0 || performance.now() < emptiedAt + ECHO_MS,
    close: async () => {
      if (isMounted) await run('umount', [dataDir]);
      await rm(base, { recursive: true, force: true });
    },
  };
}

async function mount(folder: string, mebibytes: number): Promise<boolean> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  return await succeeds('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder);
}

async function removeAbandoned(): Promise<void> {
  const names = (await readdir(os.tmpdir())).filter((name) => name.startsWith(PREFIX));
  for (const base of names.map((name) => path.join(os.tmpdir(), name))) {
    const owner = path.join(base, OWNER);
    // One that names nobody is just beginning.
    if (!existsSync(owner) || isAlive(Number(await readFile(owner, 'utf8')))) continue;
    await succeeds('umount', path.join(base, 'data'));
    await rm(base, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // One of another user is alive, too.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

async function succeeds(command: string, ...parameters: string[]): Promise<boolean> {
  return await run(command, parameters).then(
    () => true,
    () => false,
  );
}

/** To the last block. */
async function fillWith(ballast: string): Promise<void> {
  const handle = await open(ballast, 'w');
  try {
    for (let size = MEBIBYTE; size >= 4096; size /= 16) {
      const block = Buffer.alloc(size);
      while (await fits(() => handle.write(block)));
    }
  } finally {
    await handle.close();
  }
}

async function fits(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
    throw error;
  }
}
