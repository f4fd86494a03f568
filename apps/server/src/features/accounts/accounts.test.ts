import { routes, type Client, type Role, type Session } from '@scriptorium/contract';
import type { TestDatabase } from '@scriptorium/testkit';
import { SignJWT, UnsecuredJWT } from 'jose';
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../config.ts';
import { queryOne } from '../../platform/database.ts';
import {
  createServerDatabase,
  openTestLog,
  refusalOf,
  startTestServer,
  type TestServer,
} from '../../testing.ts';
import { hashPassword } from './accounts.passwords.ts';
import { openAccounts, type Accounts } from './index.ts';

let database: TestDatabase;
let pool: Pool;
let passwordHash: string;
let accounts: Accounts;
let server: TestServer;
let anonymous: Client;

beforeAll(async () => {
  database = await createServerDatabase();
  pool = database.pool();
  passwordHash = await hashPassword('right password');
});
afterAll(() => database.drop());

beforeEach(async () => {
  await pool.query('TRUNCATE users, login_attempts, claim_tokens CASCADE');
  // One proxy is trusted, so that a test can come from any address.
  const config = loadConfig({ TRUST_PROXY: '1' });
  accounts = await openAccounts({ pool, config, log: openTestLog().log });
  server = await startTestServer({
    config,
    features: [accounts.feature],
    authenticate: accounts.authenticate,
  });
  anonymous = server.client();
});
afterEach(() => server.stop());

async function addUser(email = 'ada@example.org', role: Role = 'member'): Promise<number> {
  const row = await queryOne<{ id: number }>(
    pool,
    'INSERT INTO users (email, password_hash, role) VALUES ($1, $2, $3) RETURNING id',
    [email, passwordHash, role],
  );
  return row!.id;
}

const logIn = (email = 'ada@example.org', password = 'right password', ip = '192.0.2.1') =>
  anonymous.call(routes.auth.login, {
    body: { email, password },
    headers: { 'x-forwarded-for': ip },
  });

const refresh = (token: string | undefined) =>
  anonymous.call(routes.auth.refresh, { body: { refresh_token: token } });

const me = (token: string | undefined) => server.client(token).call(routes.auth.me, {});

/** Makes the database believe that a moment has come. */
const age = (column: string, table: string, seconds: number) =>
  pool.query(`UPDATE ${table} SET ${column} = ${column} - make_interval(secs => $1)`, [seconds]);

describe('signing in', () => {
  it('gives tokens that open the door, however the e-mail is written', async () => {
    const id = await addUser();
    const session = await logIn(' Ada@Example.org ');
    expect(session).toMatchObject({
      token_type: 'Bearer',
      expires_in: 900,
      user: { id, email: 'ada@example.org', role: 'member' },
    });
    expect(await me(session.access_token)).toEqual({
      user: session.user,
      scopes: ['read', 'write', 'account'],
    });
  });

  it('answers a wrong password and an unknown e-mail in the same words', async () => {
    await addUser();
    const wrong = await refusalOf(logIn('ada@example.org', 'wrong password'));
    const unknown = await refusalOf(logIn('eve@example.org', 'wrong password'));
    expect(wrong).toMatchObject({ status: 401, code: 'auth.invalid_credentials' });
    expect({ ...unknown.problem, instance: '' }).toEqual({ ...wrong.problem, instance: '' });
  });

  it('tells that an account is disabled only to somebody with its password', async () => {
    await addUser();
    await pool.query('UPDATE users SET disabled_at = now()');
    expect(await refusalOf(logIn())).toMatchObject({ status: 403, code: 'auth.account_disabled' });
    expect(await refusalOf(logIn('ada@example.org', 'wrong password'))).toMatchObject({
      code: 'auth.invalid_credentials',
    });
  });

  it('is limited to 10 attempts for an e-mail from one network, also when they come at the same time', async () => {
    await addUser();
    const attempts = Array.from({ length: 14 }, () =>
      refusalOf(logIn('ada@example.org', 'wrong password')),
    );
    const codes = (await Promise.all(attempts)).map(({ code }) => code);
    expect(codes.filter((code) => code === 'auth.invalid_credentials')).toHaveLength(10);
    const refused = await refusalOf(logIn());
    expect(refused).toMatchObject({ status: 429, code: 'auth.too_many_attempts' });
    expect(refused.problem.retry_after).toBeGreaterThan(890);
    // Somebody else's network is not locked out, and a window ends.
    await expect(logIn('ada@example.org', 'right password', '198.51.100.7')).resolves.toBeDefined();
    await age('expires_at', 'login_attempts', 901);
    await expect(logIn()).resolves.toBeDefined();
  });

  it('gives the attempts back once the password was right', async () => {
    await addUser();
    for (let round = 0; round < 2; round += 1) {
      const wrong = Array.from({ length: 9 }, () =>
        refusalOf(logIn('ada@example.org', 'wrong password')),
      );
      await Promise.all(wrong);
      await logIn();
    }
    await expect(logIn()).resolves.toBeDefined();
  });

  it('is limited to 100 attempts of one network over all e-mails', async () => {
    await pool.query(
      `INSERT INTO login_attempts VALUES ('network:192.0.2.1', 100, now() + INTERVAL '1 minute')`,
    );
    expect(await refusalOf(logIn('new@example.org'))).toMatchObject({ status: 429 });
    expect(await refusalOf(logIn('new@example.org', 'x', '192.0.2.2'))).toMatchObject({
      status: 401,
    });
  });
});

describe('an access token', () => {
  let session: Session;
  let sid: number;
  let key: Uint8Array;
  beforeEach(async () => {
    await addUser();
    session = await logIn();
    sid = (await queryOne<{ id: number }>(pool, 'SELECT id FROM sessions'))!.id;
    key = (await queryOne<{ value: Buffer }>(pool, 'SELECT value FROM secrets'))!.value;
  });

  interface Forgery {
    readonly key?: Uint8Array;
    readonly expires?: string;
    readonly audience?: string;
    readonly issuer?: string;
    readonly typ?: string;
    readonly alg?: string;
  }

  /** Like a real one, but for what the test changes. */
  const forge = (forgery: Forgery) =>
    new SignJWT({ sid })
      .setProtectedHeader({ alg: forgery.alg ?? 'HS256', typ: forgery.typ ?? 'at+jwt' })
      .setSubject(String(session.user.id))
      .setIssuer(forgery.issuer ?? 'scriptorium')
      .setAudience(forgery.audience ?? 'scriptorium/api')
      .setExpirationTime(forgery.expires ?? '15m')
      .sign(forgery.key ?? key);

  it('made with the right key and the right words is good', async () => {
    await expect(me(await forge({}))).resolves.toBeDefined();
  });

  it('that has expired is refused with a code of its own', async () => {
    expect(await refusalOf(me(await forge({ expires: '1 second ago' })))).toMatchObject({
      status: 401,
      code: 'auth.token_expired',
    });
  });

  it.each<[string, Forgery]>([
    ['under another key', { key: new Uint8Array(32) }],
    ['for another audience', { audience: 'elsewhere' }],
    ['from another issuer', { issuer: 'somebody' }],
    ['of another type', { typ: 'JWT' }],
    ['by another algorithm', { alg: 'HS512' }],
  ])('%s is refused', async (_, forgery) => {
    expect(await refusalOf(me(await forge(forgery)))).toMatchObject({
      status: 401,
      code: 'auth.token_invalid',
    });
  });

  it('without a signature is refused, and so is nonsense', async () => {
    const unsigned = new UnsecuredJWT({ sid, sub: String(session.user.id) })
      .setIssuer('scriptorium')
      .setAudience('scriptorium/api')
      .setExpirationTime('15m')
      .encode();
    for (const token of [unsigned, 'nonsense', 'a.b.c']) {
      expect(await refusalOf(me(token))).toMatchObject({ code: 'auth.token_invalid' });
    }
  });

  it('ends with its session and with its user, not 15 minutes later', async () => {
    const other = await logIn();
    await anonymous.call(routes.auth.logout, { body: { refresh_token: session.refresh_token } });
    expect(await refusalOf(me(session.access_token))).toMatchObject({ code: 'auth.session_ended' });
    await expect(me(other.access_token)).resolves.toBeDefined();
    await pool.query('UPDATE users SET disabled_at = now()');
    expect(await refusalOf(me(other.access_token))).toMatchObject({ code: 'auth.session_ended' });
  });

  it('of one server is good at another one with the same database', async () => {
    const config = loadConfig({});
    const { log } = openTestLog();
    const others = await Promise.all([
      openAccounts({ pool, config, log }),
      openAccounts({ pool, config, log }),
    ]);
    for (const { authenticate } of others) {
      const caller = authenticate({ kind: 'bearer', value: session.access_token! });
      expect(await caller).toMatchObject({ id: session.user.id, via: 'token' });
    }
  });

  it('and every other secret stay out of the log', async () => {
    const { key: apiKey } = await server
      .client(session.access_token)
      .call(routes.apiKeys.create, { body: { name: 'n' } });
    await refusalOf(me(`${apiKey}x`));
    const text = JSON.stringify(server.lines);
    for (const secret of [
      session.access_token!,
      session.refresh_token!,
      apiKey,
      'right password',
    ]) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('a refresh token', () => {
  beforeEach(async () => {
    await addUser();
  });

  it('is exchanged for a new pair', async () => {
    const first = await logIn();
    const second = await refresh(first.refresh_token);
    expect(second.user).toEqual(first.user);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    await expect(me(second.access_token)).resolves.toBeDefined();
  });

  it('shown by many tabs at the same time signs none of them out', async () => {
    const { refresh_token: token } = await logIn();
    const sessions = await Promise.all(Array.from({ length: 12 }, () => refresh(token)));
    for (const session of sessions) {
      await expect(refresh(session.refresh_token)).resolves.toBeDefined();
    }
  });

  it('used again after 10 seconds ends the session for whoever holds any token of it', async () => {
    const stolen = await logIn();
    const next = await refresh(stolen.refresh_token);
    const bystander = await logIn();
    await age('used_at', 'refresh_tokens', 11);
    expect(await refusalOf(refresh(stolen.refresh_token))).toMatchObject({
      status: 401,
      code: 'auth.refresh_reused',
    });
    expect(await refusalOf(refresh(next.refresh_token))).toMatchObject({
      code: 'auth.refresh_invalid',
    });
    expect(await refusalOf(me(next.access_token))).toMatchObject({ code: 'auth.session_ended' });
    expect(server.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', user: stolen.user.id }),
    );
    await expect(refresh(bystander.refresh_token)).resolves.toBeDefined();
  });

  it.each([
    ['has expired', () => age('expires_at', 'refresh_tokens', 30 * 86_400 + 1)],
    [
      'belongs to a session that was signed out',
      () => pool.query(`UPDATE sessions SET revoked_at = now(), revoked_reason = 'logout'`),
    ],
    ['belongs to a disabled user', () => pool.query('UPDATE users SET disabled_at = now()')],
    ['was never issued', () => pool.query('DELETE FROM refresh_tokens')],
  ])('that %s is refused', async (_, happens) => {
    const { refresh_token: token } = await logIn();
    await happens();
    expect(await refusalOf(refresh(token))).toMatchObject({
      status: 401,
      code: 'auth.refresh_invalid',
    });
  });

  it('is stored as a hash alone', async () => {
    const { refresh_token: token } = await logIn();
    const { rows } = await pool.query('SELECT * FROM refresh_tokens');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(token!).toString('hex'));
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('that is unknown can be signed out without harm', async () => {
    const signOut = anonymous.call(routes.auth.logout, { body: { refresh_token: 'unknown' } });
    await expect(signOut).resolves.toBeUndefined();
  });
});

describe('a browser', () => {
  const here = { 'sec-fetch-site': 'same-origin' };
  const post = (path: string, headers: Record<string, string>, body?: object) =>
    fetch(`${server.url}/api/v1/auth/${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const credentials = { email: 'ada@example.org', password: 'right password', cookie: true };
  /** As a browser sends them back. */
  const cookiesOf = (response: Response) =>
    response.headers
      .getSetCookie()
      .map((each) => each.split(';', 1)[0])
      .join('; ');

  beforeEach(async () => {
    await addUser();
  });

  it('keeps its tokens in cookies that no script and no other site can use', async () => {
    const response = await post('login', here, credentials);
    expect(await response.json()).not.toHaveProperty('access_token');
    const [session, refreshCookie] = response.headers.getSetCookie();
    expect(session).toMatch(
      /^scriptorium_session=\S+; Max-Age=900; Path=\/; HttpOnly; SameSite=Strict$/u,
    );
    expect(refreshCookie).toMatch(
      /^scriptorium_refresh=\S+; Max-Age=2592000; Path=\/api\/v1\/auth; HttpOnly; SameSite=Strict$/u,
    );
    const mine = await fetch(`${server.url}/api/v1/me`, { headers: { cookie: session! } });
    expect(mine.status).toBe(200);
  });

  it('gets cookies for https alone when it came by https', async () => {
    const response = await post('login', { ...here, 'x-forwarded-proto': 'https' }, credentials);
    expect(response.headers.getSetCookie().filter((each) => !each.includes('Secure'))).toEqual([]);
  });

  it('renews them by the cookie, from a page of this server alone', async () => {
    const cookie = cookiesOf(await post('login', here, credentials));
    const foreign = await post('refresh', { cookie, 'sec-fetch-site': 'cross-site' });
    expect([foreign.status, await foreign.json()]).toMatchObject([
      403,
      { code: 'request.cross_site' },
    ]);
    const renewed = await post('refresh', { ...here, cookie });
    expect(renewed.status).toBe(200);
    expect(cookiesOf(renewed)).toMatch(/^scriptorium_session=\S+; scriptorium_refresh=\S+$/u);
    expect(cookiesOf(renewed)).not.toBe(cookie);
  });

  it('loses them when it signs out', async () => {
    const cookie = cookiesOf(await post('login', here, credentials));
    const response = await post('logout', { ...here, cookie });
    expect(response.status).toBe(204);
    expect(cookiesOf(response)).toBe('scriptorium_session=; scriptorium_refresh=');
    const later = await fetch(`${server.url}/api/v1/me`, { headers: { cookie } });
    expect(later.status).toBe(401);
  });
});

describe('an API key', () => {
  let signedIn: Client;
  beforeEach(async () => {
    await addUser();
    signedIn = server.client((await logIn()).access_token);
  });
  const create = (name: string, scopes?: ('read' | 'write')[]) =>
    signedIn.call(routes.apiKeys.create, { body: { name, scopes } });

  it('is shown once, opens the door, and is recognised by its first characters', async () => {
    const { key, api_key: made } = await create('laptop');
    expect(key).toMatch(/^sk_[\w-]{43}$/u);
    expect(made).toMatchObject({ name: 'laptop', last_used_at: null, revoked_at: null });
    expect(await me(key)).toMatchObject({ scopes: ['read', 'write'] });
    const headers = { 'x-api-key': key };
    expect((await fetch(`${server.url}/api/v1/me`, { headers })).status).toBe(200);
    const { api_keys: list } = await signedIn.call(routes.apiKeys.list, {});
    expect(list).toMatchObject([{ prefix: key.slice(0, 10), last_used_at: expect.any(String) }]);
    const { rows } = await pool.query('SELECT * FROM api_keys');
    expect(JSON.stringify([list, rows])).not.toContain(key);
  });

  it('notes its use once a minute', async () => {
    const { key } = await create('laptop');
    const lastUse = async () => {
      await me(key);
      return (await signedIn.call(routes.apiKeys.list, {})).api_keys[0]?.last_used_at;
    };
    const first = await lastUse();
    expect(await lastUse()).toBe(first);
    await age('last_used_at', 'api_keys', 61);
    expect(await lastUse()).not.toBe(first);
  });

  it('is useless once it is revoked, or its user is disabled', async () => {
    const [one, two] = [await create('one'), await create('two')];
    await signedIn.call(routes.apiKeys.revoke, { params: { id: one.api_key.id } });
    expect(await refusalOf(me(one.key))).toMatchObject({ status: 401, code: 'auth.key_invalid' });
    await expect(me(two.key)).resolves.toBeDefined();
    await pool.query('UPDATE users SET disabled_at = now()');
    expect(await refusalOf(me(two.key))).toMatchObject({ code: 'auth.key_invalid' });
  });

  it('cannot make, list or revoke keys', async () => {
    const { key, api_key: made } = await create('leaked');
    const thief = server.client(key);
    const attempts = [
      () => thief.call(routes.apiKeys.create, { body: { name: 'another' } }),
      () => thief.call(routes.apiKeys.list, {}),
      () => thief.call(routes.apiKeys.revoke, { params: { id: made.id } }),
    ];
    for (const attempt of attempts) {
      expect(await refusalOf(attempt())).toMatchObject({ status: 403, code: 'auth.forbidden' });
    }
  });

  it('of somebody else does not exist for the caller', async () => {
    const { api_key: made, key } = await create('mine');
    await addUser('eve@example.org');
    const eve = server.client((await logIn('eve@example.org')).access_token);
    expect(
      await refusalOf(eve.call(routes.apiKeys.revoke, { params: { id: made.id } })),
    ).toMatchObject({ status: 404, code: 'api_key.not_found' });
    expect(await eve.call(routes.apiKeys.list, {})).toEqual({ api_keys: [] });
    await expect(me(key)).resolves.toBeDefined();
  });
});

describe('a stream ticket', () => {
  it('opens the stream of its job, once', async () => {
    const id = await addUser();
    const { ticket, expiresAt } = await accounts.issueStreamTicket(id, 5);
    expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(60_000);
    const credential = { kind: 'ticket', value: ticket, jobId: 5 } as const;
    expect(await accounts.authenticate(credential)).toEqual({
      id,
      role: 'member',
      scopes: ['read'],
      via: 'ticket',
      expiresAt: expect.any(Date),
    });
    await expect(accounts.authenticate(credential)).rejects.toMatchObject({
      code: 'auth.ticket_invalid',
    });
  });

  it.each([
    ['for another job', 6, () => pool.query('SELECT 1')],
    ['of more than a minute ago', 5, () => age('expires_at', 'stream_tickets', 61)],
    ['of a disabled user', 5, () => pool.query('UPDATE users SET disabled_at = now()')],
  ])('%s is refused', async (_, jobId, happens) => {
    const { ticket } = await accounts.issueStreamTicket(await addUser(), 5);
    await happens();
    await expect(
      accounts.authenticate({ kind: 'ticket', value: ticket, jobId }),
    ).rejects.toMatchObject({ status: 401, code: 'auth.ticket_invalid' });
  });
});

describe('the sweeper', () => {
  it('removes what has expired and nothing else', async () => {
    const id = await addUser();
    await logIn();
    await accounts.issueStreamTicket(id, 5);
    await age('expires_at', 'refresh_tokens', 31 * 86_400);
    await age('expires_at', 'stream_tickets', 61);
    const { refresh_token: living } = await logIn();
    await accounts.issueStreamTicket(id, 6);
    await accounts.sweep();
    const counts = await queryOne(
      pool,
      `SELECT (SELECT count(*) FROM sessions) AS sessions,
              (SELECT count(*) FROM stream_tickets) AS tickets`,
    );
    expect(counts).toEqual({ sessions: 1, tickets: 1 });
    await expect(refresh(living)).resolves.toBeDefined();
  });
});
