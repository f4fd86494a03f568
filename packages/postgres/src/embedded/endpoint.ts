import { once } from 'node:events';
import { chown, lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';

import { canWrite } from './account.ts';
import type { Account } from './account.ts';
import { SUPERUSER } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { isSystemError, unlessMissing } from './system-errors.ts';

/**
 * Where the server listens. A Unix socket in a private folder: no port that could be taken, and out of reach of the network
 * and of other users. Where there are none (Windows, some mounted folders) it is a free port of 127.0.0.1.
 */
export type Endpoint =
  | { readonly kind: 'socket'; readonly directory: string }
  | { readonly kind: 'tcp'; readonly port: number };

/** Names the socket file; nobody listens on the TCP port of this number. */
const SOCKET_NUMBER = 5432;
/** The shortest limit of the systems we know: 104 bytes on macOS, 108 on Linux, the final zero included. */
const MAX_SOCKET_PATH_BYTES = 103;

export async function chooseEndpoint(cluster: Cluster): Promise<Endpoint> {
  if (process.platform === 'win32') {
    return { kind: 'tcp', port: await freePort() };
  }
  const local = path.join(cluster.home, 'socket');
  if (await canHoldSocket(local, cluster.account)) {
    return { kind: 'socket', directory: local };
  }
  // The path is too long, or the folder is mounted from a system without sockets.
  const earlier = (await unlessMissing(readFile(recordFile(cluster), 'utf8')))?.trim();
  if (earlier !== undefined && (await canHoldSocket(earlier, cluster.account))) {
    return { kind: 'socket', directory: earlier };
  }
  for (const parent of new Set([os.tmpdir(), '/tmp'])) {
    const directory = await mkdtemp(path.join(parent, 'scriptorium-'));
    if (await canHoldSocket(directory, cluster.account)) {
      await writeFile(recordFile(cluster), `${directory}\n`);
      return { kind: 'socket', directory };
    }
    await rm(directory, { recursive: true });
  }
  return { kind: 'tcp', port: await freePort() };
}

/** Removes a socket folder that lies outside the cluster. */
export async function discardEndpoint(cluster: Cluster, endpoint: Endpoint): Promise<void> {
  if (endpoint.kind === 'socket' && path.dirname(endpoint.directory) !== cluster.home) {
    await rm(endpoint.directory, { recursive: true, force: true });
    await rm(recordFile(cluster), { force: true });
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

const recordFile = (cluster: Cluster): string => path.join(cluster.home, 'socket-directory');

/** The setting is a list: a folder's name may hold a comma or a space. */
const quoteListItem = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Makes the folder private to the account and tries a socket in it. */
async function canHoldSocket(directory: string, account: Account): Promise<boolean> {
  const socket = path.join(directory, `.s.PGSQL.${SOCKET_NUMBER}`);
  if (Buffer.byteLength(socket) > MAX_SOCKET_PATH_BYTES) {
    return false;
  }
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if (account !== undefined) {
    await chown(directory, account.uid, account.gid);
  }
  const { mode, uid } = await lstat(directory);
  const isPrivate = (mode & 0o077) === 0 && uid === (account?.uid ?? process.getuid?.());
  if (!isPrivate || !(await canWrite(account, directory))) {
    return false;
  }
  return canListen(path.join(directory, 'probe'));
}

async function canListen(socket: string): Promise<boolean> {
  const server = createServer().listen(socket);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (isSystemError(error, 'EACCES', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM')) {
      return false;
    }
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') {
    throw new TypeError('A server on a TCP port has no port');
  }
  return address.port;
}
