import { routes, type Client, type Role } from '@scriptorium/contract';
import type { Pool } from 'pg';
import { loadConfig } from '../../config.ts';
import { queryOne } from '../../platform/database.ts';
import { createServerDatabase, openTestLog, startTestServer } from '../../testing.ts';
import { hashPassword } from './accounts.passwords.ts';
import { openAccounts, type Accounts } from './index.ts';

/** A server with accounts alone, for tests that sign in by HTTP. */
export interface AccountsUnderTest {
  readonly pool: Pool;
  readonly accounts: Accounts;
  readonly url: string;
  readonly lines: readonly Record<string, unknown>[];
  readonly anonymous: Client;
  client(token?: string): Client;
  /** Nobody is there any more, and nobody has tried to come in. */
  clear(): Promise<void>;
  /** Stores a user with the password `right password`; gives the id. */
  addUser(email?: string, role?: Role): Promise<number>;
  logIn(email?: string, password?: string, ip?: string): ReturnType<typeof logIn>;
  refresh(token: string | undefined): ReturnType<typeof logIn>;
  me(token: string | undefined): Promise<unknown>;
  /** Makes the database believe that so many seconds have gone by. */
  age(column: string, table: string, seconds: number): Promise<unknown>;
  stop(): Promise<void>;
}

export async function startAccounts(): Promise<AccountsUnderTest> {
  const database = await createServerDatabase();
  const pool = database.pool();
  const passwordHash = await hashPassword('right password');
  // One proxy is trusted, so that a test can come from any address.
  const config = loadConfig({ TRUST_PROXY: '1' });
  const accounts = await openAccounts({ pool, config, log: openTestLog().log });
  const { authenticate, feature } = accounts;
  const server = await startTestServer({ config, features: [feature], authenticate });
  const anonymous = server.client();
  return {
    pool,
    accounts,
    url: server.url,
    lines: server.lines,
    anonymous,
    client: (token) => server.client(token),
    clear: async () => {
      await pool.query('TRUNCATE users, login_attempts, claim_tokens CASCADE');
    },
    addUser: async (email = 'ada@example.org', role = 'member') => {
      const row = await queryOne<{ id: number }>(
        pool,
        'INSERT INTO users (email, password_hash, role) VALUES ($1, $2, $3) RETURNING id',
        [email, passwordHash, role],
      );
      return row?.id ?? 0;
    },
    logIn: (email = 'ada@example.org', password = 'right password', ip = '192.0.2.1') =>
      logIn(anonymous, email, password, ip),
    refresh: (token) => anonymous.call(routes.auth.refresh, { body: { refresh_token: token } }),
    me: (token) => server.client(token).call(routes.auth.me, {}),
    age: (column, table, seconds) =>
      pool.query(`UPDATE ${table} SET ${column} = ${column} - make_interval(secs => $1)`, [
        seconds,
      ]),
    stop: async () => {
      await server.stop();
      await database.drop();
    },
  };
}

function logIn(anonymous: Client, email: string, password: string, ip: string) {
  return anonymous.call(routes.auth.login, {
    body: { email, password },
    headers: { 'x-forwarded-for': ip },
  });
}
