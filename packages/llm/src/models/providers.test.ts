import { createServer, type Server } from 'node:http';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { modelEngine, type ModelEngineOptions } from '../index.ts';

const QUOTE = 'The hall was long and low, and its windows were grey with dust.';
const ANSWER = JSON.stringify({
  items: [{ paragraph: 1, kind: 'place', quote: QUOTE, confidence: 0.9 }],
});

/** The shape of a success at each provider, by the end of the path it is asked at. */
const SUCCESSES: Readonly<Record<string, object>> = {
  ':generateContent': {
    candidates: [{ content: { role: 'model', parts: [{ text: ANSWER }] }, finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 1000, candidatesTokenCount: 100, totalTokenCount: 1100 },
  },
  '/responses': {
    id: 'resp_1',
    object: 'response',
    created_at: 0,
    model: 'gpt-5-mini',
    output: [
      {
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: ANSWER, annotations: [] }],
      },
    ],
    usage: { input_tokens: 1000, output_tokens: 100, total_tokens: 1100 },
  },
  '/messages': {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    content: [{ type: 'text', text: ANSWER }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 1000, output_tokens: 100 },
  },
  '/chat/completions': {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 0,
    model: 'qwen/qwen3',
    choices: [{ index: 0, message: { role: 'assistant', content: ANSWER }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 },
  },
};

let server: Server;
let baseUrl: string;
let body: unknown;
let answerWith: { status: number; body: object } | undefined;

beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      body = JSON.parse(Buffer.concat(parts).toString('utf8'));
      const [, success] =
        Object.entries(SUCCESSES).find(([path]) => request.url?.endsWith(path)) ?? [];
      response
        .writeHead(answerWith?.status ?? 200, { 'content-type': 'application/json' })
        .end(JSON.stringify(answerWith?.body ?? success));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const NOW = Date.parse('2026-06-01T00:00:00Z');

const describeBy = (model: string, options: Partial<ModelEngineOptions> = {}) =>
  modelEngine({
    model,
    baseUrl,
    keys: { google: 'k', openai: 'k', anthropic: 'k' },
    clock: () => NOW,
    ...options,
  }).describe({ text: QUOTE, language: 'en' });

// Prices of a million tokens, in and out: 0.30 and 2.50, 0.25 and 2, 3 and 15 dollars.
test.each([
  ['google/gemini-2.5-flash', 300 + 250],
  ['openai/gpt-5-mini', 250 + 200],
  ['anthropic/claude-sonnet-4-5', 3000 + 1500],
  ['openai-compatible/qwen/qwen3', null],
  ['google/gemini-unheard-of', null],
])('%s describes, and 1000 tokens in and 100 out cost %s millionths', async (model, costMicros) => {
  answerWith = undefined;
  const found = await describeBy(model);
  expect(found.engine).toBe(`${model}/1`);
  expect(found.descriptions).toMatchObject([{ kind: 'place', quote: QUOTE }]);
  expect(found.usage).toMatchObject({
    calls: 1,
    inputTokens: 1000,
    outputTokens: 100,
    costMicros,
  });
  expect(JSON.stringify(body)).toContain('"confidence"');
});

test('a text that Gemini blocks before it reads it is refused', async () => {
  answerWith = {
    status: 200,
    body: {
      promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
      usageMetadata: { promptTokenCount: 1000, totalTokenCount: 1000 },
    },
  };
  await expect(describeBy('google/gemini-2.5-flash')).rejects.toMatchObject({
    code: 'llm.refused',
  });
});

test('a refusal of Anthropic is a refusal', async () => {
  answerWith = {
    status: 200,
    body: { ...SUCCESSES['/messages'], content: [], stop_reason: 'refusal' },
  };
  await expect(describeBy('anthropic/claude-sonnet-4-5')).rejects.toMatchObject({
    code: 'llm.refused',
  });
});

test('an error never carries the book or the key to where it is logged', async () => {
  answerWith = { status: 400, body: { error: { code: 400, message: 'bad', status: 'X' } } };
  const error = await describeBy('google/gemini-2.5-flash', { keys: { google: 's3cret' } }).catch(
    (failure: Error) => failure,
  );
  expect(error).toMatchObject({ code: 'llm.bad_request' });
  const logged = inspect(error, { depth: 10 });
  expect(logged).not.toContain('The hall');
  expect(logged).not.toContain('s3cret');
});

test.each([
  ['gemini-2.5-flash', {}, 'llm.bad_model'],
  ['mistral/large', {}, 'llm.bad_model'],
  ['google/', {}, 'llm.bad_model'],
  ['', {}, 'llm.bad_model'],
  ['google/gemini-2.5-flash', { keys: {} }, 'llm.bad_key'],
  ['openai/gpt-5-mini', { keys: { openai: '' } }, 'llm.bad_key'],
  ['openai-compatible/qwen3', { baseUrl: undefined }, 'llm.bad_model'],
])('the model "%s" with %j cannot be opened: %s', (model, options, code) => {
  expect(() => modelEngine({ model, keys: { google: 'k' }, baseUrl, ...options })).toThrow(
    expect.objectContaining({ code }),
  );
});
