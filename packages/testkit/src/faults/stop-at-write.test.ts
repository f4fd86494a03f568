import { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';
import { stopAtWrite, type WritePoint } from './stop-at-write.ts';

let database: TestDatabase;
let admin: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  admin = database.pool();
});
beforeEach(async () => {
  await admin.query('DROP TABLE IF EXISTS marks; CREATE TABLE marks (n integer)');
});
afterAll(() => database.drop());

/** Three durable writes: a transaction of two statements, a statement of its own, and a transaction. Between them, none. */
async function threeWrites(pool: Pool): Promise<void> {
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query('INSERT INTO marks VALUES (1)');
  await client.query({ text: 'INSERT INTO marks VALUES ($1)', values: [1] });
  await client.query('COMMIT');
  await client.query('BEGIN');
  await client.query('SELECT n FROM marks FOR UPDATE');
  await client.query('COMMIT');
  await client.query('BEGIN');
  await client.query('INSERT INTO marks VALUES (9)');
  await client.query('ROLLBACK');
  client.release();
  await pool.query('INSERT INTO marks VALUES ($1)', [2]);
  await pool.query('BEGIN; INSERT INTO marks VALUES (3); COMMIT');
}

async function marksAfter(point: WritePoint): Promise<number[]> {
  const pool = new Pool({ connectionString: database.connectionString });
  // Of a dead process nobody hears an error.
  pool.on('connect', (client) => client.on('error', () => {}));
  const died = Promise.withResolvers<void>();
  const fault = stopAtWrite(pool, point, () => died.resolve());
  await Promise.race([threeWrites(pool), died.promise]);
  expect(fault.hasFired).toBe(true);
  const { rows } = await admin.query<{ n: number }>('SELECT n FROM marks ORDER BY n');
  await admin.query(
    `SELECT pg_terminate_backend(pid)
       FROM pg_stat_activity
      WHERE datname = current_database()
        AND backend_type = 'client backend'
        AND pid <> pg_backend_pid()`,
  );
  return rows.map(({ n }) => n);
}

test.each([
  [{ write: 1, moment: 'before' }, []],
  [{ write: 1, moment: 'after' }, [1, 1]],
  [{ write: 2, moment: 'before' }, [1, 1]],
  [{ write: 2, moment: 'after' }, [1, 1, 2]],
  [{ write: 3, moment: 'before' }, [1, 1, 2]],
  [{ write: 3, moment: 'after' }, [1, 1, 2, 3]],
] as const)('ends the process at %o, with %j committed', async (point, committed) => {
  expect(await marksAfter(point)).toEqual(committed);
});

test('only counts while its place has not come', async () => {
  const pool = database.pool();
  const fault = stopAtWrite(pool, { write: 4, moment: 'before' }, () => {
    throw new Error('It was not to be called.');
  });
  await threeWrites(pool);
  expect(fault).toEqual({ writes: 3, hasFired: false });
});
