import type { Queryable } from '@scriptorium/kernel';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { AccessEnd, Caller } from '../../platform/access.ts';
import { AccessWatcher } from './access-watch.ts';
import { startAccounts, type AccountsUnderTest } from './testing.ts';

let under: AccountsUnderTest;
beforeAll(async () => {
  under = await startAccounts();
});
afterAll(() => under.stop());
beforeEach(() => under.clear());

/** A watcher whose queries are counted, and that looks of itself so rarely that only the test does. */
function countingWatcher(lookMs = 3_600_000) {
  let queries = 0;
  const db: Queryable = {
    query: (...asked: Parameters<Queryable['query']>) => {
      queries += 1;
      return under.pool.query(...asked);
    },
  };
  const watcher = new AccessWatcher({ db, log: { debug() {} }, lookMs });
  return { watcher, queries: () => queries };
}

async function signIn(email?: string): Promise<Caller> {
  const { access_token: value = '' } = await under.logIn(email);
  return await under.accounts.authenticate({ kind: 'bearer', value });
}

it('asks once for all that are watched, and not at all when nobody is', async () => {
  await under.addUser();
  await under.addUser('bob@example.org');
  const callers = [await signIn(), await signIn(), await signIn('bob@example.org')];
  const { watcher, queries } = countingWatcher();
  const ended: string[] = [];
  const watches = callers.flatMap((caller, index) =>
    [1, 2, 3].map((stream) =>
      watcher.watch(caller, (end) => ended.push(`${index}.${stream} ${end}`)),
    ),
  );
  await watcher.look();
  expect([queries(), ended]).toEqual([1, []]);
  await under.pool.query(
    'UPDATE sessions SET revoked_at = now(), revoked_reason = $2 WHERE id = $1',
    [callers[1]?.sessionId, 'ended'],
  );
  await watcher.look();
  expect([queries(), ended]).toEqual([2, ['1.1 revoked', '1.2 revoked', '1.3 revoked']]);
  for (const stop of watches) stop();
  await watcher.look();
  expect([queries(), ended.length]).toEqual([2, 3]);
});

it('looks by itself for as long as somebody is watched, and says once what it has seen', async () => {
  const id = await under.addUser();
  const caller = await signIn();
  const { watcher } = countingWatcher(20);
  const ends: AccessEnd[] = [];
  const end = new Promise<void>((resolve) => {
    watcher.watch(caller, (why) => {
      ends.push(why);
      resolve();
    });
  });
  await under.pool.query('DELETE FROM users WHERE id = $1', [id]);
  await end;
  await watcher.look();
  expect(ends).toEqual(['revoked']);
});

it('tells of the moment at which what was shown expires', async () => {
  await under.addUser();
  const caller = { ...(await signIn()), expiresAt: new Date(Date.now() + 30) };
  const { watcher } = countingWatcher();
  expect(await new Promise((resolve) => watcher.watch(caller, resolve))).toBe('expired');
});
