import { afterEach, expect, test } from 'vitest';
import { reply, startModelServer, type ModelScript, type ModelServer } from './index.ts';

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const ask = async (script: ModelScript, signal?: AbortSignal): Promise<Response> => {
  server ??= await startModelServer(script);
  return await fetch(`${server.url}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({
      model: 'tiny',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
      ],
    }),
    ...(signal === undefined ? {} : { signal }),
  });
};

test('a list of replies is given in order, and a request too many is an error', async () => {
  const script = [reply.answer({ a: 1 }), reply.status(429, { headers: { 'retry-after': '7' } })];
  const first = await ask(script);
  expect(await first.json()).toMatchObject({
    model: 'tiny',
    choices: [{ message: { content: '{"a":1}' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 100, completion_tokens: 20 },
  });
  const second = await ask(script);
  expect([second.status, second.headers.get('retry-after')]).toEqual([429, '7']);
  const third = await ask(script);
  expect(third.status).toBe(500);
  expect(await third.text()).toContain('no reply for request 2');
});

test('a request is recorded with its messages, and with what became of it', async () => {
  await (await ask(() => reply.cut({ text: 'abcdef' }))).text();
  expect(server?.requests).toMatchObject([
    { index: 0, path: '/v1/chat/completions', instructions: 'Be brief.', prompt: 'Hello' },
  ]);
  expect(await server?.requests[0]?.closed).toBe(false);
});

test('a client that goes before its answer is seen to go', async () => {
  server = await startModelServer(() => reply.silence());
  const abort = new AbortController();
  const asked = ask([], abort.signal);
  const gone = asked.catch((error: unknown) => error);
  const request = await server.received(1);
  abort.abort(new Error('enough'));
  expect(await request.closed).toBe(true);
  expect(request.isAborted).toBe(true);
  expect(await gone).toMatchObject({ message: 'enough' });
});

test('a reset breaks the connection, and a script that throws is a visible error', async () => {
  await expect(ask([reply.reset()])).rejects.toThrow('fetch failed');
  server?.follow([reply.reset('midway')]);
  const begun = await ask([]);
  expect(begun.status).toBe(200);
  await expect(begun.text()).rejects.toThrow('terminated');
  server?.follow(() => {
    throw new Error('mistake in the test');
  });
  const answer = await ask([]);
  expect(await answer.text()).toContain('mistake in the test');
});
