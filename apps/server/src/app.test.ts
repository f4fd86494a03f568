import { connect } from 'node:net';
import {
  defineErrors,
  problemSchema,
  routes,
  type Book,
  type Descriptions,
  type Problem,
  type Route,
} from '@scriptorium/contract';
import { openPool } from '@scriptorium/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Authenticate } from './platform/access.ts';
import { answer, route, type Feature } from './platform/routes.ts';
import { refusalOf, startTestServer, type TestServer } from './testing.ts';

/** Knows one caller. A turn of the event loop goes by, as with a database. */
const authenticate: Authenticate = async () => {
  await new Promise((resolve) => setImmediate(resolve));
  return { id: 7, role: 'member', scopes: ['read', 'write'], via: 'token' };
};

const book: Book = {
  id: 12,
  title: 'The Sea',
  authors: ['A. Writer'],
  language: 'en',
  format: 'epub',
  is_parsed: true,
  is_processing: false,
  words: 4,
  toc_source: 'nav',
  warnings: [],
  created_at: '2026-11-22T12:00:00.000Z',
  chapters: [],
};

const strictRoute = {
  method: 'POST',
  path: '/api/v1/strict',
  summary: 'Takes little',
  tag: 'test',
  access: 'user',
  body: z.strictObject({ email: z.email(), password: z.string().min(8), count: z.int().max(5) }),
  query: z.object({ page: z.coerce.number<string>() }),
  responses: { 200: z.object({ ok: z.boolean() }) },
} as const satisfies Route;

class ParserError extends Error {
  readonly code = 'book.protected';
}

/** What each id of a book makes the handler do. */
const failures = new Map<number, () => unknown>([
  [1, () => new ParserError('This book is protected. Hand in an unprotected copy.')],
  [2, () => new Error('secret detail of a bug')],
  [3, () => Object.assign(new Error('write failed'), { code: 'ENOSPC' })],
]);

const books: Feature = {
  name: 'books',
  errors: defineErrors({ 'book.protected': { status: 422, title: 'The book is protected' } }),
  register(app) {
    route(app, routes.books.get, ({ params }) => {
      const failure = failures.get(params.id);
      if (failure) throw failure();
      return params.id === 4
        ? { ...book, ...JSON.parse('{"title":null}') }
        : { ...book, id: params.id };
    });
    route(app, routes.books.upload, async ({ request, user }) => {
      const file = await request.file();
      let size = 0;
      for await (const chunk of file?.file ?? []) size += Buffer.byteLength(chunk);
      const title = `${file?.filename} ${size} bytes from ${user.id}`;
      return answer(201, { book: { ...book, title }, job: null });
    });
    route(app, routes.books.descriptions, ({ query }) => {
      const body: Descriptions = {
        status: query.extract_new ? 'preparing' : 'waiting',
        engine: null,
        engine_label: null,
        descriptions: [],
        rejects_count: 0,
        job: null,
      };
      return query.extract_new ? answer(202, body) : answer(200, body);
    });
    route(app, strictRoute, () => ({ ok: true }));
  },
};

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ features: [books], authenticate });
});
afterAll(() => server.stop());

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/u);
  return problemSchema.parse(await response.json());
}

const asMember = { authorization: 'Bearer member' };
const formStart =
  '--x\r\nContent-Disposition: form-data; name="file"; filename="a.epub"\r\n\r\nhalf';
const send = (path: string, init?: RequestInit) => fetch(server.url + path, init);

describe('a route of the contract', () => {
  it('gives the typed client what its handler returns', async () => {
    const answered = await server.client('member').call(routes.books.get, { params: { id: 12 } });
    expect(answered).toEqual(book);
  });

  it('answers with the status the handler has chosen', async () => {
    const path = '/api/v1/books/12/chapters/1/descriptions';
    const [ready, accepted] = await Promise.all([
      send(path, { headers: asMember }),
      send(`${path}?extract_new=true`, { headers: asMember }),
    ]);
    expect([ready.status, accepted.status]).toEqual([200, 202]);
    expect(await accepted.json()).toMatchObject({ status: 'preparing' });
  });

  it('streams an upload that is larger than any buffer on its way', async () => {
    const file = new File([new Uint8Array(3_000_000)], 'sea.epub');
    const { book: stored } = await server
      .client('member')
      .call(routes.books.upload, { form: { file } });
    expect(stored.title).toBe('sea.epub 3000000 bytes from 7');
  });

  it('names every mistake of a request at once, with its value, but never a secret one', async () => {
    const response = await send('/api/v1/strict?page=two', {
      method: 'POST',
      headers: { authorization: 'Bearer member', 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'nobody', password: 'short', count: 9, extra: true }),
    });
    const problem = await problemOf(response);
    expect(problem).toMatchObject({ status: 400, code: 'request.invalid' });
    expect(problem.errors).toEqual([
      { path: 'query.page', code: 'field.wrong_kind', message: expect.any(String), value: 'two' },
      {
        path: 'body.email',
        code: 'field.not_an_email',
        message: expect.any(String),
        value: 'nobody',
      },
      {
        path: 'body.password',
        code: 'field.too_short',
        params: { limit: expect.any(Number) },
        message: expect.any(String),
      },
      {
        path: 'body.count',
        code: 'field.too_big',
        params: { limit: expect.any(Number) },
        message: expect.any(String),
        value: 9,
      },
      {
        path: 'body.extra',
        code: 'field.unknown',
        message: 'There is no such field here',
        value: true,
      },
    ]);
    expect(problem.detail).toContain('body.email');
  });

  it('never answers in a form that the contract does not promise', async () => {
    const error = await refusalOf(
      server.client('member').call(routes.books.get, { params: { id: 4 } }),
    );
    expect(error).toMatchObject({ status: 503, code: 'server.error' });
  });
});

describe('a request that cannot be read', () => {
  it.each([
    ['an unknown address', '/api/v1/nothing?token=x', {}, 404, 'request.unknown_route'],
    [
      'broken JSON',
      '/api/v1/strict',
      {
        method: 'POST',
        body: '{',
        headers: { authorization: 'Bearer member', 'content-type': 'application/json' },
      },
      400,
      'request.malformed',
    ],
    [
      'a foreign media type',
      '/api/v1/strict',
      {
        method: 'POST',
        body: 'x',
        headers: { authorization: 'Bearer member', 'content-type': 'text/csv' },
      },
      415,
      'request.unsupported_media_type',
    ],
    [
      'a huge body',
      '/api/v1/strict',
      {
        method: 'POST',
        body: ' '.repeat(1_000_001),
        headers: { authorization: 'Bearer member', 'content-type': 'application/json' },
      },
      413,
      'request.too_large',
    ],
    ['a broken address', '/api/v1/books/%zz', { headers: asMember }, 400, 'request.malformed'],
    [
      'an upload that is none',
      '/api/v1/books/upload',
      { method: 'POST', headers: asMember },
      415,
      'request.unsupported_media_type',
    ],
  ])('is refused with a problem document: %s', async (_, path, init: RequestInit, status, code) => {
    const response = await send(path, init);
    expect(response.status).toBe(status);
    expect(await problemOf(response)).toMatchObject({ status, code, type: `/docs/errors#${code}` });
  });

  it.each([
    ['without a boundary', 'multipart/form-data', '--x--'],
    ['with another boundary', 'multipart/form-data; boundary=x', 'no form'],
    ['that breaks off', 'multipart/form-data; boundary=x', formStart],
  ])('is refused with a problem document: a form %s', async (_, type, body) => {
    const headers = { ...asMember, 'content-type': type };
    const response = await send('/api/v1/books/upload', { method: 'POST', headers, body });
    expect(await problemOf(response)).toMatchObject({ status: 400, code: 'request.malformed' });
  });

  it('because its sender has gone is no fault of the server', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const before = server.lines.length;
    const sinceThen = () => server.lines.slice(before);
    const messages = () => sinceThen().map(({ msg }) => msg);
    socket.write(
      `POST /api/v1/books/upload HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer member\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 5000\r\n\r\n${formStart}`,
    );
    await expect.poll(messages).toContain('starting multipart parsing');
    socket.destroy();
    const refusal = { level: 'debug', code: 'request.aborted' };
    await expect.poll(sinceThen).toContainEqual(expect.objectContaining(refusal));
  });

  it('is answered even when it is not HTTP at all', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.end('GARBAGE\r\n\r\n');
    const text = Buffer.concat(await Array.fromAsync(socket)).toString();
    expect(text).toMatch(/^HTTP\/1\.1 400 /u);
    expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toMatchObject({
      code: 'request.malformed',
    });
  });
});

describe('an error', () => {
  const get = (id: number) =>
    refusalOf(server.client('member').call(routes.books.get, { params: { id } }));

  it('of a package below is shown with the status its feature has declared', async () => {
    expect(await get(1)).toMatchObject({
      status: 422,
      code: 'book.protected',
      message: 'This book is protected. Hand in an unprotected copy.',
    });
  });

  it('that nobody foresaw keeps its details in the log, under the id the caller was given', async () => {
    const error = await get(2);
    expect(error).toMatchObject({ status: 503, code: 'server.error' });
    expect(JSON.stringify(error.problem)).not.toContain('secret detail');
    const id = error.problem.instance?.replace('urn:uuid:', '');
    const logged = server.lines.find((line) => line['reqId'] === id && line['level'] === 'error');
    expect(JSON.stringify(logged)).toContain('secret detail of a bug');
    expect(error.message).toContain(id);
  });

  it('of a full disk is 507', async () => {
    expect(await get(3)).toMatchObject({ status: 507, code: 'server.disk_full' });
  });

  it('of a database that is away is 503 with the time to come back', async () => {
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const pool = openPool('postgres://nobody@127.0.0.1:1/none', { applicationName: 'test', log });
    const broken = await startTestServer({
      features: [],
      authenticate,
      checkReadiness: async () => void (await pool.query('SELECT 1')),
    });
    const response = await fetch(`${broken.url}/readyz`);
    expect(await problemOf(response)).toMatchObject({ code: 'server.unavailable', retry_after: 5 });
    expect(response.headers.get('retry-after')).toBe('5');
    await Promise.all([broken.stop(), pool.end()]);
  });

  it.each([
    [
      'a connection that broke before it was asked',
      'Client has encountered a connection error and is not queryable',
      '',
    ],
    ['a connection that broke under a statement', 'Connection terminated unexpectedly', ''],
    ['a database that has no memory left', 'out of memory', '53200'],
    ['a database whose disk fails', 'could not read block 3', '58030'],
    ['a database that has become a standby', 'cannot execute UPDATE', '25006'],
    ['a database that nobody finds', 'getaddrinfo EAI_AGAIN db', 'EAI_AGAIN'],
    ['the last of many deadlocks', 'deadlock detected', '40P01'],
  ])('of %s is 503, and no mistake of ours', async (_, message, code) => {
    const failing = await startTestServer({
      features: [],
      authenticate,
      checkReadiness: async () => {
        throw Object.assign(new Error(message), code === '' ? {} : { code });
      },
    });
    const response = await fetch(`${failing.url}/readyz`);
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'server.unavailable' });
    await failing.stop();
  });

  it('code that two features declare stops the server from starting', async () => {
    await expect(
      startTestServer({ features: [books, { ...books, name: 'again' }], authenticate }),
    ).rejects.toThrow('book.protected is declared twice');
  });
});

describe('every answer', () => {
  it('carries the security headers and the id of the request', async () => {
    const { headers } = await send('/api/v1/books/12', { headers: asMember });
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    const id = headers.get('x-request-id');
    const line = server.lines.find((entry) => entry['reqId'] === id);
    expect(line).toMatchObject({
      level: 'info',
      status: 200,
      user: 7,
      msg: 'GET /api/v1/books/:id',
    });
  });

  it('leaves no token of an address in the log', async () => {
    await send('/api/v1/jobs/1/events?ticket=very-secret');
    await send('/first/very-secret');
    expect(JSON.stringify(server.lines)).not.toContain('very-secret');
  });
});

describe('the reference', () => {
  it('is OpenAPI 3.1 with every route, its access and its form of error', async () => {
    const document = z
      .object({
        openapi: z.string(),
        paths: z.record(z.string(), z.record(z.string(), z.unknown())),
        components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
      })
      .parse(await (await send('/docs/json')).json());
    expect(document).toMatchObject({ openapi: '3.1.0' });
    const get = document.paths['/api/v1/books/{id}']?.['get'];
    expect(get).toMatchObject({
      summary: 'One book with its chapters',
      security: [{ bearer: [] }, { apiKey: [] }, { cookie: [] }],
      responses: {
        200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Book' } } } },
        '4XX': {
          content: {
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          },
        },
      },
    });
    expect(document.paths['/api/v1/books/upload']?.['post']).toMatchObject({
      requestBody: { content: { 'multipart/form-data': {} } },
    });
    expect(Object.keys(document.components.schemas)).not.toContain('BookInput');
  });

  it('has a page for people and one for the codes, which problem documents point at', async () => {
    const [page, codes] = await Promise.all([send('/docs'), send('/docs/errors')]);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).not.toContain('upgrade-insecure');
    expect(await codes.text()).toContain('<tr id="book.protected">');
  });
});
