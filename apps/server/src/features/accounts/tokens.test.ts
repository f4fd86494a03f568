import { routes, type Session } from '@scriptorium/contract';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../config.ts';
import { queryOne } from '../../platform/database.ts';
import { openTestLog, refusalOf } from '../../testing.ts';
import { openAccounts } from './index.ts';
import { startAccounts, type AccountsUnderTest } from './testing.ts';

let under: AccountsUnderTest;
beforeAll(async () => {
  under = await startAccounts();
});
afterAll(() => under.stop());
beforeEach(() => under.clear());

describe('an access token', () => {
  let session: Session;
  let sid: number;
  let key: Uint8Array;
  beforeEach(async () => {
    await under.addUser();
    session = await under.logIn();
    sid = (await queryOne<{ id: number }>(under.pool, 'SELECT id FROM sessions'))!.id;
    key = (await queryOne<{ value: Buffer }>(under.pool, 'SELECT value FROM secrets'))!.value;
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
    await expect(under.me(await forge({}))).resolves.toBeDefined();
  });

  it('that has expired is refused with a code of its own', async () => {
    expect(await refusalOf(under.me(await forge({ expires: '1 second ago' })))).toMatchObject({
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
    expect(await refusalOf(under.me(await forge(forgery)))).toMatchObject({
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
      expect(await refusalOf(under.me(token))).toMatchObject({ code: 'auth.token_invalid' });
    }
  });

  it('ends with its session and with its user, not 15 minutes later', async () => {
    const other = await under.logIn();
    await under.anonymous.call(routes.auth.logout, {
      body: { refresh_token: session.refresh_token },
    });
    expect(await refusalOf(under.me(session.access_token))).toMatchObject({
      code: 'auth.session_ended',
    });
    await expect(under.me(other.access_token)).resolves.toBeDefined();
    await under.pool.query('UPDATE users SET disabled_at = now()');
    expect(await refusalOf(under.me(other.access_token))).toMatchObject({
      code: 'auth.session_ended',
    });
  });

  it('of one server is good at another one with the same database', async () => {
    const config = loadConfig({});
    const { log } = openTestLog();
    const others = await Promise.all([
      openAccounts({ pool: under.pool, config, log }),
      openAccounts({ pool: under.pool, config, log }),
    ]);
    for (const { authenticate } of others) {
      const caller = authenticate({ kind: 'bearer', value: session.access_token! });
      expect(await caller).toMatchObject({ id: session.user.id, via: 'token' });
    }
  });

  it('and every other secret stay out of the log', async () => {
    const { key: apiKey } = await under
      .client(session.access_token)
      .call(routes.apiKeys.create, { body: { name: 'n' } });
    await refusalOf(under.me(`${apiKey}x`));
    const text = JSON.stringify(under.lines);
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
    await under.addUser();
  });

  it('is exchanged for a new pair', async () => {
    const first = await under.logIn();
    const second = await under.refresh(first.refresh_token);
    expect(second.user).toEqual(first.user);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    await expect(under.me(second.access_token)).resolves.toBeDefined();
  });

  it('shown by many tabs at the same time signs none of them out', async () => {
    const { refresh_token: token } = await under.logIn();
    const sessions = await Promise.all(Array.from({ length: 12 }, () => under.refresh(token)));
    for (const session of sessions) {
      await expect(under.refresh(session.refresh_token)).resolves.toBeDefined();
    }
  });

  it('used again after 10 seconds ends the session for whoever holds any token of it', async () => {
    const stolen = await under.logIn();
    const next = await under.refresh(stolen.refresh_token);
    const bystander = await under.logIn();
    await under.age('used_at', 'refresh_tokens', 11);
    expect(await refusalOf(under.refresh(stolen.refresh_token))).toMatchObject({
      status: 401,
      code: 'auth.refresh_reused',
    });
    expect(await refusalOf(under.refresh(next.refresh_token))).toMatchObject({
      code: 'auth.refresh_invalid',
    });
    expect(await refusalOf(under.me(next.access_token))).toMatchObject({
      code: 'auth.session_ended',
    });
    expect(under.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', user: stolen.user.id }),
    );
    await expect(under.refresh(bystander.refresh_token)).resolves.toBeDefined();
  });

  it.each([
    ['has expired', () => under.age('expires_at', 'refresh_tokens', 30 * 86_400 + 1)],
    [
      'belongs to a session that was signed out',
      () => under.pool.query(`UPDATE sessions SET revoked_at = now(), revoked_reason = 'logout'`),
    ],
    ['belongs to a disabled user', () => under.pool.query('UPDATE users SET disabled_at = now()')],
    ['was never issued', () => under.pool.query('DELETE FROM refresh_tokens')],
  ])('that %s is refused', async (_, happens) => {
    const { refresh_token: token } = await under.logIn();
    await happens();
    expect(await refusalOf(under.refresh(token))).toMatchObject({
      status: 401,
      code: 'auth.refresh_invalid',
    });
  });

  it('is stored as a hash alone', async () => {
    const { refresh_token: token } = await under.logIn();
    const { rows } = await under.pool.query('SELECT * FROM refresh_tokens');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(token!).toString('hex'));
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('that is unknown can be signed out without harm', async () => {
    const signOut = under.anonymous.call(routes.auth.logout, {
      body: { refresh_token: 'unknown' },
    });
    await expect(signOut).resolves.toBeUndefined();
  });
});
