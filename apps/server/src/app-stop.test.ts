import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { connect } from 'node:net';
import { routes } from '@scriptorium/contract';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { stopApp } from './app.ts';
import { route, type Feature } from './platform/routes.ts';
import { refusalOf, startTestServer } from './testing.ts';

let isStarted: () => void = () => {};
let finishSlow: () => void = () => {};

const books: Feature = {
  name: 'books',
  register(app) {
    route(app, routes.books.list, async () => {
      isStarted();
      await new Promise<void>((resolve) => (finishSlow = resolve));
      return { books: [], next_before: null };
    });
  },
};

/** Resolves when Node has read the head of a request for this path. */
function requestFor(path: string): Promise<void> {
  return new Promise((resolve) => {
    const name = 'http.server.request.start';
    const listener = (message: unknown) => {
      const { request } = z.object({ request: z.object({ url: z.string() }) }).parse(message);
      if (request.url !== path) return;
      unsubscribe(name, listener);
      resolve();
    };
    subscribe(name, listener);
  });
}

describe('stopping', () => {
  /** A server with a request that is answered when the test says so. */
  async function startBusy() {
    const closing = Promise.withResolvers<void>();
    const noticing: Feature = {
      name: 'noticing',
      register: (app) => void app.addHook('preClose', async () => closing.resolve()),
    };
    const busy = await startTestServer({
      features: [books, noticing],
      authenticate: async () => ({ id: 7, role: 'member', scopes: ['read'], via: 'token' }),
    });
    const begun = new Promise<void>((resolve) => (isStarted = resolve));
    const slow = busy.client('member').call(routes.books.list, { query: {} });
    await begun;
    return { busy, slow, isClosing: closing.promise };
  }

  it('lets a request in progress end', async () => {
    const { busy, slow } = await startBusy();
    const stopped = busy.stop();
    finishSlow();
    expect(await slow).toEqual({ books: [], next_before: null });
    await stopped;
    expect(await refusalOf(busy.client().call(routes.operations.health, {}))).toMatchObject({
      code: 'client.unreachable',
    });
  });

  it('cuts off a request that does not end in time', async () => {
    const { busy, slow } = await startBusy();
    const refused = refusalOf(slow);
    await stopApp(busy.app, 0.01);
    expect(await refused).toMatchObject({ code: 'client.unreachable' });
    finishSlow();
  });

  it('refuses what comes in on a connection that is still open', async () => {
    const { busy, slow, isClosing } = await startBusy();
    const socket = connect(Number(new URL(busy.url).port), '127.0.0.1');
    const begun = new Promise<void>((resolve) => (isStarted = resolve));
    const finishFirst = finishSlow;
    socket.write('GET /api/v1/books HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer member\r\n\r\n');
    await begun;
    const stopped = busy.stop();
    await isClosing;
    const arrived = requestFor('/healthz');
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await arrived;
    const text = Array.fromAsync(socket).then((parts) => Buffer.concat(parts).toString());
    finishFirst();
    finishSlow();
    await Promise.all([slow, stopped]);
    expect(await text).toMatch(/^HTTP\/1\.1 200 [^]+HTTP\/1\.1 503 [^]+"code":"server\.stopping"/u);
  });
});
