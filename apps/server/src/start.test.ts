import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addressOf,
  pidOf,
  removeFolder,
  startInstallation,
  temporaryFolder,
  type Program,
} from './testing-installation.ts';

async function status(address: string, path: string): Promise<number> {
  const response = await fetch(new URL(path, address));
  await response.body?.cancel();
  return response.status;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('start', () => {
  let folder: string;
  let installation: Program;
  let address: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    installation = startInstallation(folder);
    address = await addressOf(installation);
  });

  afterAll(async () => {
    await installation.end('SIGKILL');
    await removeFolder(folder);
  });

  it('prints an address at which everything answers', async () => {
    expect(await status(address, '/healthz')).toBe(200);
    expect(await status(address, '/readyz')).toBe(200);
  });

  it('starts a killed worker again', async () => {
    const seen = installation.lines.length;
    const pid = await pidOf(installation, 'worker');
    process.kill(pid, 'SIGKILL');
    await installation.line(/The worker is back/u, seen);
    expect(await pidOf(installation, 'worker')).not.toBe(pid);
  });

  it('starts a killed server again, at the same address', async () => {
    const seen = installation.lines.length;
    process.kill(await pidOf(installation, 'server'), 'SIGKILL');
    await installation.line(/The server is back/u, seen);
    expect(await status(address, '/readyz')).toBe(200);
  });

  it('starts a killed database again, and its children survive that', async () => {
    const seen = installation.lines.length;
    const children = [await pidOf(installation, 'server'), await pidOf(installation, 'worker')];
    const [, pid] = await installation.line(/"pid":(\d+).*"PostgreSQL started"/u);
    process.kill(Number(pid), 'SIGKILL');
    await installation.line(/The database is back/u, seen);
    expect(await status(address, '/readyz')).toBe(200);
    expect([await pidOf(installation, 'server'), await pidOf(installation, 'worker')]).toEqual(
      children,
    );
  });

  it('refuses a folder that another one works with, and says so', async () => {
    const second = startInstallation(folder);
    await second.line(/is in use by the process \d+.*\[postgres\.already_running\]/u);
    expect(await second.ended).toBe(1);
    expect(await status(address, '/healthz')).toBe(200);
  });

  it('ends in good order, with exit code 0 and no process left', async () => {
    const children = [await pidOf(installation, 'server'), await pidOf(installation, 'worker')];
    expect(await installation.end('SIGTERM')).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);
    await expect(status(address, '/healthz')).rejects.toThrow('fetch failed');
  });
});

describe('a start that was killed', () => {
  it('takes its children with it, and the next one works', async () => {
    const folder = await temporaryFolder();
    const killed = startInstallation(folder);
    const address = await addressOf(killed);
    // Its output closes when the last process that holds it has ended.
    await killed.end('SIGKILL');
    await expect(status(address, '/healthz')).rejects.toThrow('fetch failed');

    const next = startInstallation(folder);
    expect(await status(await addressOf(next), '/readyz')).toBe(200);
    expect(await next.end('SIGINT')).toBe(0);
    await removeFolder(folder);
  });
});

describe('a start that cannot work', () => {
  it('names the port that is taken, the variable and the way out', async () => {
    const folder = await temporaryFolder();
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const taken = squatter.address();
    const port = typeof taken === 'object' ? String(taken?.port) : '';
    const installation = startInstallation(folder, { PORT: port });
    await installation.line(new RegExp(`The port ${port} is taken.*PORT=0.*port_taken`, 'u'));
    expect(await installation.ended).toBe(2);
    squatter.close();
    await removeFolder(folder);
  });

  it('tells of every mistake in its configuration at once', async () => {
    const folder = await temporaryFolder();
    const installation = startInstallation(folder, { PORT: 'http', WORKER_SLOTS: '0' });
    await installation.line(/PORT is "http"/u);
    await installation.line(/WORKER_SLOTS is "0"/u);
    expect(await installation.ended).toBe(2);
    await removeFolder(folder);
  });
});
