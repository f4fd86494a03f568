import { Readable } from 'node:stream';
import { problemSchema, routes, type Route } from '@scriptorium/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startTestServer, type TestServer } from '../testing.ts';
import { assertMayStartWork, type Authenticate, type Caller } from './access.ts';
import { platformError } from './errors.ts';
import { answer, route, type Feature } from './routes.ts';

const callers = new Map<string, Caller>([
  ['member', { id: 7, role: 'member', scopes: ['read', 'write', 'account'], via: 'token' }],
  ['owner', { id: 1, role: 'owner', scopes: ['read', 'write', 'account'], via: 'token' }],
  ['reader', { id: 1, role: 'owner', scopes: ['read'], via: 'key' }],
]);

const authenticate: Authenticate = async (credential) => {
  const caller = callers.get(credential.value);
  if (caller === undefined) throw platformError('auth.required', { detail: 'Nobody knows you.' });
  if (credential.kind === 'ticket') return { ...caller, id: credential.jobId, via: 'ticket' };
  return credential.kind === 'cookie' ? { ...caller, via: 'cookie' } : caller;
};

const ownersRoute = {
  method: 'POST',
  path: '/api/v1/owners-only',
  summary: 'For the owner',
  tag: 'test',
  access: 'owner',
  body: z.strictObject({ count: z.int() }),
  responses: { 200: z.object({ ok: z.boolean() }) },
} as const satisfies Route;

const feature: Feature = {
  name: 'guarded',
  register(app) {
    route(app, ownersRoute, () => ({ ok: true }));
    route(app, routes.jobs.events, ({ user, reply }) => {
      reply.type('text/event-stream');
      return Readable.from([`: for ${user.id} by ${user.via}\n\n`]);
    });
    route(app, routes.jobs.get, () => {
      throw new Error('not reached');
    });
    route(app, routes.books.descriptions, ({ query, request }) => {
      if (query.extract_new) assertMayStartWork(request);
      return answer(query.extract_new ? 202 : 200, {
        status: 'waiting',
        engine: null,
        engine_label: null,
        descriptions: [],
        rejects_count: 0,
        job: null,
      });
    });
  },
};

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ features: [feature], authenticate });
});
afterAll(() => server.stop());

const send = (path: string, init?: RequestInit) => fetch(server.url + path, init);
const problemOf = async (response: Response) => problemSchema.parse(await response.json());

describe('access', () => {
  const cookie = { cookie: 'scriptorium_session=owner' };
  const good = { count: 1 };
  const post = (headers: Record<string, string>) =>
    send('/api/v1/owners-only', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(good),
    });

  it('is refused without a credential, before the body is looked at', async () => {
    const response = await post({});
    expect(await problemOf(response)).toMatchObject({ status: 401, code: 'auth.required' });
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
  });

  it.each([
    ['a token', { authorization: 'Bearer owner' }],
    ['an API key as a bearer token', { authorization: 'bearer owner' }],
    ['an API key in its own header', { 'x-api-key': 'owner' }],
    ['a cookie, sent by a page of this server', { ...cookie, 'sec-fetch-site': 'same-origin' }],
  ])('is given to %s', async (_, headers) => {
    expect((await post(headers)).status).toBe(200);
  });

  it('is given to a cookie of an old browser that names the origin alone', async () => {
    expect((await post({ ...cookie, origin: server.url })).status).toBe(200);
  });

  it.each([
    ['a wrong scheme', { authorization: 'Basic owner' }, 401, 'auth.required'],
    [
      'a wrong header, though the cookie is good',
      { authorization: 'Bearer x', ...cookie },
      401,
      'auth.required',
    ],
    ['somebody who is not the owner', { authorization: 'Bearer member' }, 403, 'auth.forbidden'],
    ['a key without the scope', { 'x-api-key': 'reader' }, 403, 'auth.forbidden'],
    [
      'a cookie from another site',
      { ...cookie, 'sec-fetch-site': 'cross-site' },
      403,
      'request.cross_site',
    ],
    [
      'a cookie from another port',
      { ...cookie, 'sec-fetch-site': 'same-site' },
      403,
      'request.cross_site',
    ],
    [
      'a cookie from another origin',
      { ...cookie, origin: 'http://evil.example' },
      403,
      'request.cross_site',
    ],
    ['a cookie from nowhere', cookie, 403, 'request.cross_site'],
  ])('is not given to %s', async (_, headers: Record<string, string>, status, code) => {
    expect(await problemOf(await post(headers))).toMatchObject({ status, code });
  });

  it('is given to a ticket on the route that takes tickets, and on no other', async () => {
    const stream = await send('/api/v1/jobs/5/events?ticket=member');
    expect(await stream.text()).toBe(': for 5 by ticket\n\n');
    const problem = await problemOf(await send('/api/v1/jobs/5?ticket=member'));
    expect(problem).toMatchObject({ status: 401, code: 'auth.required' });
  });

  it('lets a cookie read from anywhere, but start work from this server only, and nobody by a prefetch', async () => {
    const path = '/api/v1/books/1/chapters/1/descriptions?extract_new=';
    const get = async (flag: string, headers: Record<string, string>) =>
      (await send(path + flag, { headers })).status;
    const elsewhere = { ...cookie, 'sec-fetch-site': 'cross-site' };
    expect(await get('false', elsewhere)).toBe(200);
    expect(await get('true', elsewhere)).toBe(403);
    expect(await get('true', { ...cookie, 'sec-fetch-site': 'same-origin' })).toBe(202);
    expect(await get('true', { authorization: 'Bearer member', 'sec-purpose': 'prefetch' })).toBe(
      403,
    );
  });
});
