import type { Pool } from 'pg';
import { types } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { openPool } from './pool.ts';

let pool: Pool;

beforeAll(() => {
  pool = openPool(inject('testClusterUrl'), {
    applicationName: 'pool test',
    log: { debug() {}, info() {}, warn() {}, error() {} },
    max: 2,
    statementTimeoutMs: 200,
  });
});

afterAll(() => pool.end());

async function select(expression: string): Promise<unknown> {
  const { rows } = await pool.query<{ value: unknown }>(`SELECT ${expression} AS value`);
  return rows[0]?.value;
}

test('bigint arrives as a number as long as that is exact', async () => {
  expect(await select(`9007199254740991::bigint`)).toBe(Number.MAX_SAFE_INTEGER);
  expect(await select(`count(*)`)).toBe(1);
  expect(await select(`ARRAY[[1, NULL], [3, -4]]::bigint[]`)).toEqual([
    [1, null],
    [3, -4],
  ]);
});

test.each([`9007199254740992::bigint`, `ARRAY[-9007199254740992]::bigint[]`])(
  '%s is refused rather than rounded, and the connection stays usable',
  async (expression) => {
    await expect(select(expression)).rejects.toMatchObject({ code: 'database.integer_too_large' });
    expect(await select('1')).toBe(1);
  },
);

test('a moment arrives as a Date, a calendar day and a decimal as the text they are', async () => {
  expect(await select(`timestamptz '2024-02-29 23:30:00.123+02'`)).toEqual(
    new Date('2024-02-29T21:30:00.123Z'),
  );
  expect(await select(`date '2024-02-29'`)).toBe('2024-02-29');
  expect(await select(`0.1 + 0.2`)).toBe('0.3');
});

test('the types are those of this pool only', () => {
  expect(types.getTypeParser(types.builtins.INT8)('1')).toBe('1');
});

test('connections carry the name, and a statement that takes too long is ended', async () => {
  expect(await select(`current_setting('application_name')`)).toBe('pool test');
  await expect(select(`pg_sleep(60)`)).rejects.toMatchObject({ code: '57014' });
});
