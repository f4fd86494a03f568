import { execFile } from 'node:child_process';
import path from 'node:path';
import { createClient, routes } from '@scriptorium/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addressOf,
  removeFolder,
  startInstallation,
  temporaryFolder,
  type Program,
} from '../../../server/src/testing-installation.ts';

const BIN = path.join(import.meta.dirname, '../../bin/scriptorium.mjs');
const OWNER = { OWNER_EMAIL: 'owner@example.org', OWNER_PASSWORD: 'a long password' };

let folder: string;
let installation: Program;
let address: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  installation = startInstallation(folder, OWNER);
  address = await addressOf(installation);
});
afterAll(async () => {
  await installation.end();
  await removeFolder(folder);
});

/** Runs a command as the owner whom the environment names, or as whoever types. */
function scriptorium(parameters: readonly string[], input?: string) {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    SCRIPTORIUM_SERVER: address,
    ...(input === undefined ? OWNER : {}),
  };
  return new Promise<{ exitCode: number | null; out: string; complaints: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [BIN, ...parameters],
      { cwd: folder, env },
      (_error, out, complaints) => resolve({ exitCode: child.exitCode, out, complaints }),
    );
    child.stdin?.end(input ?? '');
  });
}

async function json(parameters: readonly string[]): Promise<unknown> {
  const { exitCode, out, complaints } = await scriptorium([...parameters, '--json']);
  expect([exitCode, complaints]).toEqual([0, '']);
  return JSON.parse(out);
}

describe('the command line of an administrator', () => {
  it('invites somebody, who opens an account with the link', async () => {
    const { exitCode, out } = await scriptorium(
      'invite --email ada@example.org --role premium --credits 12.5'.split(' '),
    );
    expect(exitCode).toBe(0);
    const [link = '', explanation] = out.split('\n');
    expect(link).toContain(`${address}/invitation/`);
    expect(explanation).toContain('Opens one account for ada@example.org');
    const body = {
      invitation: link.slice(link.lastIndexOf('/') + 1),
      email: 'ada@example.org',
      password: 'another password',
    };
    await createClient({ baseUrl: address }).call(routes.self.register, { body });
    const list = await scriptorium(['invitations']);
    expect(list.out).toMatch(/ada@example\.org +premium +12\.5 +used 20/u);
    expect(await json(['invitations'])).toMatchObject({ invitations: [{ role: 'premium' }] });
  });

  it('lists and finds users', async () => {
    const { out } = await scriptorium(['users']);
    const [head, ada, owner] = out.split('\n');
    expect(head).toMatch(/user +role +credits/u);
    expect(ada).toMatch(/^ada@example\.org +premium +12\.5 +0 +0 MB +0 20/u);
    expect(owner).toMatch(/^owner@example\.org +owner/u);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(await json(['users', '--search', 'ada'])).toMatchObject({
      users: [{ email: 'ada@example.org' }],
      next_before: null,
    });
  });

  it('grants credits and takes them back', async () => {
    const granted = await scriptorium(['users', 'grant', 'Ada@example.org', '7.5']);
    expect(granted.out).toContain('has 20 credits to spend');
    expect(await json(['users', 'grant', 'ada@example.org', '-5'])).toMatchObject({ amount: -5 });
    const tooMuch = await scriptorium(['users', 'grant', 'ada@example.org', '-500']);
    expect(tooMuch).toMatchObject({ exitCode: 1 });
    expect(tooMuch.complaints).toContain('credit.insufficient');
  });

  it('sets roles, and knows which there are', async () => {
    expect(await json(['users', 'role', 'ada@example.org', 'admin'])).toMatchObject({
      role: 'admin',
    });
    expect(await scriptorium(['users', 'role', 'ada@example.org', 'owner'])).toMatchObject({
      exitCode: 2,
    });
  });

  it('disables and enables', async () => {
    const disabled = await scriptorium(['users', 'disable', 'ada@example.org']);
    expect(disabled.out).toBe('ada@example.org is disabled.\n');
    const enabled = await scriptorium(['users', 'enable', 'ada@example.org']);
    expect(enabled.out).toBe('ada@example.org is enabled, as admin.\n');
  });

  it('makes a link for a new password', async () => {
    const { out } = await scriptorium(['users', 'password-link', 'ada@example.org']);
    expect(out).toContain(`${address}/reset-password/`);
    const token = /reset-password\/(\S+)/u.exec(out)?.[1] ?? '';
    const body = { token, password: 'the newest password' };
    const session = await createClient({ baseUrl: address }).call(routes.self.resetPassword, {
      body,
    });
    expect(session.user.email).toBe('ada@example.org');
  });

  it('asks for the password where nothing names one, and takes no key for it', async () => {
    const typed = await scriptorium(['users', '--json'], 'ada@example.org\nthe newest password\n');
    expect(JSON.parse(typed.out)).toMatchObject({ users: [{ role: 'admin' }, { role: 'owner' }] });
    const withKey = await scriptorium(['users', '--token', 'sk_x']);
    expect(withKey).toMatchObject({ exitCode: 2 });
    expect(withKey.complaints).toContain('cli.key_not_enough');
  });

  it('deletes a user, who is then unknown', async () => {
    expect(await json(['users', 'delete', 'ada@example.org'])).toMatchObject({
      deleted: { email: 'ada@example.org' },
    });
    const again = await scriptorium(['users', 'delete', 'ada@example.org']);
    expect(again).toMatchObject({ exitCode: 1 });
    expect(again.complaints).toContain('Nobody has the address ada@example.org.');
  });
});
