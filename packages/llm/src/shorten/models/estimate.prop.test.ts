import { reply, startModelServer, type ModelReply, type ModelServer } from '@scriptorium/testkit';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ModelError } from '../../models/errors.ts';
import { countWords } from '../count-words.ts';
import type { ShortenRequest } from '../types.ts';
import { boundShortening, estimateShortening } from './estimate.ts';
import { modelShortener } from './shortener.ts';

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer([]);
});
afterAll(() => server.close());

const WORDS = {
  fr: 'le la maison forêt alors marchait longtemps petite sombre et dans une château était extraordinairement l’homme Élodie quarante 1815 à y a'.split(
    ' ',
  ),
  ru: 'он она дом дорога долго шёл тёмный и в старый замок был превосходительство Пугачёв сорок 1815 а я необыкновенно'.split(
    ' ',
  ),
} as const;

const sentence = (language: 'fr' | 'ru') =>
  fc
    .array(fc.constantFrom(...WORDS[language]), { minLength: 1, maxLength: 60 })
    .map((words) => `${words.join(' ')}.`);

const request: fc.Arbitrary<ShortenRequest> = fc
  .record({
    language: fc.constantFrom('fr' as const, 'ru' as const),
    maxWords: fc.integer({ min: 3, max: 25 }),
  })
  .chain(({ language, maxWords }) =>
    fc.record({
      language: fc.constant(language),
      maxWords: fc.constant(maxWords),
      before: fc.array(sentence(language), { maxLength: 5 }),
      after: fc.array(sentence(language), { maxLength: 5 }),
      sentences: fc
        .array(sentence(language), { minLength: 1, maxLength: 80, size: 'max' })
        .map((texts) => texts.map((text, index) => ({ id: `p${index}`, text }))),
    }),
  );

/** As a tokenizer counts: a token for every four letters of a Latin word, three of a Cyrillic one, every mark and digit. */
function tokensOf(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(/\p{Script=Latin}+|\p{Script=Cyrillic}+|\S/gu)) {
    tokens += /^\p{Script=Latin}/u.test(piece)
      ? Math.ceil(piece.length / 4)
      : Math.ceil(piece.length / 3);
  }
  return tokens;
}

const maxTokensOf = (body: unknown): number =>
  typeof body === 'object' && body !== null && 'max_tokens' in body
    ? Number(body.max_tokens)
    : Number.NaN;

type Behaviour =
  | 'good'
  | 'missing'
  | 'long'
  | 'invented'
  | 'wild'
  | 'cut'
  | 'refused'
  | 'small'
  | 'garbage';

const behaviour = fc.constantFrom<Behaviour[]>(
  'good',
  'missing',
  'long',
  'invented',
  'wild',
  'cut',
  'refused',
  'small',
  'garbage',
);

/** @param isGreedy uses up every token that it is allowed, as one that thinks or repeats itself without end */
function answerTo(prompt: string, body: unknown, how: Behaviour, isGreedy: boolean): ModelReply {
  const asked = Array.from(prompt.matchAll(/^\[(s\d+)\] (.*)$/gmu), ([, id = '', text = '']) => ({
    id,
    text,
  }));
  const halves = (text: string) => {
    const words = text.split(' ');
    return [0, 1, 2, 3].map((part) =>
      words.slice((part * words.length) / 4, ((part + 1) * words.length) / 4).join(' '),
    );
  };
  const items = asked
    .filter((_, index) => how !== 'missing' || index % 3 !== 0)
    .map(({ id, text }) => ({
      id,
      sentences:
        how === 'long'
          ? [text]
          : how === 'invented'
            ? [...halves(text), 'et puis Nobody 77']
            : halves(text),
    }));
  const content = JSON.stringify({ items: how === 'wild' ? [...items, ...items] : items });
  const most = maxTokensOf(body);
  const output = isGreedy ? most : Math.min(most, tokensOf(content));
  const input = tokensOf(prompt) + 700;
  const usage = { input, output };
  if (how === 'cut') return reply.cut({ items }, { usage });
  if (how === 'refused') return reply.filtered({ usage });
  if (how === 'garbage') return reply.text('no json', { usage });
  const overflow = { error: { message: 'context length exceeded' } };
  if (how === 'small') return reply.status(400, { body: overflow });
  return reply.text(content, { usage });
}

test('whatever a model does, a request uses no more tokens than its bound, and every id comes back once in order', async () => {
  let nearest = 0;
  const conversation = fc.record({
    request,
    behaviours: fc.array(behaviour, { minLength: 1, maxLength: 6 }),
    isGreedy: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(conversation, async ({ request, behaviours, isGreedy }) => {
      let next = 0;
      let tokens = 0;
      server.follow(({ prompt, body }) =>
        answerTo(prompt, body, behaviours[next++ % behaviours.length] ?? 'good', isGreedy),
      );
      const shortener = modelShortener({ model: 'openai-compatible/odd', baseUrl: server.url });
      const found = await shortener
        .shorten(request, {
          onCall: (call) => {
            tokens += call.inputTokens + call.outputTokens;
          },
        })
        .catch((error: unknown) => {
          if (!(error instanceof ModelError)) throw error;
        });
      const bound = boundShortening(request);
      expect(tokens).toBeLessThanOrEqual(bound.tokens);
      nearest = Math.max(nearest, bound.tokens === 0 ? 0 : tokens / bound.tokens);
      const isPlain = !behaviours.includes('refused') && !behaviours.includes('small');
      expect(isPlain ? next : 0).toBeLessThanOrEqual(bound.calls);
      if (found === undefined) return;
      expect(found.items.map(({ id }) => id)).toEqual(request.sentences.map(({ id }) => id));
      for (const { label, sentences } of found.items) {
        expect(sentences.length).toBeGreaterThan(0);
        if (label === 'over_limit') continue;
        for (const one of sentences) expect(countWords(one)).toBeLessThanOrEqual(request.maxWords);
      }
    }),
    { numRuns: 60 },
  );
  // The bound is not idle: a greedy model comes near it.
  expect(nearest).toBeGreaterThan(0.6);
});

test('a model without faults is called once a batch', async () => {
  await fc.assert(
    fc.asyncProperty(request, async (request) => {
      let calls = 0;
      server.follow(({ prompt, body }) => {
        calls++;
        return answerTo(prompt, body, 'good', false);
      });
      const easy = { ...request, maxWords: 15 };
      await modelShortener({ model: 'openai-compatible/good', baseUrl: server.url }).shorten(
        easy,
        {},
      );
      expect(calls).toBe(boundShortening(easy).batches);
    }),
    { numRuns: 30 },
  );
});

test('the estimate from the number of words alone is above the bounds of the requests', () => {
  fc.assert(
    fc.property(fc.array(request, { minLength: 1, maxLength: 3 }), (requests) => {
      const [{ language, maxWords } = { language: 'fr', maxWords: 8 }] = requests;
      const own = requests
        .filter((one) => one.language === language)
        .map((one) => ({ ...one, maxWords }));
      const words = own
        .flatMap(({ sentences }) => sentences)
        .reduce((sum, { text }) => sum + countWords(text), 0);
      const { tokensLow, tokensHigh } = estimateShortening({
        words,
        language,
        maxWords,
        requests: own.length,
      });
      const bound = own.reduce((sum, one) => sum + boundShortening(one).tokens, 0);
      expect(tokensHigh).toBeGreaterThanOrEqual(bound);
      expect(tokensLow).toBeLessThan(tokensHigh);
    }),
    { numRuns: 100 },
  );
});
