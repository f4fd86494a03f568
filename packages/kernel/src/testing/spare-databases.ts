import { setTimeout as delay } from 'node:timers/promises';
import { migrate, openPool } from '@scriptorium/postgres';
import { createTestDatabase, type TestDatabase } from '@scriptorium/testkit';
import { afterAll } from 'vitest';
import { createKernel, KERNEL_MIGRATIONS } from '../index.ts';
import { guardPromises } from './guard.ts';
import { silent } from './test-log.ts';

/*
 * A database costs 0.3 s, most of it for its three hundred files; emptying one costs 15 ms. So the tests of a file, which run one
 * after the other, hand theirs on.
 */

const spare: TestDatabase[] = [];

afterAll(async () => {
  for (const database of spare.splice(0)) await database.drop();
});

/** A database with the tables of the kernel and of its queue, and nothing in them. */
export async function takeDatabase(): Promise<TestDatabase> {
  return (
    spare.pop() ?? (await createTestDatabase({ template: 'kernel_under_test', migrate: install }))
  );
}

/** For the next test of the file. Throws for a test that has left a connection open. */
export async function handOn(database: TestDatabase): Promise<void> {
  const pool = database.pool();
  const deadline = performance.now() + DISCONNECT_MS;
  for (;;) {
    const { rows } = await pool.query<object>(OTHER_CONNECTIONS);
    if (rows.length === 0) break;
    if (performance.now() > deadline) {
      throw new Error(`The test left connections open: ${JSON.stringify(rows)}`);
    }
    await delay(5);
  }
  await pool.query(EMPTY);
  await pool.end();
  spare.push(database);
}

/** How long a server process may take to notice that its client has gone. */
const DISCONNECT_MS = 2000;

const OTHER_CONNECTIONS = `
  SELECT application_name, state, query
    FROM pg_stat_activity
   WHERE datname = current_database()
     AND backend_type = 'client backend'
     AND pid <> pg_backend_pid()`;

/** Starting a kernel on a database that has the queue's tables is quick. */
async function install(url: string): Promise<void> {
  const pool = openPool(url, { log: silent, applicationName: 'install' });
  await migrate(pool, [{ name: 'kernel', directory: KERNEL_MIGRATIONS }], silent);
  const kernel = createKernel({ pool, pipelines: [], log: silent });
  await kernel.start();
  await kernel.stop();
  await guardPromises(pool);
  await pool.query(KEEP);
  await pool.end();
}

/** What the queue knows of its queues and of its last supervision: a test that drove time left moments that lie ahead. */
const KEEP = `
  CREATE SCHEMA kept;
  CREATE TABLE kept.queue AS TABLE pgboss.queue;
  CREATE TABLE kept.version AS TABLE pgboss.version;`;

const EMPTY = `
  SET session_replication_role = replica;
  DO $$
  DECLARE each regclass;
  BEGIN
    FOR each IN SELECT oid FROM pg_class
                 WHERE relkind IN ('r', 'p') AND NOT relispartition
                   AND relnamespace IN ('kernel'::regnamespace, 'pgboss'::regnamespace) LOOP
      EXECUTE 'DELETE FROM ' || each;
    END LOOP;
    FOR each IN SELECT oid FROM pg_class WHERE relkind = 'S' AND relnamespace = 'kernel'::regnamespace LOOP
      EXECUTE 'ALTER SEQUENCE ' || each || ' RESTART';
    END LOOP;
  END $$;
  INSERT INTO pgboss.queue TABLE kept.queue;
  INSERT INTO pgboss.version TABLE kept.version;`;
