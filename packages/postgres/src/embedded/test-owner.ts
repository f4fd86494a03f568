import { Client } from 'pg';

import { startEmbeddedPostgres } from './start.ts';

/*
 * A program that owns a server, for tests that kill it: `node test-owner.ts <data folder> <shared
 * folder>`. Each line it prints is a JSON value: first the server, then the number of each row that
 * it has committed. On SIGINT and SIGTERM it commits one more row, stops the server, and prints how
 * that ended.
 */

const [, , dataDir = '', sharedDirectory = ''] = process.argv;
const say = (value: unknown): boolean => process.stdout.write(`${JSON.stringify(value)}\n`);

const asked = new AbortController();
process.once('SIGINT', () => asked.abort());
process.once('SIGTERM', () => asked.abort());

const log = { debug() {}, info() {}, warn() {}, error() {} };
const server = await startEmbeddedPostgres({ dataDir, sharedDirectory, log });
say({ pid: server.pid, dataDir: server.dataDir, connectionString: server.connectionString });

const client = new Client({ connectionString: server.connectionString });
client.on('error', () => process.exit(1));
await client.connect();
await client.query('DROP TABLE IF EXISTS rows');
await client.query('CREATE TABLE rows (id bigint GENERATED ALWAYS AS IDENTITY)');

async function commitRow(): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    'INSERT INTO rows DEFAULT VALUES RETURNING id',
  );
  say(Number(rows[0]?.id));
}

while (!asked.signal.aborted) {
  await commitRow();
}
await commitRow();
await client.end();
await server.stop();
say(await server.exited);
