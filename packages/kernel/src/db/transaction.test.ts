import { AsyncLocalStorage } from 'node:async_hooks';
import { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { kernelForTest } from '../testing/kernel-under-test.ts';
import { beginTransaction, isWaitedFor } from '../testing/locks.ts';
import { inTransaction, isConnectionLoss, refuseInTransaction } from './transaction.ts';

const withCode = (code: string) => Object.assign(new Error('Refused.'), { code });

test.each([
  ['08006', 'a connection that broke'],
  ['25006', 'a database that has become a standby'],
  ['53300', 'no connection left'],
  ['53100', 'no room on its disk'],
  ['57P01', 'a restart'],
  ['58030', 'a disk that fails'],
  ['ECONNREFUSED', 'nobody there'],
])('%s is an outage: %s', (code) => {
  expect(isConnectionLoss(withCode(code))).toBe(true);
});

test.each(['22021', '22P05', '23505', '40P01', '42601', 'P0001', 'kernel.stale_attempt', ''])(
  '“%s” says that the database is there and has refused',
  (code) => {
    expect(isConnectionLoss(withCode(code))).toBe(false);
  },
);

test('the victim of a deadlock is run again, and what is to happen after the commit happens once', async () => {
  const { pool } = await kernelForTest({ pipelines: [] });
  const lock = 'SELECT pg_advisory_xact_lock($1)';
  const other = await beginTransaction(pool);
  // Whoever has waited for so long looks for a circle, once: ours is to look when it is closed, and first.
  await other.query(`SET LOCAL deadlock_timeout = '1min'`);
  await other.query(lock, [2]);
  const runs: string[] = [];
  const mine = inTransaction(
    pool,
    async (tx) => {
      tx.afterCommit(() => runs.push('committed'));
      runs.push('begun');
      await tx.query(`SET LOCAL deadlock_timeout = '3s'`);
      await tx.query(lock, [1]);
      await tx.query(lock, [2]);
      return 'result';
    },
    (_error, run) => runs.push(`rerun ${run}`),
  );
  await isWaitedFor(pool, other);
  await other.query(lock, [1]);
  await other.query('ROLLBACK');
  expect(await mine).toBe('result');
  expect(runs).toEqual(['begun', 'rerun 1', 'begun', 'committed']);
});

test('whoever gets no connection in time is told so after one wait, not after eight', async () => {
  const { pool } = await kernelForTest({ pipelines: [] });
  const small = new Pool({ ...pool.options, max: 1, connectionTimeoutMillis: 50 });
  onTestFinished(() => small.end());
  const taken = await small.connect();
  onTestFinished(() => taken.release());
  const runs: number[] = [];
  const waiting = inTransaction(
    small,
    (tx) => tx.query('SELECT 1'),
    (_error, run) => runs.push(run),
  );
  const error = await waiting.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ message: 'timeout exceeded when trying to connect' });
  expect(isConnectionLoss(error)).toBe(true);
  expect(runs).toEqual([]);
});

test('what the database refuses is thrown at once, and nothing of the transaction stays', async () => {
  const { pool, kernel } = await kernelForTest({ pipelines: [] });
  let runs = 0;
  const refused = inTransaction(pool, async (tx) => {
    runs += 1;
    tx.afterCommit(() => {
      runs = 100;
    });
    await tx.query(`INSERT INTO kernel.memos VALUES (1, 'a', '{}', now())`);
  });
  await expect(refused).rejects.toMatchObject({ code: '23503' });
  expect(runs).toBe(1);
  expect(kernel.metrics.transactionReruns).toBe(0);
});

test('a statement that comes again is prepared, and texts that never do leave nothing on the connections', async () => {
  const { pool } = await kernelForTest({ pipelines: [] });
  const prepared = await inTransaction(pool, async (tx) => {
    for (let round = 0; round < 3; round += 1)
      await tx.query('SELECT $1::int AS constant', [round]);
    for (let round = 0; round < 400; round += 1) await tx.query(`SELECT ${round} AS dynamic`);
    const { rows } = await tx.query<{ statement: string }>(
      `SELECT statement FROM pg_prepared_statements WHERE statement LIKE 'SELECT % AS %'`,
    );
    return rows.map(({ statement }) => statement);
  });
  expect(prepared).toEqual(['SELECT $1::int AS constant']);
});

test('what may take long is refused while a transaction is open, and is allowed before, after and once it is over', async () => {
  const { pool } = await kernelForTest({ pipelines: [] });
  const ask = () => refuseInTransaction('call a model');
  ask();
  let later = ask;
  const called = inTransaction(pool, async (tx) => {
    later = AsyncLocalStorage.bind(ask);
    await tx.query('SELECT 1');
    await Promise.resolve().then(ask);
  });
  await expect(called).rejects.toMatchObject({
    code: 'kernel.open_transaction',
    details: { what: 'call a model' },
  });
  // Started inside, such as a timer, and called when the transaction has ended.
  later();
  await inTransaction(pool, async (tx) => {
    tx.afterCommit(ask);
    await tx.query('SELECT 1');
  });
  ask();
});
