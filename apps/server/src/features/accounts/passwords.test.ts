import { routes, type Client } from '@scriptorium/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusalOf } from '../../testing.ts';
import { startAccounts, type AccountsUnderTest } from './testing.ts';

let under: AccountsUnderTest;
let id: number;
beforeAll(async () => {
  under = await startAccounts();
});
afterAll(() => under.stop());
beforeEach(async () => {
  await under.clear();
  id = await under.addUser();
});

const signedIn = async (): Promise<Client> => under.client((await under.logIn()).access_token);
const me = (client: Client) => client.call(routes.auth.me, {});

describe('a new password', () => {
  const change = (client: Client, current: string) =>
    client.call(routes.self.changePassword, {
      body: { current_password: current, password: 'a new password' },
    });

  it('signs out everywhere else, and keeps keys', async () => {
    const [here, there] = [await signedIn(), await signedIn()];
    const { key } = await here.call(routes.apiKeys.create, { body: { name: 'k' } });
    expect(await change(here, 'right password')).toMatchObject({ id, email: 'ada@example.org' });
    await expect(me(here)).resolves.toBeDefined();
    await expect(me(under.client(key))).resolves.toBeDefined();
    expect(await refusalOf(me(there))).toMatchObject({ code: 'auth.session_ended' });
    expect(await refusalOf(under.logIn())).toMatchObject({ code: 'auth.invalid_credentials' });
    await expect(under.logIn('ada@example.org', 'a new password')).resolves.toBeDefined();
  });

  it('makes a one-time link useless that somebody may still hold', async () => {
    const { token } = await under.accounts.issuePasswordLink(id);
    await change(await signedIn(), 'right password');
    expect(await refusalOf(reset(token))).toMatchObject({ code: 'auth.link_invalid' });
  });

  it('wants the old one, which cannot be guessed at leisure', async () => {
    const client = await signedIn();
    expect(await refusalOf(change(client, 'wrong password'))).toMatchObject({
      status: 403,
      code: 'auth.wrong_password',
    });
    for (let attempt = 0; attempt < 9; attempt += 1) {
      await refusalOf(change(client, 'wrong password'));
    }
    expect(await refusalOf(change(client, 'right password'))).toMatchObject({
      status: 429,
      code: 'auth.too_many_attempts',
    });
    await expect(me(client)).resolves.toBeDefined();
  });
});

const reset = (token: string) =>
  under.anonymous.call(routes.self.resetPassword, { body: { token, password: 'a new password' } });

describe('a one-time link', () => {
  it('sets a password once, signs in with it and out everywhere else', async () => {
    const there = await signedIn();
    const { token, expiresAt } = await under.accounts.issuePasswordLink(id);
    expect((expiresAt.getTime() - Date.now()) / 3_600_000).toBeCloseTo(24, 1);
    const session = await reset(token);
    expect(session.user).toMatchObject({ id });
    await expect(me(under.client(session.access_token))).resolves.toBeDefined();
    expect(await refusalOf(me(there))).toMatchObject({ code: 'auth.session_ended' });
    await expect(under.logIn('ada@example.org', 'a new password')).resolves.toBeDefined();
    expect(await refusalOf(reset(token))).toMatchObject({ status: 401, code: 'auth.link_invalid' });
  });

  it('is used by one of many who come at the same time', async () => {
    const { token } = await under.accounts.issuePasswordLink(id);
    const attempts = await Promise.allSettled([reset(token), reset(token), reset(token)]);
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it.each([
    ['is older than a day', () => under.age('expires_at', 'password_links', 86_400)],
    ['was replaced by a newer one', () => under.accounts.issuePasswordLink(id)],
  ])('that %s is refused', async (_, happens) => {
    const { token } = await under.accounts.issuePasswordLink(id);
    await happens();
    expect(await refusalOf(reset(token))).toMatchObject({ code: 'auth.link_invalid' });
  });

  it('lets in nobody who is disabled, and waits for when they are not', async () => {
    const { token } = await under.accounts.issuePasswordLink(id);
    await under.pool.query('UPDATE users SET disabled_at = now()');
    expect(await refusalOf(reset(token))).toMatchObject({ code: 'auth.account_disabled' });
    await under.pool.query('UPDATE users SET disabled_at = NULL');
    await expect(reset(token)).resolves.toBeDefined();
  });

  it('is stored as a hash alone', async () => {
    const { token } = await under.accounts.issuePasswordLink(id);
    const { rows } = await under.pool.query<{ token_hash: Buffer }>('SELECT * FROM password_links');
    expect(rows[0]?.token_hash).toHaveLength(32);
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});

describe('sessions', () => {
  it('are listed with the one that asks, and end one by one', async () => {
    const [there, here] = [await signedIn(), await signedIn()];
    await me(there);
    const { sessions } = await here.call(routes.self.sessions, {});
    expect(sessions).toMatchObject([
      { is_current: true, last_used_at: expect.any(String) },
      { is_current: false, last_used_at: expect.any(String) },
    ]);
    const params = { id: sessions[1]!.id };
    await here.call(routes.self.endSession, { params });
    expect(await refusalOf(me(there))).toMatchObject({ code: 'auth.session_ended' });
    await expect(me(here)).resolves.toBeDefined();
    expect(await refusalOf(here.call(routes.self.endSession, { params }))).toMatchObject({
      status: 404,
      code: 'session.not_found',
    });
  });

  it('of somebody else do not exist for the caller', async () => {
    const ada = await signedIn();
    await under.addUser('eve@example.org');
    const eve = under.client((await under.logIn('eve@example.org')).access_token);
    const { sessions } = await ada.call(routes.self.sessions, {});
    const params = { id: sessions[0]!.id };
    expect(await refusalOf(eve.call(routes.self.endSession, { params }))).toMatchObject({
      status: 404,
    });
    expect((await eve.call(routes.self.sessions, {})).sessions).toHaveLength(1);
    await eve.call(routes.self.endSessions, {});
    await expect(me(ada)).resolves.toBeDefined();
  });

  it('end all together, here too', async () => {
    const [there, here] = [await signedIn(), await signedIn()];
    await here.call(routes.self.endSessions, {});
    for (const client of [there, here]) {
      expect(await refusalOf(me(client))).toMatchObject({ code: 'auth.session_ended' });
    }
  });

  it('are out of reach for an API key', async () => {
    const { key } = await (await signedIn()).call(routes.apiKeys.create, { body: { name: 'k' } });
    const thief = under.client(key);
    expect(await refusalOf(thief.call(routes.self.sessions, {}))).toMatchObject({ status: 403 });
    expect(await refusalOf(thief.call(routes.self.endSessions, {}))).toMatchObject({ status: 403 });
  });
});
