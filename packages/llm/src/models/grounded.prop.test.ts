import { reply, startModelServer, type ModelReply, type ModelServer } from '@scriptorium/testkit';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { modelEngine, ModelError } from '../index.ts';

const KINDS = ['place', 'character', 'atmosphere', 'object'];
const PARAGRAPHS = [
  'The hall was long and low; its windows were grey. No one answered.',
  '— Élodie, dit-il, « où vas-tu ? » No one answered.',
  'Он вошёл в дом; 🏚️ в доме было темно, и пахло дымом… No one answered.',
  'A cot\u00adtage  by the sea, cafe\u0301 and nave, white as 𝔰𝔞𝔩𝔱.',
  'The hall was long and low; its windows were grey. The hall was long and low again.',
];

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer([]);
});
afterAll(() => server.close());

const chapter = fc
  .array(fc.constantFrom(...PARAGRAPHS), { minLength: 1, maxLength: 8 })
  .map((paragraphs) => paragraphs.join('\n\n'));

/** Quotes as models spoil them: any slice of the text, elided, in other case, doubled, or out of nothing. */
const quote = (text: string) =>
  fc
    .tuple(fc.nat(text.length), fc.nat(120), fc.nat(5), fc.nat(text.length), fc.string())
    .map(([start, length, way, other, noise]) => {
      const slice = text.slice(start, start + length);
      const spoiled = [
        slice,
        `${slice} … ${text.slice(other, other + length)}`,
        slice.toUpperCase(),
        slice.replace(/\S+ /u, ''),
        `«${slice}»${noise}`,
        noise,
      ];
      return spoiled[way] ?? slice;
    });

const oddItem = (text: string) =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        paragraph: fc.oneof(fc.integer({ min: -1, max: 10 }), fc.constant('[p2]'), fc.double()),
        kind: fc.constantFrom(...KINDS, 'Lieu', ''),
        quote: quote(text),
        confidence: fc.oneof(fc.double({ min: 0, max: 1 }), fc.integer(), fc.constant(null)),
      }),
    },
    { weight: 1, arbitrary: fc.jsonValue() },
  );

const oddReply = (text: string): fc.Arbitrary<ModelReply> =>
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.array(oddItem(text), { maxLength: 12 }).map((items) => reply.answer({ items })),
    },
    { weight: 1, arbitrary: fc.jsonValue().map((value) => reply.answer(value)) },
    { weight: 1, arbitrary: fc.string().map((garbage) => reply.text(garbage)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        reply.cut({ items: [] }),
        reply.filtered(),
        reply.status(400, { body: { error: { message: 'context length' } } }),
        reply.status(503),
        reply.reset('midway'),
      ),
    },
  );

const conversation = chapter.chain((text) =>
  fc.record({
    text: fc.constant(text),
    replies: fc.array(oddReply(text), { minLength: 1, maxLength: 4 }),
    maxDescriptions: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  }),
);

test('whatever a model answers, descriptions are verbatim, in order, apart, and each in one paragraph', async () => {
  let described = 0;
  await fc.assert(
    fc.asyncProperty(conversation, async ({ text, replies, maxDescriptions }) => {
      let next = 0;
      server.follow(() => replies[next++ % replies.length] ?? reply.filtered());
      const engine = modelEngine({ model: 'openai-compatible/odd', baseUrl: server.url });
      const found = await engine
        .describe({
          text,
          language: 'en',
          ...(maxDescriptions === undefined ? {} : { maxDescriptions }),
        })
        .catch((error: unknown) => {
          if (!(error instanceof ModelError)) throw error;
        });
      if (found === undefined) return;
      let end = 0;
      for (const one of found.descriptions) {
        expect(text.slice(one.start, one.end)).toBe(one.quote);
        expect(one.start).toBeGreaterThanOrEqual(end);
        expect(one.end).toBeGreaterThan(one.start);
        expect(one.quote).not.toContain('\n\n');
        expect(KINDS).toContain(one.kind);
        expect(one.confidence >= 0 && one.confidence <= 1).toBe(true);
        end = one.end;
        described++;
      }
      expect(found.descriptions.length).toBeLessThanOrEqual(maxDescriptions ?? 10);
      for (const { score } of found.rejects) expect(score >= 0 && score <= 1).toBe(true);
    }),
    { numRuns: 300 },
  );
  expect(described).toBeGreaterThan(100);
});
