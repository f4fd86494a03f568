import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chown, lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { ListenOptions } from 'node:net';
import os from 'node:os';
import path from 'node:path';

import { canWrite } from './account.ts';
import type { Account } from './account.ts';
import { SUPERUSER } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { isSystemError, unlessMissing } from './system-errors.ts';

/**
 * Where the server listens. A Unix socket in a private folder: no port that could be taken, and out
 * of reach of the network and of other users. Where there are none (Windows, some mounted folders)
 * it is a free port of 127.0.0.1.
 */
export type Endpoint =
  | { readonly kind: 'socket'; readonly directory: string }
  | { readonly kind: 'tcp'; readonly port: number };

/** Names the socket file; nobody listens on the TCP port of this number. */
const SOCKET_NUMBER = 5432;
/**
 * The shortest limit of the systems we know: 104 bytes on macOS, 108 on Linux, the final zero
 * included.
 */
const MAX_SOCKET_PATH_BYTES = 103;

/**
 * Chooses the endpoint; the same one as at the last start if possible, so that pools survive a
 * restart of the server.
 */
export async function chooseEndpoint(
  cluster: Cluster,
  hasSockets = process.platform !== 'win32',
): Promise<Endpoint> {
  const directory = hasSockets ? await chooseSocketDirectory(cluster) : undefined;
  return directory === undefined
    ? { kind: 'tcp', port: await choosePort(cluster) }
    : { kind: 'socket', directory };
}

/** Removes a socket folder that lies outside the cluster. */
export async function discardEndpoint(cluster: Cluster, endpoint: Endpoint): Promise<void> {
  if (endpoint.kind === 'socket' && path.dirname(endpoint.directory) !== cluster.home) {
    await rm(endpoint.directory, { recursive: true, force: true });
  }
}

export function endpointSettings(endpoint: Endpoint): Record<string, string> {
  return endpoint.kind === 'socket'
    ? {
        listen_addresses: '',
        port: String(SOCKET_NUMBER),
        unix_socket_directories: quoteListItem(endpoint.directory),
        unix_socket_permissions: '0700',
      }
    : {
        listen_addresses: '127.0.0.1',
        port: String(endpoint.port),
        unix_socket_directories: '',
      };
}

export function connectionString(cluster: Cluster, endpoint: Endpoint): string {
  const login = `${SUPERUSER}:${encodeURIComponent(cluster.password)}`;
  return endpoint.kind === 'socket'
    ? `postgresql://${login}@/postgres?host=${encodeURIComponent(endpoint.directory)}&port=${SOCKET_NUMBER}`
    : `postgresql://${login}@127.0.0.1:${endpoint.port}/postgres`;
}

/** The setting is a list: a folder's name may hold a comma or a space. */
const quoteListItem = (text: string): string => `"${text.replaceAll('"', '""')}"`;

async function chooseSocketDirectory(cluster: Cluster): Promise<string | undefined> {
  const local = path.join(cluster.home, 'socket');
  if (await canHoldSocket(local, cluster.account)) {
    return local;
  }
  // The path is too long, or the folder is mounted from a system without sockets.
  const record = path.join(cluster.home, 'socket-directory');
  const earlier = (await unlessMissing(readFile(record, 'utf8')))?.trim();
  if (earlier !== undefined && (await canHoldSocket(earlier, cluster.account))) {
    return earlier;
  }
  for (const parent of new Set([os.tmpdir(), '/tmp'])) {
    const directory = path.join(parent, `scriptorium-${randomUUID().slice(0, 8)}`);
    if (await canHoldSocket(directory, cluster.account)) {
      await writeFile(record, `${directory}\n`);
      return directory;
    }
  }
  return undefined;
}

/**
 * Whether a socket can be made in this folder, which is made private to the account if it does not
 * exist.
 */
async function canHoldSocket(directory: string, account: Account): Promise<boolean> {
  const socket = path.join(directory, `.s.PGSQL.${SOCKET_NUMBER}`);
  if (Buffer.byteLength(socket) > MAX_SOCKET_PATH_BYTES) {
    return false;
  }
  await makePrivate(directory, account);
  // Anybody may have made a folder of this name in a temporary folder, or a link to somewhere else.
  const entry = await lstat(directory);
  const isOurs =
    entry.isDirectory() &&
    (entry.mode & 0o077) === 0 &&
    entry.uid === (account?.uid ?? process.getuid?.());
  return isOurs && (await canWrite(account, directory)) && canListen(path.join(directory, 'probe'));
}

async function makePrivate(directory: string, account: Account): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) {
      return;
    }
    throw error;
  }
  if (account !== undefined) {
    await chown(directory, account.uid, account.gid);
  }
}

async function canListen(socket: string): Promise<boolean> {
  try {
    await listenOnce({ path: socket });
    return true;
  } catch (error) {
    if (isSystemError(error, 'EACCES', 'EINVAL', 'ENOTSUP', 'EPERM')) {
      return false;
    }
    throw error;
  }
}

async function choosePort(cluster: Cluster): Promise<number> {
  const record = path.join(cluster.home, 'port');
  const earlier = Number((await unlessMissing(readFile(record, 'utf8'))) ?? 0);
  const port = await freePort(earlier);
  await writeFile(record, `${port}\n`);
  return port;
}

/** The preferred port if it is free, else any. */
async function freePort(preferred: number): Promise<number> {
  try {
    return await listenOnce({ host: '127.0.0.1', port: preferred });
  } catch (error) {
    if (isSystemError(error, 'EADDRINUSE', 'EACCES')) {
      return listenOnce({ host: '127.0.0.1', port: 0 });
    }
    throw error;
  }
}

/** Listens for a moment; returns the port, 0 for a path. */
async function listenOnce(options: ListenOptions): Promise<number> {
  const server = createServer().listen(options);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
