import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  removeFolder,
  runProgram,
  temporaryFolder,
} from '../apps/server/src/testing-installation.ts';

const DEMO = path.join(import.meta.dirname, 'demo.ts');

describe('the demo', () => {
  let folder: string;
  let squatter: Server;

  beforeAll(async () => {
    folder = await temporaryFolder();
    squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
  });

  afterAll(async () => {
    squatter.close();
    await removeFolder(folder);
  });

  function demo(...parameters: string[]) {
    const taken = squatter.address();
    const port = typeof taken === 'object' ? String(taken?.port) : '';
    return runProgram([process.execPath, DEMO, ...parameters], {
      cwd: folder,
      environment: { PORT: port },
    });
  }

  it('shows the work and what came of it, also when the port is taken, and stays up', async () => {
    const running = demo();
    const [, address = ''] = await running.line(/^ {2}open +(http:\S+)$/u);
    await running.line(/stop +Ctrl-C/u);
    const shown = running.lines.join('\n');
    expect(shown).toMatch(/The port \d+ is taken; a free one is used\./u);
    expect(shown).toMatch(/start-up +\d+\.\d+ s/u);
    expect(shown).toMatch(/upload +\d+\.\d+ s/u);
    expect(shown).toMatch(/5 chapters +\d+\.\d+ s +\d+ descriptions, offline rules, no model/u);
    expect(shown).toContain('the publisher marks it as "copyright-page"');
    expect(shown).toMatch(/‹[^›]{20,}›/u);
    expect(Math.max(...running.lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect((await stat(path.join(folder, 'data/demo-account.json'))).mode & 0o777).toBe(0o600);
    expect((await fetch(new URL('/readyz', address))).status).toBe(200);
    await running.end('SIGKILL');
  });

  it('works again right after it was killed, and finds its book there', async () => {
    const again = demo('--exit');
    expect(await again.ended).toBe(0);
    const shown = again.lines.join('\n');
    expect(shown).toContain('was here already: recognised, nothing done twice');
    expect(shown).toMatch(/Chapter One\. North Light +chapter +\d+ +\d+\n/u);
    expect(shown).toMatch(/‹[^›]{20,}›/u);
  });
});
