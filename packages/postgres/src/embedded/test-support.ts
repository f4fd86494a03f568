import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { Client } from 'pg';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

import type { Log } from '../log.ts';
import { removeEmbeddedPostgres } from './remove.ts';
import { startEmbeddedPostgres } from './start.ts';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from './start.ts';

/** Nothing waits for the disk, except in tests that are about that. */
export const FAST = { fsync: 'off', full_page_writes: 'off' };

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * A data folder with a cluster for all tests of a file: making one takes longer than anything else
 * they do. The end of the file deletes it.
 */
export function sharedDataFolder(): { readonly dataDir: string } {
  const shared = { dataDir: '' };
  beforeAll(async () => {
    shared.dataDir = await makeTemporaryFolder();
    const server = await startEmbeddedPostgres({
      ...shared,
      log: silent,
      settings: FAST,
      sharedDirectory: path.join(shared.dataDir, 'shared'),
    });
    await server.stop();
  });
  afterAll(() => removeEmbeddedPostgres(shared.dataDir, silent));
  return shared;
}

/** A folder that everybody may pass. */
export async function makeTemporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'postgres-test-'));
  await chmod(folder, 0o755);
  return folder;
}

/** A folder that everybody may pass and that the end of the test deletes. */
export async function temporaryFolder(): Promise<string> {
  const folder = await makeTemporaryFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a server that the end of the test stops. */
export async function start(
  dataDir: string,
  options: Partial<EmbeddedPostgresOptions> = {},
): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    dataDir,
    log: silent,
    settings: FAST,
    sharedDirectory: path.join(dataDir, 'shared'),
    ...options,
  });
  onTestFinished(() => server.stop('immediate'));
  return server;
}

/** Runs one statement on a connection of its own; returns the rows. */
export async function query<Row extends object = Record<string, unknown>>(
  connectionString: string,
  text: string,
): Promise<Row[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

type OwnedServer = Pick<EmbeddedPostgres, 'pid' | 'dataDir' | 'connectionString'>;

/** A running test-owner.ts. */
export interface Owner {
  readonly process: ChildProcess;
  readonly server: OwnedServer;
  /** What it has printed since: numbers of committed rows, then how the server ended. */
  readonly printed: readonly unknown[];
  /** Resolves when so many values have been printed. */
  waitForPrinted(count: number): Promise<void>;
  /** Sends it a signal and waits until it has ended and all it printed was read. */
  end(signal: NodeJS.Signals): Promise<void>;
}

export interface OwnerOptions {
  readonly dataDir: string;
  readonly sharedDirectory?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Node and the program, if not those of this checkout. */
  readonly command?: readonly [node: string, program: string];
  readonly uid?: number;
  readonly gid?: number;
}

const PROGRAM = fileURLToPath(new URL('./test-owner.ts', import.meta.url));

/**
 * Starts test-owner.ts in a process group of its own; rejects with what it said if it ended before
 * the server ran.
 */
export async function startOwner(options: OwnerOptions): Promise<Owner> {
  const { dataDir, sharedDirectory, command = [process.execPath, PROGRAM], ...rest } = options;
  const child = spawn(
    command[0],
    [command[1], dataDir, sharedDirectory ?? path.join(dataDir, 'shared')],
    { ...rest, cwd: '/', detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const closed = once(child, 'close');
  const printed: unknown[] = [];
  let server: OwnedServer | undefined;
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += String(text)));
  const lines = createInterface({ input: child.stdout });
  lines.once('line', (first) => {
    server = JSON.parse(first);
    lines.on('line', (line) => printed.push(JSON.parse(line)));
  });
  await Promise.race([once(lines, 'line'), closed]);
  if (server === undefined) {
    throw new Error(complaint);
  }
  return {
    process: child,
    server,
    printed,
    async waitForPrinted(count) {
      while (printed.length < count) {
        await once(lines, 'line');
      }
    },
    async end(signal) {
      child.kill(signal);
      await closed;
    },
  };
}

/**
 * Whether a process runs. One that has ended but whose parent never asked how (a zombie) does not.
 */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'state=', '-p', String(pid)]);
    return !stdout.startsWith('Z');
  } catch {
    // ps ends with 1 if it lists nothing.
    return false;
  }
}
