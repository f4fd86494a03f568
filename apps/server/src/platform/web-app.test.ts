import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing.ts';
import { findWebApp } from './web-app.ts';

const PAGE = '<!doctype html><meta name="csp-nonce" content="" /><title>A screen</title>';
const SCRIPT = 'console.log("a script that is long enough")';

let folder: string;
let server: TestServer;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'scriptorium-web-'));
  const build = path.join(folder, 'abc');
  await mkdir(path.join(build, 'assets'), { recursive: true });
  await Promise.all([
    writeFile(path.join(folder, 'current'), 'abc'),
    writeFile(path.join(build, 'index.html'), PAGE),
    writeFile(path.join(build, 'early.js'), SCRIPT),
    writeFile(path.join(build, 'assets/index-1a2b.js'), SCRIPT),
    writeFile(path.join(build, 'assets/index-1a2b.js.gz'), gzipSync(SCRIPT)),
  ]);
  server = await startTestServer({
    features: [],
    authenticate: () => Promise.reject(new Error('Nobody is asked')),
    webApp: build,
  });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

function open(address: string, headers: Record<string, string> = { accept: 'text/html' }) {
  return fetch(`${server.url}${address}`, { headers });
}

describe('the web app', () => {
  it.each(['/', '/books/12', '/sign-in?next=%2F', '/no/such/screen'])(
    'answers a browser that opens %s with the page',
    async (address) => {
      const answer = await open(address);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('A screen');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it.each(['/api/v1/nothing', '/ws/nothing', '/assets/gone-1a2b.js', '/docs/nothing'])(
    'says that there is no %s instead of answering with the page',
    async (address) => {
      const answer = await open(address);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    },
  );

  it('answers a program that asks for an unknown address with a problem', async () => {
    const answer = await open('/books/12', { accept: 'application/json' });
    expect(answer.status).toBe(404);
  });

  it('gives every page a nonce of its own, in its policy and in its text', async () => {
    const nonces = await Promise.all(
      ['/', '/'].map(async (address) => {
        const answer = await open(address);
        const policy = answer.headers.get('content-security-policy') ?? '';
        expect(policy).toContain("default-src 'none'; script-src 'self';");
        expect(policy).not.toContain('unsafe');
        const nonce = /'nonce-([^']+)'/u.exec(policy)?.[1] ?? 'none';
        expect(await answer.text()).toContain(`name="csp-nonce" content="${nonce}"`);
        return nonce;
      }),
    );
    expect(new Set(nonces).size).toBe(2);
  });

  it('keeps the page of the one-time link out of every cache and of every referrer', async () => {
    const { headers } = await open('/first/some-token');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('lets browsers keep for ever what has its hash in its name, and nothing else', async () => {
    const hashed = await open('/assets/index-1a2b.js');
    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(hashed.headers.get('content-type')).toContain('javascript');
    const other = await open('/early.js');
    expect(other.headers.get('cache-control')).toBe('no-cache');
  });

  it('sends what was compressed at the build', async () => {
    const answer = await open('/assets/index-1a2b.js', { 'accept-encoding': 'gzip' });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(await answer.text()).toBe(SCRIPT);
  });

  it('is the build that is named as the current one, or none', async () => {
    const builds = pathToFileURL(`${folder}/`);
    expect(await findWebApp(builds)).toBe(path.join(folder, 'abc'));
    expect(await findWebApp(new URL('nowhere/', builds))).toBeUndefined();
  });
});
