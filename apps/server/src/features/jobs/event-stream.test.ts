import { routes, type JobEvent } from '@scriptorium/contract';
import { SlowReaderError } from '@scriptorium/kernel';
import { afterEach, expect, it } from 'vitest';
import { route, type Feature } from '../../platform/routes.ts';
import { NO_ACCOUNTS, startTestServer, type TestServer } from '../../testing.ts';
import { eventStream } from './event-stream.ts';

let server: TestServer;
afterEach(() => server.stop());

type Follow = (after: number, signal: AbortSignal) => AsyncGenerator<JobEvent, undefined>;

/** A server whose only route is the stream, fed by `follow`. */
async function serve(follow: Follow, keepAliveMs = 10_000) {
  const stopping = new AbortController();
  const feature: Feature = {
    name: 'jobs',
    register(app) {
      app.addHook('preClose', async () => stopping.abort());
      route(app, routes.jobs.events, ({ query, reply }) => {
        reply.type('text/event-stream');
        const stop = stopping.signal;
        return eventStream((until) => follow(query.after, until), {
          keepAliveMs,
          reply,
          stop,
          watchAccess: NO_ACCOUNTS.access.watch,
          whyEnded: async () => undefined,
        });
      });
    },
  };
  server = await startTestServer({
    features: [feature],
    authenticate: async () => ({ id: 1, role: 'member', scopes: ['read'], via: 'token' }),
  });
}

const snapshot = {
  status: 'processing',
  progress_percent: 5,
  current_step: null,
  total_chunks: 0,
  processed_chunks: 0,
} as const;

function eventOf(seq: number, isLast = false): JobEvent {
  const common = { job_id: 1, seq, at: '2026-11-22T12:00:00.000Z' };
  return isLast
    ? { ...common, type: 'job.completed', data: { ...snapshot, status: 'completed', gaps: [] } }
    : { ...common, type: 'job.progress', data: snapshot };
}

async function* untilAborted(signal: AbortSignal): AsyncGenerator<JobEvent, undefined> {
  yield eventOf(1);
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function openStream(signal?: AbortSignal): Promise<ReadableStreamDefaultReader<string>> {
  const response = await fetch(`${server.url}/api/v1/jobs/1/events`, {
    headers: { authorization: 'Bearer x', accept: 'text/event-stream' },
    signal: signal ?? null,
  });
  return response.body!.pipeThrough(new TextDecoderStream()).getReader();
}

async function readUntil(reader: ReadableStreamDefaultReader<string>, text: string) {
  let seen = '';
  while (!seen.includes(text)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`The stream ended before "${text}": ${seen}`);
    seen += value;
  }
  return seen;
}

it('tells a reader that was too slow so, and the client takes the stream up where it was', async () => {
  const cursors: number[] = [];
  await serve(async function* (after) {
    cursors.push(after);
    yield eventOf(after + 1);
    if (after === 0) throw new SlowReaderError(1, 1001);
    yield eventOf(after + 2, true);
    return undefined;
  });
  const seen: number[] = [];
  for await (const { seq } of server.client('x').events(1)) seen.push(seq);
  expect(seen).toEqual([1, 2, 3]);
  expect(cursors).toEqual([0, 1]);
});

it('sends a comment when nothing happens for long', async () => {
  await serve((_, signal) => untilAborted(signal), 20);
  const reader = await openStream();
  expect(await readUntil(reader, ': keep-alive\n\n: keep-alive\n\n')).toContain('id: 1\n');
  await reader.cancel();
});

it('stops following once the reader has gone', async () => {
  let stop: (reason: string) => void = () => {};
  const stopped = new Promise<string>((resolve) => (stop = resolve));
  await serve(async function* (_, signal) {
    yield* untilAborted(signal);
    stop('the signal was aborted');
    return undefined;
  });
  const leaving = new AbortController();
  const reader = await openStream(leaving.signal);
  await readUntil(reader, 'id: 1\nevent: job.progress\n');
  leaving.abort();
  expect(await stopped).toBe('the signal was aborted');
});

it('lets the server stop at once, whatever is still to come', async () => {
  await serve((_, signal) => untilAborted(signal));
  const reader = await openStream();
  await readUntil(reader, 'id: 1');
  // One that was cut off when the time to drain is over would be an error to its reader.
  const [, end] = await Promise.all([server.stop(), reader.read()]);
  expect(end.done).toBe(true);
});
