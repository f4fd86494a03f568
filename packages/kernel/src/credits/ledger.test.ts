import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { inTransaction, type Tx } from '../db/transaction.ts';
import { one } from '../testing/jobs.ts';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { InsufficientCreditError } from './errors.ts';
import { drawJobId, reserveCredits } from './holds.ts';
import { grantCredits, readBalance, type CreditGrant } from './ledger.ts';
import { priceOf, toCredits, toMillicredits } from './millicredits.ts';
import { readEntries } from './statement.ts';

const ADMIN = 99;

async function database(): Promise<Pool> {
  return (await kernelForTest({ pipelines: [] })).pool;
}

function grant(pool: Pool, ownerId: number, amount: number, more: Partial<CreditGrant> = {}) {
  const reference = randomUUID();
  return inTransaction(pool, (tx) =>
    grantCredits(tx, { ownerId, amount, by: ADMIN, reference, ...more }),
  );
}

const hold = (ownerId: number, amount: number) => async (tx: Tx) =>
  await reserveCredits(tx, { jobId: await drawJobId(tx), ownerId, amount });

test('a grant is written once, whoever repeats it, and shows as a line with what was available after it', async () => {
  const pool = await database();
  const reference = randomUUID();
  await grant(pool, 1, 5000, { reference, note: 'Welcome' });
  await Promise.all([1, 2, 3].map(() => grant(pool, 1, 5000, { reference })));
  await grant(pool, 1, -2000);
  expect(await readBalance(pool, 1)).toEqual({ balance: 3000, held: 0, available: 3000 });
  expect(await readEntries(pool, 1, { limit: 10 })).toMatchObject([
    { kind: 'grant', amount: -2000, available_after: 3000, job_id: null, note: null },
    { kind: 'grant', amount: 5000, available_after: 5000, made_by: ADMIN, note: 'Welcome' },
  ]);
  expect(await readBalance(pool, 2)).toEqual({ balance: 0, held: 0, available: 0 });
});

test('more than is available can be neither taken back nor held, and the refusal leaves nothing behind', async () => {
  const pool = await database();
  await grant(pool, 1, 1000);
  await inTransaction(pool, hold(1, 400));
  await expect(grant(pool, 1, -601)).rejects.toThrow(InsufficientCreditError);
  await expect(inTransaction(pool, hold(1, 601))).rejects.toMatchObject({
    code: 'credit.insufficient',
    details: { needed: 601, available: 600 },
  });
  await expect(inTransaction(pool, hold(2, 1))).rejects.toThrow('you have 0 available');
  expect(await readBalance(pool, 1)).toEqual({ balance: 1000, held: 400, available: 600 });
  expect(await one(pool, 'SELECT count(*) AS holds FROM kernel.holds')).toEqual({ holds: 1 });
});

test('holds that are made at once never exceed what there is', async () => {
  const pool = await database();
  await grant(pool, 1, 250);
  const ends = await Promise.allSettled(
    Array.from({ length: 8 }, () => inTransaction(pool, hold(1, 100))),
  );
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  const refusals = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason);
  expect(refusals.every((reason) => reason instanceof InsufficientCreditError)).toBe(true);
  expect(await readBalance(pool, 1)).toEqual({ balance: 250, held: 200, available: 50 });
});

test('a reservation that is repeated holds once, and for another amount or owner not at all', async () => {
  const pool = await database();
  await grant(pool, 1, 1000);
  await grant(pool, 2, 1000);
  const jobId = await drawJobId(pool);
  const reserve = (ownerId: number, amount: number) =>
    inTransaction(pool, (tx) => reserveCredits(tx, { jobId, ownerId, amount }));
  const first = await reserve(1, 300);
  expect(await reserve(1, 300)).toEqual(first);
  await expect(reserve(1, 200)).rejects.toMatchObject({ code: 'confirmation.used' });
  await expect(reserve(2, 300)).rejects.toMatchObject({ code: 'confirmation.used' });
  expect(await readBalance(pool, 1)).toMatchObject({ held: 300 });
  expect(await readBalance(pool, 2)).toMatchObject({ held: 0 });
});

test('the database refuses to change or delete what is a fact, and a balance without an entry', async () => {
  const pool = await database();
  await grant(pool, 1, 1000);
  const refusals = [
    'UPDATE kernel.entries SET amount = 1',
    'DELETE FROM kernel.entries',
    'TRUNCATE kernel.entries CASCADE',
    'DELETE FROM kernel.charges',
    'UPDATE kernel.usages SET tokens = 0',
    'UPDATE kernel.accounts SET balance = balance + 1',
    `INSERT INTO kernel.accounts (kind, owner_id, balance) VALUES ('available', 2, 5)`,
    'DELETE FROM kernel.accounts',
  ];
  for (const statement of refusals) {
    await expect(pool.query(statement)).rejects.toMatchObject({
      code: expect.stringMatching(/^23/u),
    });
  }
  expect(await readBalance(pool, 1)).toMatchObject({ available: 1000 });
});

test('the database refuses an entry that would bring an owner below zero', async () => {
  const pool = await database();
  await grant(pool, 1, 1000);
  const overdraw = `
    INSERT INTO kernel.entries (kind, from_account, to_account, amount, owner_id, job_id, at)
    SELECT 'hold', source.id, target.id, 1001, 1, 7, now()
      FROM kernel.accounts source, kernel.accounts target
     WHERE source.kind = 'available' AND target.kind = 'held'`;
  await expect(pool.query(overdraw)).rejects.toMatchObject({ code: '23514' });
});

test('an amount is three decimals of a credit, and a price is rounded up to the next of them', () => {
  expect(toMillicredits(12.345)).toBe(12_345);
  expect(toCredits(12_345)).toBe(12.345);
  expect(priceOf(1000, 1)).toBe(1000);
  expect(priceOf(30, 0.1)).toBe(3);
  expect(priceOf(31, 0.1)).toBe(4);
  expect(priceOf(1000, Number.NaN)).toBe(0);
});
