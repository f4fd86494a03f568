import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Route } from '@scriptorium/contract';
import type { TestDatabase } from '@scriptorium/testkit';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  createServerDatabase,
  recogniseByName,
  startTestServer,
  type TestServer,
} from '../testing.ts';
import { platformError } from './errors.ts';
import { sweepRequests } from './idempotency.repo.ts';
import { guardRepetitions } from './idempotency.ts';
import { answer, route, type Feature } from './routes.ts';
import { withForm } from './uploads.ts';

const makeRoute = {
  method: 'POST',
  path: '/api/v1/things',
  summary: 'Makes a thing',
  tag: 'test',
  access: 'user',
  body: z.object({ name: z.string() }),
  responses: { 201: z.object({ number: z.int(), secret: z.string() }) },
} as const satisfies Route;

const uploadRoute = {
  method: 'POST',
  path: '/api/v1/uploads',
  summary: 'Takes a file',
  tag: 'test',
  access: 'user',
  form: z.object({ file: z.unknown(), note: z.string() }),
  responses: { 200: z.object({ number: z.int() }) },
} as const satisfies Route;

let database: TestDatabase;
let pool: Pool;
let folder: string;
/** Two servers of one installation. */
let servers: [TestServer, TestServer];
let made: string[];
/** What the handler does before it answers. */
let meanwhile: () => Promise<void>;

const feature = (): Feature => ({
  name: 'things',
  register(app) {
    route(app, makeRoute, async ({ body, reply }) => {
      await meanwhile();
      made.push(body.name);
      reply.header('location', `/api/v1/things/${made.length}`);
      return { number: made.length, secret: 'sk_shown_once' };
    });
    route(app, uploadRoute, ({ request }) => {
      const limits = { dataDir: folder, uploadMaxBytes: 1000 };
      const fields = z.object({ note: z.string() });
      const form = { limits, fileField: 'file', fields, admit: async () => {} };
      return withForm(request, form, async ({ fields, file }) => {
        made.push(`${fields.note} ${file?.bytes}`);
        return answer(200, { number: made.length });
      });
    });
  },
});

beforeAll(async () => {
  database = await createServerDatabase();
  pool = database.pool();
  folder = await mkdtemp(path.join(os.tmpdir(), 'named-'));
  const authenticate = await recogniseByName(pool, () => {
    throw platformError('auth.required', { detail: 'Nobody knows you.' });
  });
  const start = () =>
    startTestServer({
      features: [feature()],
      authenticate,
      guards: [(app) => guardRepetitions(app, pool)],
    });
  servers = [await start(), await start()];
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await database.drop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await pool.query('TRUNCATE idempotent_requests');
  made = [];
  meanwhile = async () => {};
});

const post = async (
  key: string | undefined,
  options: { at?: 0 | 1; as?: string; name?: unknown; query?: string } = {},
) => {
  const { at = 0, as = 'ada', name = 'one', query = '' } = options;
  const response = await fetch(`${servers[at].url}/api/v1/things${query}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${as}`,
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: JSON.stringify({ name }),
  });
  const { status, headers } = response;
  return { status, headers, body: z.record(z.string(), z.unknown()).parse(await response.json()) };
};

describe('a request that names itself', () => {
  it('is answered again with the first answer, by another server, too', async () => {
    const first = await post('k');
    const again = await post('k', { at: 1 });
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('location')).toBe('/api/v1/things/1');
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(made).toEqual(['one']);
  });

  it('is done once however many come at once, and the others are told to wait', async () => {
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    meanwhile = () => {
      entered.resolve();
      return gate.promise;
    };
    const first = post('k');
    await entered.promise;
    const others = await Promise.all(
      Array.from({ length: 8 }, (_, place) => post('k', { at: place % 2 === 0 ? 0 : 1 })),
    );
    for (const { status, headers, body } of others) {
      expect([status, body['code']]).toEqual([409, 'request.in_progress']);
      expect(headers.get('retry-after')).toBe('2');
    }
    gate.resolve();
    expect((await first).status).toBe(201);
    expect((await post('k', { at: 1 })).status).toBe(201);
    expect(made).toEqual(['one']);
  });

  it('is one among those that come together from the start', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, place) => post('k', { at: place % 2 === 0 ? 0 : 1 })),
    );
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect(made).toEqual(['one']);
  });

  it('with another body or another query is refused', async () => {
    await post('k');
    for (const other of [{ name: 'two' }, { query: '?draft=1' }]) {
      const { status, body } = await post('k', other);
      expect([status, body['code']]).toEqual([422, 'request.idempotency_key_reused']);
    }
    expect(made).toEqual(['one']);
  });

  it('is another one of another user, with another key, and without', async () => {
    await post('k');
    await post('k', { as: 'bob' });
    await post('l');
    await post(undefined);
    await post(undefined);
    expect(made).toHaveLength(5);
  });

  it('may come again under its key once the cause of a refusal or a failure is mended', async () => {
    expect((await post('k', { name: 7 })).status).toBe(400);
    meanwhile = () => Promise.reject(new Error('an outage'));
    expect((await post('k')).status).toBe(503);
    meanwhile = async () => {};
    expect((await post('k')).status).toBe(201);
  });

  it('is forgotten after a day, and swept', async () => {
    await post('k');
    await pool.query(
      `UPDATE idempotent_requests SET expires_at = expires_at - INTERVAL '24 hours'`,
    );
    expect((await post('k')).headers.get('idempotent-replayed')).toBeNull();
    expect(made).toHaveLength(2);
    await pool.query(`UPDATE idempotent_requests SET expires_at = now()`);
    await sweepRequests(pool);
    expect((await pool.query('SELECT FROM idempotent_requests')).rowCount).toBe(0);
  });

  it('is taken over from a server that died while it answered', async () => {
    await post('k');
    await pool.query(`UPDATE idempotent_requests SET answer = NULL`);
    expect((await post('k')).status).toBe(409);
    await pool.query(`UPDATE idempotent_requests SET leased_until = now()`);
    expect((await post('k')).status).toBe(201);
    expect(made).toHaveLength(2);
  });

  it('leaves nothing readable of its answer and its key', async () => {
    await post('a key that nobody guesses');
    const { rows } = await pool.query<{ answer: Buffer }>('SELECT * FROM idempotent_requests');
    expect(rows).toHaveLength(1);
    const { answer: sealed, ...others } = rows[0]!;
    expect(sealed.toString('latin1')).not.toContain('sk_shown_once');
    expect(JSON.stringify(others)).not.toContain('nobody guesses');
  });

  it.each(['', 'x'.repeat(256)])('cannot be named "%s"', async (key) => {
    const { status, body } = await post(key);
    expect([status, body['code']]).toEqual([400, 'request.invalid']);
  });
});

describe('a form that names itself', () => {
  const upload = (note: string, text: string, fileName = 'a.txt') => {
    const form = new FormData();
    form.set('note', note);
    form.set('file', new File([text], fileName));
    const headers = { authorization: 'Bearer ada', 'idempotency-key': 'k' };
    return fetch(`${servers[1].url}/api/v1/uploads`, { method: 'POST', headers, body: form });
  };

  it('is the same with the same fields and the same file, whatever its boundary', async () => {
    const first = await upload('n', 'text');
    const again = await upload('n', 'text');
    expect([again.status, await again.json()]).toEqual([200, await first.json()]);
    expect(made).toEqual(['n 4']);
  });

  it.each([
    ['field', () => upload('m', 'text')],
    ['file', () => upload('n', 'test')],
    ['file name', () => upload('n', 'text', 'b.txt')],
  ])('with another %s is refused', async (_, other) => {
    await upload('n', 'text');
    expect((await other()).status).toBe(422);
    expect(made).toHaveLength(1);
  });
});

it('says so in the reference', async () => {
  const reference: unknown = await (await fetch(`${servers[0].url}/docs/json`)).json();
  expect(reference).toMatchObject({
    paths: {
      '/api/v1/things': {
        post: { parameters: [{ in: 'header', name: 'idempotency-key', required: false }] },
      },
    },
  });
});
