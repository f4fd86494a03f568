import { routes } from '@scriptorium/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusalOf } from '../../testing.ts';
import { startPeople, type PeopleUnderTest } from './testing.ts';

let people: PeopleUnderTest;
beforeAll(async () => {
  people = await startPeople();
});
afterAll(() => people.stop());
beforeEach(async () => {
  await people.pool.query('TRUNCATE users, login_attempts, invitations CASCADE');
  await people.add('owner', 'owner');
});

const invite = async (body: object = {}) => {
  const owner = await people.as('owner');
  const { invitation, url } = await owner.call(routes.people.invite, { body });
  return { invitation, url, token: url.slice(url.lastIndexOf('/') + 1) };
};

const register = (email: string, invitation?: string) =>
  people.anonymous.call(routes.self.register, {
    body: {
      email,
      password: 'a new password',
      ...(invitation === undefined ? {} : { invitation }),
    },
  });

describe('an invitation', () => {
  it('opens one account, with its role and its credits', async () => {
    const { token, url } = await invite({ role: 'premium', credits: 12.5 });
    expect(url).toMatch(new RegExp(`^${people.url}/invitation/[\\w-]{43}$`, 'u'));
    const session = await register('Ada@example.org', token);
    expect(session.user).toMatchObject({ email: 'ada@example.org', role: 'premium' });
    const ada = await people.as('ada', 'a new password');
    expect(await ada.call(routes.credits.balance, {})).toMatchObject({ available: 12.5 });
    expect(await refusalOf(register('eve@example.org', token))).toMatchObject({
      status: 401,
      code: 'auth.invitation_invalid',
    });
  });

  it('opens one account also when many use it at the same time', async () => {
    const { token } = await invite({ credits: 5 });
    const attempts = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((name) => register(`${name}@example.org`, token)),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { rows } = await people.pool.query(`SELECT FROM kernel.entries WHERE note IS NOT NULL
      AND owner_id IN (SELECT id FROM users)`);
    expect(rows).toHaveLength(1);
  });

  it('for one address is refused to another, and stays good', async () => {
    const { token } = await invite({ email: 'Ada@example.org' });
    expect(await refusalOf(register('eve@example.org', token))).toMatchObject({
      status: 403,
      code: 'auth.invitation_for_another',
    });
    await expect(register('ada@example.org', token)).resolves.toBeDefined();
  });

  it('is not used up by an address that somebody has', async () => {
    await people.add('bob');
    const { token } = await invite();
    expect(await refusalOf(register('bob@example.org', token))).toMatchObject({
      status: 409,
      code: 'user.email_taken',
    });
    await expect(register('ada@example.org', token)).resolves.toBeDefined();
  });

  it.each([
    ['has expired', `expires_at = now()`],
    ['was revoked', `revoked_at = now()`],
  ])('that %s is refused', async (_, change) => {
    const { token } = await invite();
    await people.pool.query(`UPDATE invitations SET ${change}`);
    expect(await refusalOf(register('ada@example.org', token))).toMatchObject({
      code: 'auth.invitation_invalid',
    });
  });

  it('is listed with what became of it, and can be revoked until it is used', async () => {
    const [used, open] = [await invite(), await invite({ email: 'eve@example.org', credits: 1 })];
    await register('ada@example.org', used.token);
    const owner = await people.as('owner');
    const params = { id: open.invitation.id };
    await owner.call(routes.people.revokeInvitation, { params });
    const { invitations } = await owner.call(routes.people.invitations, {});
    expect(invitations).toMatchObject([
      { email: 'eve@example.org', credits: 1, used_at: null, revoked_at: expect.any(String) },
      { email: null, used_at: expect.any(String), revoked_at: null },
    ]);
    const late = { params: { id: used.invitation.id } };
    expect(await refusalOf(owner.call(routes.people.revokeInvitation, late))).toMatchObject({
      status: 409,
      code: 'invitation.used',
    });
    const unknown = { params: { id: 999_999 } };
    expect(await refusalOf(owner.call(routes.people.revokeInvitation, unknown))).toMatchObject({
      status: 404,
      code: 'invitation.not_found',
    });
  });

  it('is stored as a hash alone', async () => {
    const { token } = await invite();
    const { rows } = await people.pool.query<{ token_hash: Buffer }>('SELECT * FROM invitations');
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(rows[0]?.token_hash).toHaveLength(32);
  });

  it('to be owner cannot be made', async () => {
    expect(await refusalOf(invite({ role: 'owner' }))).toMatchObject({ code: 'request.invalid' });
  });
});

describe('registration', () => {
  it('without an invitation is closed', async () => {
    expect(await refusalOf(register('ada@example.org'))).toMatchObject({
      status: 403,
      code: 'auth.registration_closed',
    });
  });

  it('is open where the operator has opened it, and its attempts are counted', async () => {
    const open = await startPeople({ REGISTRATION: 'open' });
    try {
      const knock = (email: string) =>
        open.anonymous.call(routes.self.register, { body: { email, password: 'a new password' } });
      expect((await knock('ada@example.org')).user).toMatchObject({ role: 'member' });
      await open.pool.query(`UPDATE login_attempts SET attempts = 100`);
      expect(await refusalOf(knock('bob@example.org'))).toMatchObject({
        code: 'auth.too_many_attempts',
      });
    } finally {
      await open.stop();
    }
  });
});
