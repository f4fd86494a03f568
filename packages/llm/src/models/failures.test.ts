import { reply, startModelServer, type ModelReply, type ModelServer } from '@scriptorium/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  modelEngine,
  ModelBusyError,
  type CallBudget,
  type DescribeInput,
  type ModelCall,
} from '../index.ts';

const PARAGRAPHS = Array.from(
  { length: 8 },
  (_, index) => `The room number ${index + 1} was small, and its walls were yellow.`,
);
const TEXT = PARAGRAPHS.join('\n\n');
const NOW = Date.parse('2026-01-01T00:00:00Z');

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

const describeWith = (
  script: Parameters<ModelServer['follow']>[0],
  input: Partial<DescribeInput> = {},
  options: object = {},
) => {
  server.follow(script);
  const engine = modelEngine({
    model: 'openai-compatible/tiny',
    baseUrl: server.url,
    clock: () => NOW,
    ...options,
  });
  return engine.describe({ text: TEXT, language: 'en', ...input });
};

const items = (...numbers: number[]): ModelReply =>
  reply.answer({
    items: numbers.map((number) => ({
      paragraph: number,
      kind: 'place',
      quote: PARAGRAPHS[number - 1],
      confidence: 0.9,
    })),
  });

const gemini = (message: string) => ({
  error: {
    code: 429,
    message,
    details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '15.2s' }],
  },
});

test.each([
  ['a number of seconds', 429, { headers: { 'retry-after': '7' } }, 7],
  ['a date', 429, { headers: { 'retry-after': 'Thu, 01 Jan 2026 00:01:30 GMT' } }, 90],
  ['milliseconds', 429, { headers: { 'retry-after-ms': '1200', 'retry-after': '9' } }, 2],
  ['RetryInfo in the body', 429, { body: gemini('Quota exceeded') }, 16],
  ['a daily limit', 429, { body: gemini('GenerateRequestsPerDayPerProject') }, 3600],
  ['nothing', 429, {}, 30],
  ['nothing, being overloaded', 503, {}, 20],
  ['nothing, being overloaded at Anthropic', 529, { body: 'no json' }, 20],
  ['an absurd wait', 429, { headers: { 'retry-after': '99999999' } }, 86_400],
  ['a time that has passed', 503, { headers: { 'retry-after': '-5' } }, 1],
])(
  'a provider that names %s is busy for that long, after one request',
  async (_, status, options, seconds) => {
    const failure = describeWith(() => reply.status(status, options));
    await expect(failure).rejects.toBeInstanceOf(ModelBusyError);
    await expect(failure).rejects.toMatchObject({
      code: 'llm.busy',
      isTemporary: true,
      retryAfterSeconds: seconds,
    });
    expect(asked()).toHaveLength(1);
  },
);

test('a storm of 503 costs one request an attempt, and no money', async () => {
  const calls: ModelCall[] = [];
  for (let attempt = 0; attempt < 5; attempt++) {
    await expect(
      describeWith(() => reply.status(503), { onCall: (call) => calls.push(call) }),
    ).rejects.toMatchObject({ code: 'llm.busy' });
  }
  expect(asked()).toHaveLength(5);
  expect(calls.map(({ costMicros }) => costMicros)).toEqual([0, 0, 0, 0, 0]);
});

test.each([
  [401, {}, 'llm.bad_key', false],
  [403, {}, 'llm.bad_key', false],
  [400, { error: { message: 'API_KEY_INVALID' } }, 'llm.bad_key', false],
  [402, {}, 'llm.no_credit', false],
  [429, { error: { message: 'no money', code: 'insufficient_quota' } }, 'llm.no_credit', false],
  [404, {}, 'llm.bad_model', false],
  [422, {}, 'llm.bad_request', false],
  [500, {}, 'llm.unreachable', true],
  [502, {}, 'llm.unreachable', true],
])('status %i with %j is %s', async (status, body, code, isTemporary) => {
  await expect(describeWith([reply.status(status, { body })])).rejects.toMatchObject({
    code,
    isTemporary,
  });
  expect(asked()).toHaveLength(1);
});

test.each([
  ['reset before it answers', () => describeWith([reply.reset()])],
  ['reset in the middle of an answer', () => describeWith([reply.reset('midway')])],
  ['refused', () => describeWith([], {}, { baseUrl: 'http://127.0.0.1:1/v1' })],
])('a connection that is %s is an outage', async (_, run) => {
  await expect(run()).rejects.toMatchObject({ code: 'llm.unreachable', isTemporary: true });
});

test('no answer in time is a failure of its own, and the provider sees the connection closed', async () => {
  const calls: ModelCall[] = [];
  await expect(
    describeWith([reply.silence()], { onCall: (call) => calls.push(call) }, { timeoutMs: 150 }),
  ).rejects.toMatchObject({ code: 'llm.timeout', isTemporary: true });
  expect(await asked()[0]?.closed).toBe(true);
  expect(calls).toMatchObject([{ outcome: 'failed', costMicros: null }]);
});

test.each([
  ['an error', new Error('nobody wants it any more')],
  ['a word', 'enough'],
])(
  'an abort ends a slow answer with its reason, %s, and the provider sees the connection closed',
  async (_, reason) => {
    const abort = new AbortController();
    const calls: ModelCall[] = [];
    const described = describeWith([reply.silence()], {
      signal: abort.signal,
      onCall: (call) => calls.push(call),
    });
    const outcome = described.catch((error: unknown) => error);
    const request = await server.received(before + 1);
    abort.abort(reason);
    expect(await outcome).toBe(reason);
    expect(await request.closed).toBe(true);
    expect(calls).toMatchObject([{ outcome: 'aborted', costMicros: null }]);
  },
);

test('a signal that is aborted before the start costs no request', async () => {
  await expect(describeWith([items(1)], { signal: AbortSignal.abort('early') })).rejects.toBe(
    'early',
  );
  expect(asked()).toHaveLength(0);
});

test.each([
  ['cut', reply.cut({ items: [1, 2, 3] })],
  ['malformed', reply.text('{"items": [{"paragraph": 1,')],
  ['an apology', reply.text('I am sorry, but here is no JSON.')],
  ['of another form', reply.answer({ passages: [] })],
  ['empty', reply.text('')],
  ['not of the protocol', reply.status(200, { body: 'gateway page' })],
])('an answer that is %s is asked for again in halves', async (_, bad) => {
  const found = await describeWith([bad, items(1), items(8)]);
  expect(found.descriptions.map(({ quote }) => quote)).toEqual([PARAGRAPHS[0], PARAGRAPHS[7]]);
  expect(asked().map(({ prompt }) => prompt.match(/\[p\d+\]/gu)?.length)).toEqual([8, 4, 4]);
});

test('an answer that is unreadable in halves, too, is a failure, and its tokens are counted', async () => {
  const calls: ModelCall[] = [];
  const bad = reply.text('no json');
  await expect(
    describeWith([bad, bad], { onCall: (call) => calls.push(call) }),
  ).rejects.toMatchObject({ code: 'llm.bad_answer', isTemporary: true });
  expect(asked()).toHaveLength(2);
  expect(calls.map(({ inputTokens }) => inputTokens)).toEqual([100, 100]);
});

test('a single paragraph is asked about once more as it is', async () => {
  const text = PARAGRAPHS[0] ?? '';
  const found = await describeWith([reply.text('no json'), items(1)], { text });
  expect(found.descriptions).toHaveLength(1);
  expect(asked()).toHaveLength(2);
});

test.each([
  ['by its filter', reply.filtered()],
  ['in words', reply.refusal('I cannot help with that.')],
  ['after some words', reply.text('I cannot', { finishReason: 'content_filter' })],
])('a model that refuses everything %s fails the chapter for good', async (_, refusal) => {
  await expect(describeWith([refusal])).rejects.toMatchObject({
    code: 'llm.refused',
    isTemporary: false,
  });
  expect(asked()).toHaveLength(1);
});

test('a window that is refused is a reject, and the others count', async () => {
  const found = await describeWith([reply.text(''), reply.filtered(), items(8)]);
  expect(found.descriptions.map(({ quote }) => quote)).toEqual([PARAGRAPHS[7]]);
  expect(found.rejects).toMatchObject([{ reason: 'refused', quote: PARAGRAPHS[0] }]);
});

const TOO_LONG = [
  { error: { message: 'too long', code: 'context_length_exceeded' } },
  { error: { message: 'This model’s maximum context length is 8192 tokens.' } },
  { error: { message: 'The input token count (9000) exceeds the maximum number of tokens' } },
  { type: 'error', error: { type: 'invalid_request_error', message: 'prompt is too long: 9 > 8' } },
];

test.each(TOO_LONG)(
  'a text that is too long for the model, said as %j, is halved',
  async (body) => {
    const seen: number[] = [];
    const found = await describeWith(({ prompt }) => {
      const numbers = Array.from(prompt.matchAll(/\[p(\d+)\]/gu), ([, number]) => Number(number));
      seen.push(numbers.length);
      return numbers.length > 2 ? reply.status(400, { body }) : items(...numbers);
    });
    expect(found.descriptions.map(({ quote }) => quote)).toEqual(PARAGRAPHS);
    expect(seen).toEqual([8, 4, 2, 2, 4, 2, 2]);
  },
);

test('a model that finds everything too long is given up', async () => {
  const text = Array.from({ length: 64 }, () => PARAGRAPHS[0]).join('\n\n');
  await expect(
    describeWith(() => reply.status(400, { body: TOO_LONG[0] }), { text }),
  ).rejects.toMatchObject({ code: 'llm.context_overflow', isTemporary: false });
  expect(asked()).toHaveLength(5);
});

function recordedBudget(refusal?: { seconds: number; reason: string }) {
  const events: string[] = [];
  let reserved = 0;
  const budget: CallBudget = {
    take: async ({ tokens }) => {
      reserved = tokens;
      if (refusal !== undefined) return { granted: false, ...refusal };
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
  return { budget, events, reserved: () => reserved };
}

test('the budget is asked before a call, corrected after it, and paused by a 429', async () => {
  const { budget, events, reserved } = recordedBudget();
  await describeWith([items(1)], { budget });
  expect(reserved()).toBeGreaterThan(TEXT.length / 4);
  const busy = reply.status(429, { headers: { 'retry-after': '7' } });
  await expect(describeWith([busy], { budget })).rejects.toThrow('has reached its limit');
  expect(events).toEqual(['used 120', 'used 0', 'pause 7']);
});

test('a budget that is empty is a model that is busy, without a request', async () => {
  const { budget } = recordedBudget({ seconds: 11, reason: 'google’s budget of 10 requests' });
  await expect(describeWith([items(1)], { budget })).rejects.toMatchObject({
    code: 'llm.busy',
    retryAfterSeconds: 11,
  });
  expect(asked()).toHaveLength(0);
});
