/**
 * Clients that are slow or greedy, and one that is neither: connections that say nothing, uploads that trickle, readers of events that
 * never read, floods of headers. The 95th percentile of the honest one is compared with its own of a moment before. `SLOW_SOCKETS=1000`
 * for more of the first kind.
 */
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { createTestDatabase, type TestDatabase } from '@scriptorium/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startService, type Service } from './service.ts';
import { createWorld, type World } from './world.ts';

const SOCKETS = Number(process.env['SLOW_SOCKETS'] ?? 200);
const REQUESTS = 150;
/** A pause of the collector or of the machine: below it, a ratio says nothing about the server. */
const NOISE_MS = 15;

let database: TestDatabase;
let service: Service;
let world: World;
let token: string;
const open: Socket[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  service = await startService({ connectionString: database.connectionString });
  world = await createWorld(service);
  token = (await world.signIn(world.ada.email)).access;
}, 120_000);

afterAll(async () => {
  for (const socket of open) socket.destroy();
  await service.stop();
  await database.drop();
});

/** Opens a connection, says this much, and never reads. */
async function say(text: string): Promise<Socket> {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  // The server may end it at any time; nobody here minds.
  socket.on('error', () => socket.destroy());
  open.push(socket);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

function head(method: string, path: string, headers: readonly string[]): string {
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: localhost', `Authorization: Bearer ${token}`];
  return `${[...lines, ...headers].join('\r\n')}\r\n`;
}

/** The 95th percentile of the honest client's requests, in milliseconds. */
async function percentile(): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < REQUESTS; i += 1) {
    const began = performance.now();
    const response = await fetch(`${service.url}/api/v1/books/${world.sample.book.id}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await response.arrayBuffer();
    expect(response.status).toBe(200);
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[Math.floor(REQUESTS * 0.95)] ?? 0;
}

it('are no reason to serve others at less than half the speed', async () => {
  await percentile();
  const alone = await percentile();

  for (let i = 0; i < SOCKETS; i += 1) await say('');
  const upload = head('POST', '/api/v1/books/upload', [
    'Content-Type: multipart/form-data; boundary=b',
    'Content-Length: 1000000',
    '',
    '--b',
    'Content-Disposition: form-data; name="file"; filename="slow.epub"',
    '',
  ]);
  const uploads = await Promise.all(Array.from({ length: 20 }, () => say(`${upload}\r\nPK`)));
  const events = head('GET', `/api/v1/jobs/${await world.openJob()}/events`, [
    'Accept: text/event-stream',
    '',
  ]);
  for (let i = 0; i < 50; i += 1) await say(`${events}\r\n`);
  let greetings = 0;
  const trickle = setInterval(() => {
    for (const socket of uploads) if (socket.writable) socket.write('x');
    greetings += 1;
  }, 20);
  for (let i = 0; i < 20; i += 1)
    await say(head('GET', '/healthz', [`X-Flood: ${'x'.repeat(200_000)}`]));
  const beside = await percentile();
  clearInterval(trickle);

  process.stdout.write(
    `p95 alone ${alone.toFixed(1)} ms, beside ${SOCKETS} silent sockets, 20 trickled uploads, 50 deaf readers and 20 floods ${beside.toFixed(1)} ms (${greetings} trickles)\n`,
  );
  expect(beside).toBeLessThanOrEqual(Math.max(2 * alone, alone + NOISE_MS));
  expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
}, 120_000);
