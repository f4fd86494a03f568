import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseModel } from '../../models/address.ts';
import { pricing } from '../../models/prices.ts';
import { modelShortener } from './shortener.ts';
import { MODEL_TIERS, tierModel } from './tiers.ts';

const SOURCE = 'The room was small and dark, and its walls were bare and very cold.';
const ANSWER = JSON.stringify({
  items: [
    { id: 's1', sentences: ['The room was small and dark.', 'Its walls were bare and cold.'] },
  ],
});

let server: Server;
let baseUrl: string;
let body: unknown;
beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      body = JSON.parse(Buffer.concat(parts).toString('utf8'));
      response.writeHead(200, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          candidates: [
            { content: { role: 'model', parts: [{ text: ANSWER }] }, finishReason: 'STOP' },
          ],
          usageMetadata: {
            promptTokenCount: 1000,
            candidatesTokenCount: 80,
            thoughtsTokenCount: 20,
            totalTokenCount: 1100,
          },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

// 1000 tokens in and 100 out, the thoughts among them.
test.each([
  ['speed', 0, (100 + 40) / 1e6],
  ['balanced', 0, (300 + 250) / 1e6],
  ['quality', 128, (1250 + 1000) / 1e6],
] as const)(
  'the tier "%s" shortens, thinks of %i tokens at most and costs %s dollars',
  async (tier, thinkingBudget, costUsd) => {
    const { model } = tierModel(tier);
    const found = await modelShortener({
      model,
      baseUrl,
      keys: { google: 'k' },
      clock: () => Date.parse('2026-06-01T00:00:00Z'),
    }).shorten(
      {
        language: 'en',
        maxWords: 8,
        before: [],
        after: [],
        sentences: [{ id: 'a', text: SOURCE }],
      },
      {},
    );
    expect(found).toMatchObject({
      items: [{ label: 'rewritten' }],
      calls: 1,
      tokens: 1100,
      costUsd,
    });
    expect(body).toMatchObject({
      generationConfig: { thinkingConfig: { thinkingBudget }, maxOutputTokens: expect.any(Number) },
    });
  },
);

test('a credit costs the operator at most 0.6 thousandths of a dollar, whatever the tier', () => {
  for (const tier of MODEL_TIERS) {
    const { model, creditFactor } = tierModel(tier);
    const price = pricing(parseModel(model), undefined, () => Date.parse('2026-06-01T00:00:00Z'));
    const tokens = {
      noCacheTokens: undefined,
      cacheReadTokens: undefined,
      cacheWriteTokens: undefined,
    };
    const micros = price({
      inputTokens: 500,
      outputTokens: 500,
      totalTokens: 1000,
      inputTokenDetails: tokens,
      outputTokenDetails: { textTokens: undefined, reasoningTokens: undefined },
    });
    expect((micros ?? Number.NaN) / creditFactor).toBeLessThanOrEqual(600);
  }
});

test('a tier may stand for another model, with a factor of its own or the old one', () => {
  const configured = {
    quality: { model: 'openai/gpt-5', creditFactor: 12 },
    speed: { model: 'openai-compatible/qwen3' },
  };
  expect(tierModel('quality', configured)).toEqual({ model: 'openai/gpt-5', creditFactor: 12 });
  expect(tierModel('speed', configured)).toEqual({
    model: 'openai-compatible/qwen3',
    creditFactor: 1,
  });
  expect(tierModel('balanced', configured)).toEqual({
    model: 'google/gemini-2.5-flash',
    creditFactor: 3,
  });
});
