import { expect, test } from 'vitest';
import { Client } from 'pg';

import { createTestDatabase } from './test-database.ts';

let builds = 0;
async function migrate(connectionString: string): Promise<void> {
  builds += 1;
  const client = new Client({ connectionString });
  await client.connect();
  await client.query('CREATE TABLE words (word text)');
  await client.end();
}

const options = { template: 'testkit_words', migrate };

test('a template is built once, and each clone of it stands alone', async () => {
  const databases = await Promise.all([1, 2, 3].map(() => createTestDatabase(options)));
  expect(builds).toBe(1);
  await databases[0]!.pool().query(`INSERT INTO words VALUES ('one')`);
  const counts = await Promise.all(
    databases.map(async (database) => {
      const { rows } = await database.pool().query('SELECT count(*) AS n FROM words');
      return rows[0].n;
    }),
  );
  expect(counts).toEqual([1, 0, 0]);
  await Promise.all(databases.map((database) => database.drop()));
});

test('a connection that a test leaves open is reported when the database is dropped', async () => {
  const database = await createTestDatabase();
  const leak = new Client({
    connectionString: database.connectionString,
    application_name: 'forgetful',
  });
  leak.on('error', () => {});
  await leak.connect();
  await expect(database.drop()).rejects.toThrow('forgetful');
});

test('a template that could not be built is built again by the next one who asks', async () => {
  const failing = {
    template: 'testkit_failing',
    migrate: () => Promise.reject(new Error('out of ink')),
  };
  await expect(createTestDatabase(failing)).rejects.toThrow('out of ink');
  const database = await createTestDatabase({ template: 'testkit_failing', migrate });
  await database.drop();
});
