import { routes, type Route } from '@scriptorium/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { endOf, refusalOf } from '../../testing.ts';
import { sweepPeople } from './index.ts';
import { startPeople, type PeopleUnderTest } from './testing.ts';

let people: PeopleUnderTest;
let ownerId: number;
let adminId: number;
let adaId: number;
beforeAll(async () => {
  people = await startPeople({ USER_QUOTA_MB: '1' });
});
afterAll(() => people.stop());
beforeEach(async () => {
  await people.pool.query('TRUNCATE users, login_attempts CASCADE');
  ownerId = await people.add('owner', 'owner');
  adminId = await people.add('admin', 'admin');
  adaId = await people.add('ada');
});

const change = async (who: string, id: number, body: object) =>
  (await people.as(who)).call(routes.people.change, { params: { id }, body });

describe('what administrators do', () => {
  const administration: readonly Route[] = Object.values(routes.people);

  it.each(administration.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s is refused to a member, to a key, and to nobody at all',
    async (_, route) => {
      const url = people.url + route.path.replace(':id', String(adaId));
      const send = async (token?: string) => {
        const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
        const { status } = await fetch(url, { method: route.method, headers });
        return status;
      };
      const body = { email: 'ada@example.org', password: 'right password' };
      const session = await people.anonymous.call(routes.auth.login, { body });
      expect(await send()).toBe(401);
      expect(await send(session.access_token)).toBe(403);
      const owner = await people.as('owner');
      const { key } = await owner.call(routes.apiKeys.create, { body: { name: 'k' } });
      expect(await send(key)).toBe(403);
    },
  );
});

describe('the list of users', () => {
  it('shows credits, storage, open jobs and when somebody was last seen, newest first', async () => {
    const owner = await people.as('owner');
    await owner.call(routes.people.grant, { params: { id: adaId }, body: { credits: 7 } });
    const ada = await people.as('ada');
    await ada.call(routes.credits.reserve, { body: { estimated_tokens: 2000 } });
    const job = await people.submit({ ownerId: adaId, input: [0] });
    const file = await people.kernel.receive(
      { ownerId: adaId, name: 'a.txt', mediaType: 'text/plain' },
      Buffer.alloc(1234),
    );
    await people.kernel.transaction((tx) => people.kernel.keep(tx, file, { subject: 'book:1' }));

    const { users } = await owner.call(routes.people.list, { query: {} });
    expect(users.map(({ id }) => id)).toEqual([adaId, adminId, ownerId]);
    expect(users[0]).toMatchObject({
      email: 'ada@example.org',
      is_disabled: false,
      credits: { available: 5, held: 2 },
      storage: { used_bytes: 1234, quota_bytes: 1_000_000 },
      open_jobs: 1,
      last_seen_at: expect.any(String),
    });
    expect(users[1]).toMatchObject({ open_jobs: 0, last_seen_at: null });
    expect(await owner.call(routes.people.get, { params: { id: adaId } })).toEqual(users[0]);
    await people.kernel.cancel(job, adaId, adaId);
  });

  it('is searched by a part of the address, filtered, and read page by page', async () => {
    await people.add('100%');
    await change('owner', adaId, { is_disabled: true });
    const owner = await people.as('owner');
    const find = async (query: object) => {
      const page = await owner.call(routes.people.list, { query });
      return [page.users.map(({ email }) => email.split('@')[0]), page.next_before];
    };
    expect(await find({ search: 'AD' })).toEqual([['ada', 'admin'], null]);
    expect(await find({ search: '%' })).toEqual([['100%'], null]);
    expect(await find({ is_disabled: true })).toEqual([['ada'], null]);
    expect(await find({ limit: 2 })).toEqual([['100%', 'ada'], adaId]);
    expect(await find({ limit: 2, before: adaId })).toEqual([['admin', 'owner'], null]);
  });

  it('says of a user who is not there that there is none', async () => {
    const owner = await people.as('owner');
    const params = { id: 999_999 };
    const calls = [
      () => owner.call(routes.people.get, { params }),
      () => owner.call(routes.people.change, { params, body: {} }),
      () => owner.call(routes.people.grant, { params, body: { credits: 1 } }),
      () => owner.call(routes.people.passwordLink, { params }),
      () => owner.call(routes.people.remove, { params }),
    ];
    for (const call of calls) {
      expect(await refusalOf(call())).toMatchObject({ status: 404, code: 'user.not_found' });
    }
  });
});

describe('roles', () => {
  it('are set by administrators, and hold at once', async () => {
    const ada = await people.as('ada');
    expect((await ada.call(routes.auth.me, {})).user.role).toBe('member');
    expect(await change('admin', adaId, { role: 'admin' })).toMatchObject({ role: 'admin' });
    await expect(ada.call(routes.people.list, { query: {} })).resolves.toBeDefined();
    await change('owner', adaId, { role: 'premium' });
    expect(await refusalOf(ada.call(routes.people.list, { query: {} }))).toMatchObject({
      status: 403,
    });
  });

  it('leave one owner, whom nobody else can touch', async () => {
    expect(await refusalOf(change('admin', adminId, { role: 'owner' }))).toMatchObject({
      code: 'request.invalid',
    });
    for (const body of [{ role: 'member' }, { is_disabled: true }, { quota_bytes: 1 }]) {
      expect(await refusalOf(change('admin', ownerId, body))).toMatchObject({
        status: 403,
        code: 'user.is_owner',
      });
    }
    for (const body of [{ role: 'member' }, { is_disabled: true }]) {
      expect(await refusalOf(change('owner', ownerId, body))).toMatchObject({
        code: 'user.is_owner',
      });
    }
    const admin = await people.as('admin');
    const params = { id: ownerId };
    for (const route of [routes.people.passwordLink, routes.people.remove] as const) {
      expect(await refusalOf(admin.call(route, { params }))).toMatchObject({
        code: 'user.is_owner',
      });
    }
    expect(
      (
        await people.anonymous.call(routes.auth.login, {
          body: { email: 'owner@example.org', password: 'right password' },
        })
      ).user.role,
    ).toBe('owner');
  });
});

describe('disabling a user', () => {
  it('ends sessions and keys at once, cancels what runs with its credits returned, until it is enabled again', async () => {
    const ada = await people.as('ada');
    const { key } = await ada.call(routes.apiKeys.create, { body: { name: 'k' } });
    const owner = await people.as('owner');
    await owner.call(routes.people.grant, { params: { id: adaId }, body: { credits: 3 } });
    const job = await people.submit({ ownerId: adaId, input: [0], credits: 2000 });

    expect(await change('admin', adaId, { is_disabled: true })).toMatchObject({
      is_disabled: true,
      open_jobs: 0,
      credits: { available: 3, held: 0 },
    });
    expect(await people.kernel.job(job, adaId)).toMatchObject({
      status: 'cancelled',
      cancelled_by: adminId,
    });
    expect(await refusalOf(ada.call(routes.auth.me, {}))).toMatchObject({ status: 401 });
    const me = { headers: { authorization: `Bearer ${key}` } };
    expect((await fetch(`${people.url}/api/v1/me`, me)).status).toBe(401);
    expect(await refusalOf(people.as('ada'))).toMatchObject({ code: 'auth.account_disabled' });

    expect(await change('admin', adaId, { is_disabled: false })).toMatchObject({
      is_disabled: false,
    });
    expect((await fetch(`${people.url}/api/v1/me`, me)).status).toBe(200);
    expect(await refusalOf(ada.call(routes.auth.me, {}))).toMatchObject({
      code: 'auth.session_ended',
    });
    await expect(people.as('ada')).resolves.toBeDefined();
  });

  it('is not for oneself', async () => {
    expect(await refusalOf(change('admin', adminId, { is_disabled: true }))).toMatchObject({
      status: 409,
      code: 'user.is_caller',
    });
  });
});

describe('a quota', () => {
  const store = (bytes: number) =>
    people.kernel.receive(
      { ownerId: adaId, name: 'a', mediaType: 'text/plain', size: bytes },
      Buffer.alloc(bytes),
    );

  it("is the installation's unless the user has another one", async () => {
    await expect(store(1_000_001)).rejects.toMatchObject({ code: 'admission.quota_exceeded' });
    expect(await change('owner', adaId, { quota_bytes: 2_000_000 })).toMatchObject({
      storage: { quota_bytes: 2_000_000 },
    });
    await expect(store(1_000_001)).resolves.toBeDefined();
    await change('owner', adaId, { quota_bytes: 10 });
    await expect(store(11)).rejects.toMatchObject({ code: 'admission.quota_exceeded' });
    expect(await change('owner', adaId, { quota_bytes: null })).toMatchObject({
      storage: { quota_bytes: 1_000_000 },
    });
    await expect(store(11)).resolves.toBeDefined();
  });
});

describe('granting credits', () => {
  it('is a line of the statement, and takes back what is available and no more', async () => {
    const owner = await people.as('owner');
    const params = { id: adaId };
    const grant = (credits: number, note?: string) =>
      owner.call(routes.people.grant, {
        params,
        body: { credits, ...(note === undefined ? {} : { note }) },
      });
    expect(await grant(10.5, 'Welcome')).toMatchObject({
      kind: 'grant',
      amount: 10.5,
      available_after: 10.5,
      note: 'Welcome',
    });
    expect(await grant(-4)).toMatchObject({ amount: -4, available_after: 6.5 });
    expect(await refusalOf(grant(-7))).toMatchObject({ status: 402, code: 'credit.insufficient' });
    const ada = await people.as('ada');
    const { entries } = await ada.call(routes.credits.entries, { query: {} });
    expect(entries.map(({ amount }) => amount)).toEqual([-4, 10.5]);
  });

  it('is done once for a request that is repeated', async () => {
    const owner = await people.as('owner');
    const again = () =>
      owner.call(routes.people.grant, {
        params: { id: adaId },
        body: { credits: 2 },
        headers: { 'idempotency-key': 'grant-1' },
      });
    expect(await again()).toEqual(await again());
    expect(await people.kernel.credits.balance(adaId)).toMatchObject({ available: 2000 });
  });
});

describe('history', () => {
  it('that is older than its owner wants goes with the sweep', async () => {
    const ada = await people.as('ada');
    const [old, fresh] = [
      await people.submit({ ownerId: adaId, input: [1] }),
      await people.submit({ ownerId: adaId, input: [2] }),
    ];
    for (const job of [old, fresh]) expect(await endOf(ada, job)).toBe('job.completed');
    await people.pool.query(
      `UPDATE kernel.jobs SET finished_at = finished_at - interval '31 days' WHERE id = $1`,
      [old],
    );
    await sweepPeople(people);
    expect((await ada.call(routes.jobs.list, { query: {} })).jobs).toHaveLength(2);
    const body = { history_days: 30 };
    expect(await ada.call(routes.self.changeSettings, { body })).toMatchObject(body);
    await sweepPeople(people);
    const { jobs } = await ada.call(routes.jobs.list, { query: {} });
    expect(jobs.map(({ id }) => id)).toEqual([fresh]);
    expect(await ada.call(routes.self.settings, {})).toEqual({
      history_days: 30,
      storage: { used_bytes: 0, quota_bytes: 1_000_000 },
    });
  });
});
