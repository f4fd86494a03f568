import { reply, startModelServer, type ModelReply, type ModelServer } from '@scriptorium/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CallBudget, CallMemo, ModelCall } from '../../models/calls.ts';
import { ModelBusyError } from '../../models/errors.ts';
import type { ShortenHooks } from '../types.ts';
import { modelShortener } from './shortener.ts';

const ROOMS = ['red', 'green', 'yellow', 'brown', 'white', 'black', 'purple', 'orange'];
const SOURCES = ROOMS.map(
  (colour) => `The ${colour} room was small and dark, and its walls were bare and very cold.`,
);
const short = (index: number) => [
  `The ${ROOMS[index]} room was small and dark.`,
  'Its walls were bare and very cold.',
];

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer([]);
});
afterAll(() => server.close());
let before = 0;
beforeEach(() => {
  before = server.requests.length;
});
const asked = () => server.requests.slice(before);
const tags = (prompt: string) =>
  Array.from(prompt.matchAll(/^\[s(\d+)\]/gmu), ([, tag]) => Number(tag));
const itemsFor = (...numbers: number[]) => ({
  items: numbers.map((tag) => ({ id: `s${tag}`, sentences: short(tag - 1) })),
});
const all = ROOMS.map((_, index) => index + 1);
const obedient = ({ prompt }: { prompt: string }): ModelReply =>
  reply.answer(itemsFor(...tags(prompt)));

const shortenWith = (
  script: Parameters<ModelServer['follow']>[0],
  hooks: ShortenHooks = {},
  options: object = {},
) => {
  server.follow(script);
  return modelShortener({
    model: 'openai-compatible/tiny',
    baseUrl: server.url,
    ...options,
  }).shorten(
    {
      language: 'en',
      maxWords: 8,
      before: [],
      after: [],
      sentences: SOURCES.map((text, index) => ({ id: `p${index}`, text })),
    },
    hooks,
  );
};
const labels = (found: Awaited<ReturnType<typeof shortenWith>>) =>
  found.items.map(({ label }) => label);
const REWRITTEN = ROOMS.map(() => 'rewritten');

test('a provider that names a time to wait is busy for that long, after one request', async () => {
  const failure = shortenWith([reply.status(429, { headers: { 'retry-after': '7' } })]);
  await expect(failure).rejects.toBeInstanceOf(ModelBusyError);
  await expect(failure).rejects.toMatchObject({ code: 'llm.busy', retryAfterSeconds: 7 });
  expect(asked()).toHaveLength(1);
});

test('a storm of 503 costs one request an attempt and no money, and then the work goes on', async () => {
  const calls: ModelCall[] = [];
  const onCall = (call: ModelCall) => calls.push(call);
  for (let attempt = 0; attempt < 4; attempt++) {
    await expect(shortenWith([reply.status(503)], { onCall })).rejects.toMatchObject({
      code: 'llm.busy',
      isTemporary: true,
    });
  }
  expect(labels(await shortenWith(obedient, { onCall }))).toEqual(REWRITTEN);
  expect(asked()).toHaveLength(5);
  expect(calls.slice(0, 4).map(({ costMicros }) => costMicros)).toEqual([0, 0, 0, 0]);
});

test.each([
  [401, 'llm.bad_key', false],
  [404, 'llm.bad_model', false],
  [500, 'llm.unreachable', true],
])('status %i is %s', async (status, code, isTemporary) => {
  await expect(shortenWith([reply.status(status)])).rejects.toMatchObject({ code, isTemporary });
});

test('a connection that breaks is an outage', async () => {
  await expect(shortenWith([reply.reset('midway')])).rejects.toMatchObject({
    code: 'llm.unreachable',
    isTemporary: true,
  });
});

test('no answer in time is a failure of its own, and the provider sees the connection closed', async () => {
  const calls: ModelCall[] = [];
  await expect(
    shortenWith([reply.silence()], { onCall: (call) => calls.push(call) }, { timeoutMs: 150 }),
  ).rejects.toMatchObject({ code: 'llm.timeout', isTemporary: true });
  expect(await asked()[0]?.closed).toBe(true);
  expect(calls).toMatchObject([{ outcome: 'failed', costMicros: null }]);
});

test('an abort ends a slow answer with its reason, and the provider sees the connection closed', async () => {
  const abort = new AbortController();
  const outcome = shortenWith([reply.silence()], { signal: abort.signal }).catch(
    (error: unknown) => error,
  );
  const request = await server.received(before + 1);
  abort.abort('cancelled');
  expect(await outcome).toBe('cancelled');
  expect(await request.closed).toBe(true);
});

test('an abort between two calls makes no second one', async () => {
  const abort = new AbortController();
  const failure = shortenWith([reply.answer(itemsFor(1)), obedient({ prompt: '' })], {
    signal: abort.signal,
    onCall: () => abort.abort('enough'),
  });
  await expect(failure).rejects.toBe('enough');
  expect(asked()).toHaveLength(1);
});

test('of an answer that was cut off the whole items count, and only the rest is asked for again', async () => {
  const calls: ModelCall[] = [];
  const found = await shortenWith(
    ({ index, prompt }) => (index === before ? reply.cut(itemsFor(...all)) : obedient({ prompt })),
    { onCall: (call) => calls.push(call) },
  );
  expect(asked().map(({ prompt }) => tags(prompt))).toEqual([all, [4, 5, 6, 7, 8]]);
  expect(labels(found)).toEqual(REWRITTEN);
  expect(calls.map(({ outcome }) => outcome)).toEqual(['unusable', 'answered']);
});

test('one item that is no JSON does not cost the others', async () => {
  const whole = JSON.stringify(itemsFor(...all));
  const broken = whole.replace('"id":"s3",', '"id":"s3" oh "no" ');
  await shortenWith(({ index, prompt }) =>
    index === before ? reply.text(`Here you are: ${broken}`) : obedient({ prompt }),
  );
  expect(asked().map(({ prompt }) => tags(prompt))).toEqual([all, [3]]);
});

test.each([
  ['no JSON', reply.text('I am sorry, but here is no JSON.')],
  ['nothing', reply.text('')],
  ['items of another form', reply.answer({ items: [{ number: 1 }, 'two', null] })],
  ['sentences without words', reply.answer({ items: [{ id: 's1', sentences: ['…', ''] }] })],
  ['a page of a gateway', reply.status(200, { body: 'gateway page' })],
])('%s is asked for again', async (_, bad) => {
  const found = await shortenWith(({ index, prompt }) =>
    index === before ? bad : obedient({ prompt }),
  );
  expect(labels(found)).toEqual(REWRITTEN);
  expect(asked()).toHaveLength(2);
});

test('a model that never gives a usable answer fails the attempt, and is asked once more by the next', async () => {
  const stored = new Map<string, string>();
  const memo: CallMemo = async (key, schema, call) => {
    const known = stored.get(key);
    if (known !== undefined) return schema.parse(JSON.parse(known));
    const value = await call();
    stored.set(key, JSON.stringify(value));
    return value;
  };
  const bad = () => reply.text('no json');
  await expect(shortenWith(bad, { memo })).rejects.toMatchObject({
    code: 'llm.bad_answer',
    isTemporary: true,
  });
  expect(asked()).toHaveLength(3);
  expect(labels(await shortenWith(obedient, { memo }))).toEqual(REWRITTEN);
  expect(asked()).toHaveLength(4);
});

test.each([
  ['by its filter', reply.filtered()],
  ['in words', reply.refusal('I cannot help with that.')],
])('a model that refuses everything %s fails for good', async (_, refusal) => {
  await expect(shortenWith(() => refusal)).rejects.toMatchObject({
    code: 'llm.refused',
    isTemporary: false,
  });
  expect(asked()).toHaveLength(3);
});

test('a refusal costs the half in which the offensive sentence stands, and never a sentence itself', async () => {
  const found = await shortenWith(({ prompt }) =>
    tags(prompt).includes(3) ? reply.filtered() : obedient({ prompt }),
  );
  expect(labels(found)).toEqual(ROOMS.map((_, index) => (index < 4 ? 'over_limit' : 'rewritten')));
  expect(found.items[0]).toMatchObject({
    sentences: [SOURCES[0]],
    notes: ['refused by the model'],
  });
  expect(asked()).toHaveLength(3);
});

const TOO_LONG = { error: { message: 'too long', code: 'context_length_exceeded' } };

test('a context that is too small is met with fewer sentences at a time', async () => {
  const found = await shortenWith(({ prompt }) =>
    tags(prompt).length > 2 ? reply.status(400, { body: TOO_LONG }) : obedient({ prompt }),
  );
  expect(labels(found)).toEqual(REWRITTEN);
  expect(asked().map(({ prompt }) => tags(prompt).length)).toEqual([8, 4, 2, 2, 4, 2, 2]);
});

test('a context that is too small for anything is given up', async () => {
  await expect(shortenWith(() => reply.status(400, { body: TOO_LONG }))).rejects.toMatchObject({
    code: 'llm.context_overflow',
    isTemporary: false,
  });
});

test('the budget is asked before every call, corrected after it, and paused by a 429', async () => {
  const events: string[] = [];
  const budget: CallBudget = {
    take: async ({ tokens }) => {
      expect(tokens).toBeGreaterThan(SOURCES.join('').length / 4);
      return {
        granted: true,
        correct: async (used) => {
          events.push(`used ${used.tokens}`);
        },
      };
    },
    pause: async (seconds) => {
      events.push(`pause ${seconds}`);
    },
  };
  await shortenWith([reply.answer(itemsFor(...all))], { budget });
  const busy = reply.status(429, { headers: { 'retry-after': '7' } });
  await expect(shortenWith([busy], { budget })).rejects.toThrow('has reached its limit');
  expect(events).toEqual(['used 120', 'used 0', 'pause 7']);
});
