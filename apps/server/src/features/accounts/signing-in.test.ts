import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusalOf } from '../../testing.ts';
import { startAccounts, type AccountsUnderTest } from './testing.ts';

let under: AccountsUnderTest;
beforeAll(async () => {
  under = await startAccounts();
});
afterAll(() => under.stop());
beforeEach(() => under.clear());

describe('signing in', () => {
  it('gives tokens that open the door, however the e-mail is written', async () => {
    const id = await under.addUser();
    const session = await under.logIn(' Ada@Example.org ');
    expect(session).toMatchObject({
      token_type: 'Bearer',
      expires_in: 900,
      user: { id, email: 'ada@example.org', role: 'member' },
    });
    expect(await under.me(session.access_token)).toEqual({
      user: session.user,
      scopes: ['read', 'write', 'account'],
    });
  });

  it('answers a wrong password and an unknown e-mail in the same words', async () => {
    await under.addUser();
    const wrong = await refusalOf(under.logIn('ada@example.org', 'wrong password'));
    const unknown = await refusalOf(under.logIn('eve@example.org', 'wrong password'));
    expect(wrong).toMatchObject({ status: 401, code: 'auth.invalid_credentials' });
    expect({ ...unknown.problem, instance: '' }).toEqual({ ...wrong.problem, instance: '' });
  });

  it('tells that an account is disabled only to somebody with its password', async () => {
    await under.addUser();
    await under.pool.query('UPDATE users SET disabled_at = now()');
    expect(await refusalOf(under.logIn())).toMatchObject({
      status: 403,
      code: 'auth.account_disabled',
    });
    expect(await refusalOf(under.logIn('ada@example.org', 'wrong password'))).toMatchObject({
      code: 'auth.invalid_credentials',
    });
  });

  it('is limited to 10 attempts for an e-mail from one network, also when they come at the same time', async () => {
    await under.addUser();
    const attempts = Array.from({ length: 14 }, () =>
      refusalOf(under.logIn('ada@example.org', 'wrong password')),
    );
    const codes = (await Promise.all(attempts)).map(({ code }) => code);
    expect(codes.filter((code) => code === 'auth.invalid_credentials')).toHaveLength(10);
    const refused = await refusalOf(under.logIn());
    expect(refused).toMatchObject({ status: 429, code: 'auth.too_many_attempts' });
    expect(refused.problem.retry_after).toBeGreaterThan(890);
    // Somebody else's network is not locked out, and a window ends.
    await expect(
      under.logIn('ada@example.org', 'right password', '198.51.100.7'),
    ).resolves.toBeDefined();
    await under.age('expires_at', 'login_attempts', 901);
    await expect(under.logIn()).resolves.toBeDefined();
  });

  it('gives the attempts back once the password was right', async () => {
    await under.addUser();
    for (let round = 0; round < 2; round += 1) {
      const wrong = Array.from({ length: 9 }, () =>
        refusalOf(under.logIn('ada@example.org', 'wrong password')),
      );
      await Promise.all(wrong);
      await under.logIn();
    }
    await expect(under.logIn()).resolves.toBeDefined();
  });

  it('is limited to 100 attempts of one network over all e-mails', async () => {
    await under.pool.query(
      `INSERT INTO login_attempts VALUES ('network:192.0.2.1', 100, now() + INTERVAL '1 minute')`,
    );
    expect(await refusalOf(under.logIn('new@example.org'))).toMatchObject({ status: 429 });
    expect(await refusalOf(under.logIn('new@example.org', 'x', '192.0.2.2'))).toMatchObject({
      status: 401,
    });
  });
});

describe('a browser', () => {
  const here = { 'sec-fetch-site': 'same-origin' };
  const post = (path: string, headers: Record<string, string>, body?: object) =>
    fetch(`${under.url}/api/v1/auth/${path}`, {
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
    await under.addUser();
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
    const mine = await fetch(`${under.url}/api/v1/me`, { headers: { cookie: session! } });
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
    const later = await fetch(`${under.url}/api/v1/me`, { headers: { cookie } });
    expect(later.status).toBe(401);
  });
});
