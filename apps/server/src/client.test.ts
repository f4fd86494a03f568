import { createServer, type Server } from 'node:http';
import { Readable } from 'node:stream';
import {
  createClient,
  routes,
  type Client,
  type Job,
  type JobEvent,
  type JobEventType,
} from '@scriptorium/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { platformError } from './platform/errors.ts';
import { route, type Feature } from './platform/routes.ts';
import { refusalOf, startTestServer } from './testing.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

const at = '2026-11-22T12:00:00.000Z';

function event(seq: number, type: JobEventType = 'job.progress'): JobEvent {
  const snapshot = {
    status: 'processing',
    progress_percent: Math.min(100, seq * 10),
    current_step: null,
    total_chunks: 3,
    processed_chunks: 1,
  } as const;
  if (type === 'job.completed') {
    return { job_id: 5, seq, type, at, data: { ...snapshot, status: 'completed', gaps: [] } };
  }
  return { job_id: 5, seq, type: 'job.progress', at, data: snapshot };
}

/** What the stream does at each connection: the events it sends, and how it ends. */
type Connection = (after: number) => Iterable<string | Error>;

const line = (sent: JobEvent) =>
  `id: ${sent.seq}\nevent: ${sent.type}\ndata: ${JSON.stringify(sent)}\n\n`;

/** A server whose streams follow the script, one entry a connection. */
async function serve(script: Connection[]): Promise<{ client: Client; cursors: number[] }> {
  const cursors: number[] = [];
  const feature: Feature = {
    name: 'jobs',
    register(app) {
      route(app, routes.jobs.events, ({ query, reply }) => {
        cursors.push(query.after);
        const connection = script.shift();
        if (!connection) throw platformError('auth.forbidden', { detail: 'Nothing is left.' });
        reply.type('text/event-stream');
        return Readable.from(sending(connection(query.after)));
      });
    },
  };
  const server = await startTestServer({
    features: [feature],
    authenticate: async () => ({ id: 1, role: 'member', scopes: ['read'], via: 'ticket' }),
  });
  open.push(() => server.stop());
  return { client: server.client('any'), cursors };
}

function* sending(parts: Iterable<string | Error>) {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield Buffer.from(part);
  }
}

describe('client.events', () => {
  it('takes a broken stream up again after the last event, and ends with the last one', async () => {
    const { client, cursors } = await serve([
      () => [line(event(1)), ': still here\n\n', line(event(2)), new Error('the cable')],
      () => [line(event(2)), line(event(3))],
      () => {
        throw platformError('server.unavailable', { detail: 'Wait.', retryAfter: 0 });
      },
      () => [line(event(4, 'job.completed')), line(event(5))],
    ]);
    const seen = await Array.fromAsync(client.events(5));
    expect(seen.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'job.progress'],
      [2, 'job.progress'],
      [3, 'job.progress'],
      [4, 'job.completed'],
    ]);
    expect(cursors).toEqual([0, 2, 3, 3]);
  });

  it('begins after the event that is known already', async () => {
    const { client, cursors } = await serve([() => [line(event(8, 'job.completed'))]]);
    const seen = await Array.fromAsync(client.events(5, { after: 7 }));
    expect(seen).toEqual([event(8, 'job.completed')]);
    expect(cursors).toEqual([7]);
  });

  it('throws when the server refuses for good', async () => {
    const { client } = await serve([() => [line(event(1))]]);
    const seen: number[] = [];
    const watching = (async () => {
      for await (const { seq } of client.events(5)) seen.push(seq);
    })();
    expect(await refusalOf(watching)).toMatchObject({ status: 403, code: 'auth.forbidden' });
    expect(seen).toEqual([1]);
  });

  it('throws for an event it does not know, instead of asking for it again for ever', async () => {
    const { client } = await serve([() => ['data: {"seq":1,"type":"job.danced"}\n\n']]);
    const watching = Array.fromAsync(client.events(5));
    expect(await refusalOf(watching)).toMatchObject({ code: 'client.unexpected_answer' });
  });

  it('ends at once when its signal is aborted, also while it waits for a server that is away', async () => {
    const abort = new AbortController();
    let asked = 0;
    const client = createClient({
      baseUrl: 'http://127.0.0.1:1',
      getToken: () => {
        asked += 1;
        if (asked === 2) abort.abort(new Error('seen enough'));
        return 'renewed';
      },
    });
    const watching = Array.fromAsync(client.events(5, { signal: abort.signal }));
    await expect(watching).rejects.toThrow('seen enough');
    expect(asked).toBe(2);
  });
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return `http://127.0.0.1:${address.port}`;
}

/** Answers everything the same way, as a proxy or another program would. */
async function answering(status: number, body: string): Promise<Client> {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  return createClient({ baseUrl: await listen(server) });
}

describe('client.call', () => {
  it('says so when nothing answers', async () => {
    const client = createClient({ baseUrl: 'http://127.0.0.1:1' });
    const error = await refusalOf(client.call(routes.operations.health, {}));
    expect(error).toMatchObject({ status: 0, code: 'client.unreachable', isTemporary: true });
    expect(error.message).toContain('http://127.0.0.1:1');
  });

  it('makes an error of what a proxy answers', async () => {
    const client = await answering(502, '<h1>Bad gateway</h1>');
    expect(await refusalOf(client.call(routes.operations.health, {}))).toMatchObject({
      status: 502,
      code: 'client.foreign_answer',
      message: expect.stringContaining('Bad gateway'),
    });
  });

  it.each([
    ['another form', 200, '{"status":"fine"}'],
    ['no JSON', 200, 'ok'],
    ['a status that the route does not have', 201, '{"status":"ok"}'],
  ])('refuses a success with %s', async (_, status, body) => {
    const client = await answering(status, body);
    expect(await refusalOf(client.call(routes.operations.health, {}))).toMatchObject({
      code: 'client.unexpected_answer',
    });
  });

  it('sends path, query, body and token where they belong', async () => {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      void (async () => {
        const body = Buffer.concat(await Array.fromAsync(request)).toString();
        const { method, url, headers } = request;
        seen.push([method, url, headers.authorization, headers['content-type'], body]);
        response.writeHead(204).end();
      })();
    });
    const baseUrl = await listen(server);
    const client = createClient({ baseUrl, token: 'old', getToken: async () => 'new' });
    const signOut = client.call(routes.auth.logout, { body: { refresh_token: 'x y' } });
    expect(await signOut).toBeUndefined();
    await client.call(routes.apiKeys.revoke, { params: { id: 7 } });
    await refusalOf(client.call(routes.books.list, { query: { limit: 2, before: 9 } }));
    expect(seen).toEqual([
      ['POST', '/api/v1/auth/logout', 'Bearer new', 'application/json', '{"refresh_token":"x y"}'],
      ['DELETE', '/api/v1/api-keys/7', 'Bearer new', undefined, ''],
      ['GET', '/api/v1/books?limit=2&before=9', 'Bearer new', undefined, ''],
    ]);
  });

  it('knows the types of what goes in and comes out', () => {
    const typed = (client: Client) => {
      // @ts-expect-error the route has a parameter
      void client.call(routes.jobs.get, {});
      // @ts-expect-error the route has no body
      void client.call(routes.jobs.get, { params: { id: 1 }, body: {} });
      const job: Promise<Job> = client.call(routes.jobs.get, { params: { id: 1 } });
      return job;
    };
    expect(typed).toBeTypeOf('function');
  });
});
