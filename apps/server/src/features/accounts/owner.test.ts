import { routes, type Client } from '@scriptorium/contract';
import type { TestDatabase } from '@scriptorium/testkit';
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../config.ts';
import {
  createServerDatabase,
  openTestLog,
  refusalOf,
  startTestServer,
  type TestServer,
} from '../../testing.ts';
import { openAccounts } from './index.ts';

let database: TestDatabase;
let pool: Pool;
let server: TestServer;
let client: Client;

beforeAll(async () => {
  database = await createServerDatabase();
  pool = database.pool();
});
afterAll(() => database.drop());

beforeEach(async () => {
  await pool.query('TRUNCATE users, claim_tokens, login_attempts CASCADE');
  const { feature, authenticate } = await openAccounts({
    pool,
    config: loadConfig({}),
    log: openTestLog().log,
  });
  server = await startTestServer({ features: [feature], authenticate });
  client = server.client();
});
afterEach(() => server.stop());

/** One start of a server; gives the link, and what it logged. */
async function start(environment: NodeJS.ProcessEnv = {}) {
  const { log, lines } = openTestLog();
  const accounts = await openAccounts({ pool, config: loadConfig(environment), log });
  const link = await accounts.ensureOwner('http://127.0.0.1:8080');
  return { link, logged: lines.map(({ msg }) => String(msg)).join('\n') };
}

const tokenIn = (link = '') => /\/first\/([\w-]{43})$/u.exec(link)?.[1] ?? 'none';

const claim = (token: string, email = 'owner@example.org') =>
  client.call(routes.auth.claim, { body: { token, email, password: 'long enough' } });

const owners = async () =>
  (await pool.query<{ email: string }>(`SELECT email FROM users WHERE role = 'owner'`)).rows;

describe('the first start', () => {
  it('prints a link that makes whoever opens it the owner, once', async () => {
    const { link, logged } = await start();
    expect(link).toContain('http://127.0.0.1:8080/first/');
    expect(logged).not.toContain(tokenIn(link));
    const session = await claim(tokenIn(link));
    expect(session.user).toMatchObject({ email: 'owner@example.org', role: 'owner' });
    await expect(
      server.client(session.access_token).call(routes.auth.me, {}),
    ).resolves.toBeDefined();
    expect(await refusalOf(claim(tokenIn(link), 'thief@example.org'))).toMatchObject({
      status: 401,
      code: 'auth.claim_invalid',
    });
    expect((await start()).link).toBeUndefined();
  });

  it('names the public address in the link, if there is one', async () => {
    expect((await start({ PUBLIC_URL: 'https://books.example.org' })).link).toContain(
      'https://books.example.org/first/',
    );
  });

  it('makes one owner, however many people open a link at the same time', async () => {
    const starts = await Promise.all([start(), start(), start()]);
    const links = starts.map(({ link }) => link);
    const claims = await Promise.allSettled(
      links.map((logged, index) => claim(tokenIn(logged), `owner${index}@example.org`)),
    );
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await owners()).toHaveLength(1);
  });

  it('prints a link that is good for a day', async () => {
    const { link: logged } = await start();
    await pool.query(`UPDATE claim_tokens SET expires_at = expires_at - INTERVAL '24 hours'`);
    expect(await refusalOf(claim(tokenIn(logged)))).toMatchObject({ code: 'auth.claim_invalid' });
  });

  it('keeps the link when the password is refused', async () => {
    const token = tokenIn((await start()).link);
    const short = client.call(routes.auth.claim, {
      body: { token, email: 'owner@example.org', password: 'short' },
    });
    expect(await refusalOf(short)).toMatchObject({ code: 'request.invalid' });
    await expect(claim(token)).resolves.toBeDefined();
  });

  it('makes the owner of the configuration, one also when several servers start', async () => {
    const environment = { OWNER_EMAIL: 'Owner@example.org', OWNER_PASSWORD: 'long enough' };
    const starts = await Promise.all([start(environment), start(environment)]);
    const logged = starts.map((each) => each.logged).join('\n');
    expect(logged.match(/owner created/gu)).toHaveLength(1);
    expect(await owners()).toEqual([{ email: 'owner@example.org' }]);
    const body = { email: 'owner@example.org', password: 'long enough' };
    expect((await client.call(routes.auth.login, { body })).user.role).toBe('owner');
  });
});

describe('a later start', () => {
  it('changes no owner, and says so', async () => {
    await start({ OWNER_EMAIL: 'owner@example.org', OWNER_PASSWORD: 'long enough' });
    const { logged } = await start({
      OWNER_EMAIL: 'new@example.org',
      OWNER_PASSWORD: 'long enough',
    });
    expect(logged).toContain('OWNER_EMAIL has no effect');
    expect(await owners()).toEqual([{ email: 'owner@example.org' }]);
  });
});

describe('the page behind the link', () => {
  it('is served to nobody’s cache, with its script from this server alone', async () => {
    const page = await fetch(`${server.url}/first/some-token`);
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const html = await page.text();
    expect(html).not.toContain('some-token');
    const script = /<script src="([^"]+)"/u.exec(html)?.[1] ?? 'none';
    const answer = await fetch(new URL(script, server.url));
    expect(answer.headers.get('content-type')).toContain('text/javascript');
  });
});
