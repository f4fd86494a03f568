import { roleSchema, routes, type Route } from '@scriptorium/contract';
import type { TestDatabase } from '@scriptorium/testkit';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createServerDatabase, startTestServer, type TestServer } from '../testing.ts';
import type { Authenticate } from './access.ts';
import { guardRepetitions } from './idempotency.ts';
import { guardRates, sweepRates } from './rate-limits.ts';
import { route } from './routes.ts';

const limitedRoute = {
  method: 'POST',
  path: '/api/v1/limited',
  summary: 'Counted',
  tag: 'test',
  access: 'user',
  limit: 'submissions',
  body: z.object({ name: z.string() }),
  responses: { 201: z.object({ name: z.string() }) },
} as const satisfies Route;

let database: TestDatabase;
let pool: Pool;
let servers: [TestServer, TestServer];
let handled: number;
const ids = new Map<string, number>();

const authenticate: Authenticate = async ({ value }) => {
  const [role = 'member', name = role] = value.split('.', 2);
  return {
    id: ids.get(name) ?? 1,
    role: roleSchema.parse(role),
    scopes: ['read', 'write'],
    via: 'token',
  };
};

beforeAll(async () => {
  database = await createServerDatabase();
  pool = database.pool();
  for (const name of ['member', 'premium', 'admin', 'owner', 'bob']) {
    const { rows } = await pool.query<{ id: number }>(
      `INSERT INTO users (email, password_hash, role) VALUES ($1, '-', 'member') RETURNING id`,
      [`${name}@example.org`],
    );
    ids.set(name, rows[0]!.id);
  }
  const start = () =>
    startTestServer({
      authenticate,
      guards: [
        (app) => guardRepetitions(app, pool),
        (app) => guardRates(app, pool, { submissions: { member: 3, premium: 5, admin: 7 } }),
      ],
      features: [
        {
          name: 'limited',
          register(app) {
            route(app, limitedRoute, ({ body }) => {
              handled += 1;
              return body;
            });
          },
        },
      ],
    });
  servers = [await start(), await start()];
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await database.drop();
});
beforeEach(async () => {
  await pool.query('TRUNCATE rate_limits, idempotent_requests');
  handled = 0;
});

const post = (as: string, at: 0 | 1 = 0, body: object = { name: 'x' }, key?: string) =>
  fetch(`${servers[at].url}/api/v1/limited`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${as}`,
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
  });

describe('a limit', () => {
  it('counts over all servers, also what comes at once, and says when the next one is possible', async () => {
    const sent = Array.from({ length: 9 }, (_, place) => post('member', place % 2 === 0 ? 0 : 1));
    const statuses = (await Promise.all(sent)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(6);
    expect(handled).toBe(3);
    const refused = await post('member', 1);
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(3590);
    expect(wait).toBeLessThanOrEqual(3600);
    expect(refused.headers.get('ratelimit-policy')).toBe('"submissions";q=3;w=3600');
    expect(refused.headers.get('ratelimit')).toMatch(/^"submissions";r=0;t=3[56]\d\d$/u);
    expect(await refused.json()).toMatchObject({
      status: 429,
      code: 'request.rate_limited',
      retry_after: wait,
    });
    expect((await post('member.bob')).status).toBe(201);
  });

  it('tells how many are left', async () => {
    const left = [];
    for (let request = 0; request < 3; request += 1) {
      left.push((await post('member')).headers.get('ratelimit')?.split(';')[1]);
    }
    expect(left).toEqual(['r=2', 'r=1', 'r=0']);
  });

  it('depends on the role, and does not hold for the owner', async () => {
    for (const [role, limit] of [
      ['premium', 5],
      ['admin', 7],
    ] as const) {
      const answers = await Promise.all(Array.from({ length: 9 }, () => post(role)));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(limit);
    }
    const answers = await Promise.all(Array.from({ length: 12 }, () => post('owner')));
    expect(answers.every(({ status }) => status === 201)).toBe(true);
    expect(answers[0]?.headers.get('ratelimit')).toBeNull();
  });

  it('is not used up by requests that are refused', async () => {
    for (let mistake = 0; mistake < 5; mistake += 1) {
      const { status, headers } = await post('member', 0, { name: 7 });
      expect(status).toBe(400);
      expect(headers.get('ratelimit')).toContain('r=3');
    }
    expect((await post('member')).headers.get('ratelimit')).toContain('r=2');
  });

  it('is not used up by repetitions, which are answered also when it is', async () => {
    for (const key of ['a', 'b', 'c'])
      expect((await post('member', 0, { name: key }, key)).status).toBe(201);
    expect((await post('member', 1, { name: 'c' }, 'c')).status).toBe(201);
    expect((await post('member', 1, { name: 'd' }, 'd')).status).toBe(429);
    expect(handled).toBe(3);
  });

  it('refuses before the body is read', async () => {
    await pool.query(`INSERT INTO rate_limits VALUES ($1, 3, $2)`, [
      `submissions:${ids.get('member')}`,
      Date.now() + 60_000,
    ]);
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"name":')),
    });
    const response = await fetch(`${servers[0].url}/api/v1/limited`, {
      method: 'POST',
      headers: { authorization: 'Bearer member', 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(429);
  });

  it('begins anew when its window is over, and leaves no row behind', async () => {
    for (let request = 0; request < 3; request += 1) await post('member');
    expect((await post('member')).status).toBe(429);
    await pool.query('UPDATE rate_limits SET expire = expire - 3600000');
    expect((await post('member')).status).toBe(201);
    await pool.query('UPDATE rate_limits SET expire = expire - 3600000');
    await sweepRates(pool);
    expect((await pool.query('SELECT FROM rate_limits')).rowCount).toBe(0);
  });
});

it('holds for both ways to submit a PDF, together', () => {
  const limited = Object.values(routes)
    .flatMap((group): Route[] => Object.values(group))
    .filter((each) => each.limit === 'submissions');
  expect(limited.map(({ path }) => path)).toEqual([
    '/api/v1/process-pdf-async',
    '/api/v1/process-pdf',
  ]);
});
