import { routes, type Client } from '@scriptorium/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { queryOne } from '../../platform/database.ts';
import type { Caller } from '../../platform/access.ts';
import { refusalOf } from '../../testing.ts';
import { startAccounts, type AccountsUnderTest } from './testing.ts';

let under: AccountsUnderTest;
beforeAll(async () => {
  under = await startAccounts();
});
afterAll(() => under.stop());
beforeEach(() => under.clear());

const caller = (id: number) => ({ id, role: 'member', scopes: [], via: 'token' }) satisfies Caller;

describe('an API key', () => {
  let signedIn: Client;
  beforeEach(async () => {
    await under.addUser();
    signedIn = under.client((await under.logIn()).access_token);
  });
  const create = (name: string, scopes?: ('read' | 'write')[]) =>
    signedIn.call(routes.apiKeys.create, { body: { name, scopes } });

  it('is shown once, opens the door, and is recognised by its first characters', async () => {
    const { key, api_key: made } = await create('laptop');
    expect(key).toMatch(/^sk_[\w-]{43}$/u);
    expect(made).toMatchObject({ name: 'laptop', last_used_at: null, revoked_at: null });
    expect(await under.me(key)).toMatchObject({ scopes: ['read', 'write'] });
    const headers = { 'x-api-key': key };
    expect((await fetch(`${under.url}/api/v1/me`, { headers })).status).toBe(200);
    const { api_keys: list } = await signedIn.call(routes.apiKeys.list, {});
    expect(list).toMatchObject([{ prefix: key.slice(0, 10), last_used_at: expect.any(String) }]);
    const { rows } = await under.pool.query('SELECT * FROM api_keys');
    expect(JSON.stringify([list, rows])).not.toContain(key);
  });

  it('notes its use once a minute', async () => {
    const { key } = await create('laptop');
    const lastUse = async () => {
      await under.me(key);
      return (await signedIn.call(routes.apiKeys.list, {})).api_keys[0]?.last_used_at;
    };
    const first = await lastUse();
    expect(await lastUse()).toBe(first);
    await under.age('last_used_at', 'api_keys', 61);
    expect(await lastUse()).not.toBe(first);
  });

  it('is useless once it is revoked, or its user is disabled', async () => {
    const [one, two] = [await create('one'), await create('two')];
    await signedIn.call(routes.apiKeys.revoke, { params: { id: one.api_key.id } });
    expect(await refusalOf(under.me(one.key))).toMatchObject({
      status: 401,
      code: 'auth.key_invalid',
    });
    await expect(under.me(two.key)).resolves.toBeDefined();
    await under.pool.query('UPDATE users SET disabled_at = now()');
    expect(await refusalOf(under.me(two.key))).toMatchObject({ code: 'auth.key_invalid' });
  });

  it('cannot make, list or revoke keys', async () => {
    const { key, api_key: made } = await create('leaked');
    const thief = under.client(key);
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
    await under.addUser('eve@example.org');
    const eve = under.client((await under.logIn('eve@example.org')).access_token);
    expect(
      await refusalOf(eve.call(routes.apiKeys.revoke, { params: { id: made.id } })),
    ).toMatchObject({ status: 404, code: 'api_key.not_found' });
    expect(await eve.call(routes.apiKeys.list, {})).toEqual({ api_keys: [] });
    await expect(under.me(key)).resolves.toBeDefined();
  });
});

describe('a stream ticket', () => {
  it('opens the stream of its job, once', async () => {
    const id = await under.addUser();
    const { ticket, expiresAt } = await under.accounts.issueStreamTicket(caller(id), 5);
    expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(60_000);
    const credential = { kind: 'ticket', value: ticket, jobId: 5 } as const;
    expect(await under.accounts.authenticate(credential)).toEqual({
      id,
      role: 'member',
      scopes: ['read'],
      via: 'ticket',
      expiresAt: expect.any(Date),
    });
    await expect(under.accounts.authenticate(credential)).rejects.toMatchObject({
      code: 'auth.ticket_invalid',
    });
  });

  it.each([
    ['for another job', 6, () => under.pool.query('SELECT 1')],
    ['of more than a minute ago', 5, () => under.age('expires_at', 'stream_tickets', 61)],
    ['of a disabled user', 5, () => under.pool.query('UPDATE users SET disabled_at = now()')],
  ])('%s is refused', async (_, jobId, happens) => {
    const { ticket } = await under.accounts.issueStreamTicket(caller(await under.addUser()), 5);
    await happens();
    await expect(
      under.accounts.authenticate({ kind: 'ticket', value: ticket, jobId }),
    ).rejects.toMatchObject({ status: 401, code: 'auth.ticket_invalid' });
  });
});

describe('a stream ticket of', () => {
  const ticketOf = async (token: string | undefined) => {
    const holder = await under.accounts.authenticate({ kind: 'bearer', value: token ?? '' });
    const { ticket } = await under.accounts.issueStreamTicket(holder, 5);
    return () => under.accounts.authenticate({ kind: 'ticket', value: ticket, jobId: 5 });
  };
  beforeEach(() => under.addUser());

  it('a session ends with it', async () => {
    const { access_token: token, refresh_token: refresh } = await under.logIn();
    const show = await ticketOf(token);
    await under.anonymous.call(routes.auth.logout, { body: { refresh_token: refresh } });
    await expect(show()).rejects.toMatchObject({ code: 'auth.ticket_invalid' });
  });

  it('a key ends with it, and says whose it was', async () => {
    const signedIn = under.client((await under.logIn()).access_token);
    const { key, api_key: made } = await signedIn.call(routes.apiKeys.create, {
      body: { name: 'script' },
    });
    const [good, late] = [await ticketOf(key), await ticketOf(key)];
    expect(await good()).toMatchObject({ via: 'ticket', keyId: made.id });
    await signedIn.call(routes.apiKeys.revoke, { params: { id: made.id } });
    await expect(late()).rejects.toMatchObject({ code: 'auth.ticket_invalid' });
  });
});

describe('the sweeper', () => {
  it('removes what has expired and nothing else', async () => {
    const id = await under.addUser();
    await under.logIn();
    await under.accounts.issueStreamTicket(caller(id), 5);
    await under.age('expires_at', 'refresh_tokens', 31 * 86_400);
    await under.age('expires_at', 'stream_tickets', 61);
    const { refresh_token: living } = await under.logIn();
    await under.accounts.issueStreamTicket(caller(id), 6);
    await under.accounts.sweep();
    const counts = await queryOne(
      under.pool,
      `SELECT (SELECT count(*) FROM sessions) AS sessions,
              (SELECT count(*) FROM stream_tickets) AS tickets`,
    );
    expect(counts).toEqual({ sessions: 1, tickets: 1 });
    await expect(under.refresh(living)).resolves.toBeDefined();
  });
});
