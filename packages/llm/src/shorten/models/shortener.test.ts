import { setImmediate } from 'node:timers/promises';
import { reply, startModelServer, type ModelReply, type ModelServer } from '@scriptorium/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CallMemo, ModelCall } from '../../models/calls.ts';
import type { ShortenHooks, ShortenRequest } from '../types.ts';
import { modelShortener } from './shortener.ts';

const BARON =
  'Monsieur le baron était un des plus puissants seigneurs de la province, car son château avait une porte.';
const FOREST =
  'Le jeune homme marcha longtemps dans la forêt sombre, et il trouva enfin une petite maison blanche.';
const RAIN =
  'La pluie tombait depuis le matin sur les toits du village, et personne ne sortait dans la rue.';
const SHORT = 'Il pleuvait.';

const GOOD: Readonly<Record<string, string[]>> = {
  [BARON]: [
    'Monsieur le baron était un puissant seigneur.',
    'Il vivait dans la province.',
    'Son château avait une porte.',
  ],
  [FOREST]: [
    'Le jeune homme marcha longtemps.',
    'Il était dans la forêt sombre.',
    'Il trouva une petite maison blanche.',
  ],
  [RAIN]: [
    'La pluie tombait depuis le matin.',
    'Elle tombait sur les toits du village.',
    'Personne ne sortait dans la rue.',
  ],
};

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

const answer = (...items: unknown[]): ModelReply => reply.answer({ items });
const item = (tag: number | string, sentences: unknown) => ({
  id: typeof tag === 'number' ? `s${tag}` : tag,
  sentences,
});
const good = (tag: number, text: string) => item(tag, GOOD[text]);

const shortenWith = (
  script: Parameters<ModelServer['follow']>[0],
  {
    texts = [BARON, SHORT, FOREST, RAIN],
    hooks = {},
    options = {},
    ...rest
  }: { texts?: string[]; hooks?: ShortenHooks; options?: object } & Partial<ShortenRequest> = {},
) => {
  server.follow(script);
  const shortener = modelShortener({
    model: 'openai-compatible/tiny',
    baseUrl: server.url,
    ...options,
  });
  return shortener.shorten(
    {
      language: 'fr',
      maxWords: 8,
      before: [],
      after: [],
      sentences: texts.map((text, index) => ({ id: `p${index}`, text })),
      ...rest,
    },
    hooks,
  );
};

const ALL_GOOD = answer(good(1, BARON), good(3, FOREST), good(4, RAIN));

test('long sentences come back rewritten under their ids and in order, short ones as they were', async () => {
  const fractions: number[] = [];
  const found = await shortenWith([answer(good(4, RAIN), good(1, BARON), good(3, FOREST))], {
    hooks: { report: (fraction) => fractions.push(fraction) },
  });
  expect(found.items).toEqual([
    { id: 'p0', label: 'rewritten', sentences: GOOD[BARON] },
    { id: 'p1', label: 'kept', sentences: [SHORT] },
    { id: 'p2', label: 'rewritten', sentences: GOOD[FOREST] },
    { id: 'p3', label: 'rewritten', sentences: GOOD[RAIN] },
  ]);
  expect(found).toMatchObject({ calls: 1, tokens: 120, costUsd: null });
  expect(fractions.at(-1)).toBe(1);
});

test('only what is too long has a number in the prompt, and what is near it is there to be read', async () => {
  await shortenWith([answer(good(2, BARON))], {
    texts: [SHORT, BARON],
    before: ['Bien avant.', 'Un.', 'Deux.'],
    after: ['Après.', 'Bien après.'],
  });
  const [request] = asked();
  expect(request?.prompt.split('\n')).toEqual([
    '[ ] Un.',
    '[ ] Deux.',
    `[ ] ${SHORT}`,
    `[s2] ${BARON}`,
    '[ ] Après.',
  ]);
  expect(request?.body).toMatchObject({
    max_tokens: expect.any(Number),
    response_format: {
      type: 'json_schema',
      json_schema: { schema: { properties: { items: { type: 'array' } } } },
    },
  });
});

test('sentences within the limit cost no call, and no sentences none either', async () => {
  const found = await shortenWith([], { texts: [SHORT, 'Non.', ''] });
  expect(found.items.map(({ label }) => label)).toEqual(['kept', 'kept', 'kept']);
  expect(found).toMatchObject({ calls: 0, tokens: 0, costUsd: 0 });
  expect((await shortenWith([], { texts: [] })).items).toEqual([]);
  expect(asked()).toHaveLength(0);
});

test.each([
  ['fr-CA', 'Tu réécris', 'Aucune phrase ne dépasse 8 mots'],
  ['en', 'a book in English', 'more than 8 words'],
  ['ru', 'Ты переписываешь', 'не больше 8 слов'],
  ['uk', 'Ти переписуєш', 'не більше 8 слів'],
  ['es', 'a book in Spanish', 'Write in Spanish'],
  ['und', 'a book in its own language', 'more than 8 words'],
])('sentences in %s are asked for with: %s', async (language, ...words) => {
  await shortenWith([answer(good(1, BARON))], { texts: [BARON], language });
  for (const some of words) expect(asked()[0]?.instructions).toContain(some);
});

test('what is missing, doubled, merged or unknown is asked for again, and nothing else', async () => {
  const found = await shortenWith([
    answer(
      good(1, BARON),
      good(3, FOREST),
      good(3, FOREST),
      item('s4-s5', GOOD[RAIN]),
      item('s2', ['Il ne pleuvait pas du tout.']),
      item(99, ['Rien.']),
    ),
    answer(good(1, RAIN), good(3, FOREST), good(4, RAIN)),
  ]);
  expect(asked().map(({ prompt }) => tags(prompt))).toEqual([
    [1, 3, 4],
    [3, 4],
  ]);
  expect(asked()[1]?.prompt).toContain('son numéro était en double');
  expect(found.items.map(({ sentences }) => sentences)).toEqual([
    GOOD[BARON],
    [SHORT],
    GOOD[FOREST],
    GOOD[RAIN],
  ]);
});

test('ids are read as models write them', async () => {
  const found = await shortenWith([
    answer(item('[s1]', GOOD[BARON]), { id: 3, sentences: GOOD[FOREST] }, item('4', GOOD[RAIN])),
  ]);
  expect(found.items.map(({ label }) => label)).toEqual([
    'rewritten',
    'kept',
    'rewritten',
    'rewritten',
  ]);
  expect(asked()).toHaveLength(1);
});

test('a sentence that is never answered is kept as it was after two repairs, and said so', async () => {
  const found = await shortenWith(() => answer(good(1, BARON), good(4, RAIN)));
  expect(asked().map(({ prompt }) => tags(prompt))).toEqual([[1, 3, 4], [3], [3]]);
  expect(found.items[2]).toEqual({
    id: 'p2',
    label: 'over_limit',
    sentences: [FOREST],
    notes: ['no answer'],
  });
});

test('words are counted in code, and only the sentences over the limit are asked for again', async () => {
  const long = 'Le jeune homme marcha longtemps dans la forêt sombre.';
  const stillLong = [
    'Le jeune homme marcha dans la forêt sombre longtemps.',
    'Il trouva une petite maison blanche.',
  ];
  const found = await shortenWith([
    answer(good(1, BARON), item(3, [long, 'Il trouva une petite maison.']), good(4, RAIN)),
    answer(item(3, stillLong)),
    answer(good(3, FOREST)),
  ]);
  expect(asked().map(({ prompt }) => tags(prompt))).toEqual([[1, 3, 4], [3], [3]]);
  expect(asked()[1]?.prompt).toContain('une phrase de 9 mots ; la limite est de 8');
  expect(found.items[2]).toMatchObject({ label: 'rewritten', sentences: GOOD[FOREST] });
});

test('of answers that stay too long the nearest is shown, as over the limit', async () => {
  const nine = [
    'Le jeune homme marcha longtemps dans la forêt sombre.',
    'Il trouva une maison blanche.',
  ];
  const ten = [
    'Le jeune homme marcha alors longtemps dans la forêt sombre.',
    'Il trouva une maison.',
  ];
  const found = await shortenWith(
    [answer(item(1, ten)), answer(item(1, nine)), answer(item(1, ten))],
    {
      texts: [FOREST],
    },
  );
  expect(found.items).toEqual([{ id: 'p0', label: 'over_limit', sentences: nine }]);
  expect(found.calls).toBe(3);
});

test('sentences that a model put into one string are taken apart', async () => {
  const found = await shortenWith([answer(item(1, [GOOD[BARON]?.join(' ')]))], { texts: [BARON] });
  expect(found.items).toMatchObject([{ label: 'rewritten', sentences: GOOD[BARON] }]);
});

test.each([
  [
    'a name',
    ['Le jeune Paul marcha longtemps.', ...(GOOD[FOREST] ?? [])],
    'invented name: Paul',
    "un nom que la ligne n'a pas : Paul",
  ],
  [
    'a number',
    ['Il marcha 12 heures.', ...(GOOD[FOREST] ?? [])],
    'invented number: 12',
    "un nombre que la ligne n'a pas : 12",
  ],
  ['almost nothing', ['Il trouva une maison.'], 'content lost', 'omettait une grande partie'],
  [
    'English',
    [
      'The young man walked for a long time.',
      'He was in the dark forest.',
      'He found a small white house.',
    ],
    'answered in another language',
    "n'était pas en français",
  ],
])(
  'an answer with %s is asked for once more, then the source is kept',
  async (_, sentences, note, hint) => {
    const bad = answer(item(1, sentences), good(2, RAIN));
    const found = await shortenWith(() => bad, { texts: [FOREST, RAIN] });
    expect(asked().map(({ prompt }) => tags(prompt))).toEqual([[1, 2], [1]]);
    expect(asked()[1]?.prompt).toContain(hint);
    expect(found.items).toEqual([
      { id: 'p0', label: 'over_limit', sentences: [FOREST], notes: [note] },
      { id: 'p1', label: 'rewritten', sentences: GOOD[RAIN] },
    ]);
  },
);

test('an invented name that is taken back counts for nothing', async () => {
  const found = await shortenWith(
    [
      answer(item(1, ['Alors Paul marcha dans la forêt sombre.', ...(GOOD[FOREST] ?? [])])),
      answer(good(1, FOREST)),
    ],
    { texts: [FOREST] },
  );
  expect(found.items).toEqual([{ id: 'p0', label: 'rewritten', sentences: GOOD[FOREST] }]);
});

test('a text is asked about in as many calls as its length takes, without a fault none more', async () => {
  const texts = Array.from(
    { length: 300 },
    (_, index) => [BARON, FOREST, SHORT, RAIN][index % 4] ?? '',
  );
  const found = await shortenWith(
    ({ prompt }) => answer(...tags(prompt).map((tag) => good(tag, texts[tag - 1] ?? ''))),
    { texts },
  );
  // 225 sentences of 17 words each: 3,825 words, at most 1,400 a call.
  expect(asked().map(({ prompt }) => tags(prompt).length)).toEqual([75, 75, 75]);
  expect(asked().flatMap(({ prompt }) => tags(prompt))).toHaveLength(225);
  expect(found.items.map(({ id }) => id)).toEqual(texts.map((_, index) => `p${index}`));
  expect(found.items.every(({ label }) => label === 'kept' || label === 'rewritten')).toBe(true);
});

test('one call is under way at a time, repairs too, and after one that fails there are no more', async () => {
  const texts = Array.from({ length: 300 }, (_, index) => [BARON, FOREST][index % 2] ?? '');
  let underWay = 0;
  let most = 0;
  const answerAll: Parameters<ModelServer['follow']>[0] = async ({ prompt }) => {
    most = Math.max(most, ++underWay);
    await setImmediate();
    underWay--;
    // The first of each batch is missing, and asked for again.
    return answer(
      ...tags(prompt)
        .slice(tags(prompt).length > 1 ? 1 : 0)
        .map((tag) => good(tag, texts[tag - 1] ?? '')),
    );
  };
  const found = await shortenWith(answerAll, { texts });
  expect(found.items.every(({ label }) => label === 'rewritten')).toBe(true);
  expect([found.calls, most]).toEqual([8, 1]);

  before = server.requests.length;
  const second = shortenWith(
    (request) => (asked().length > 1 ? reply.status(401) : answerAll(request)),
    { texts },
  );
  await expect(second).rejects.toMatchObject({ code: 'llm.bad_key' });
  expect(asked()).toHaveLength(2);
});

/** What the kernel does, in a Map. */
function mapMemo(stored = new Map<string, string>()): CallMemo {
  return async (key, schema, call) => {
    const known = stored.get(key);
    if (known !== undefined) return schema.parse(JSON.parse(known));
    const value = await call();
    stored.set(key, JSON.stringify(value));
    return value;
  };
}

test('a remembered run calls nothing and gives the same, repairs too', async () => {
  const memo = mapMemo();
  const script = [answer(good(1, BARON)), reply.cut({ items: [] }), answer(good(3, FOREST))];
  const first = await shortenWith(script, { hooks: { memo } });
  expect(first.calls).toBe(3);
  const again = await shortenWith([], { hooks: { memo } });
  expect(again).toEqual({ items: first.items, calls: 0, tokens: 0, costUsd: 0 });
});

test('after a limit in the middle the next attempt asks only what was not answered', async () => {
  const memo = mapMemo();
  const busy = reply.status(429, { headers: { 'retry-after': '7' } });
  await expect(
    shortenWith([answer(good(1, BARON), good(4, RAIN)), busy], { hooks: { memo } }),
  ).rejects.toMatchObject({ code: 'llm.busy', retryAfterSeconds: 7 });
  const found = await shortenWith([answer(good(3, FOREST))], { hooks: { memo } });
  expect(found.calls).toBe(1);
  expect(tags(asked().at(-1)?.prompt ?? '')).toEqual([3]);
  expect(found.items[2]).toMatchObject({ label: 'rewritten' });
});

test('another model, language or limit is another answer to remember', async () => {
  const memo = mapMemo();
  await shortenWith([ALL_GOOD], { hooks: { memo } });
  await shortenWith([ALL_GOOD], { hooks: { memo }, options: { model: 'openai-compatible/other' } });
  await shortenWith([ALL_GOOD], { hooks: { memo }, language: 'es' });
  await shortenWith([ALL_GOOD], { hooks: { memo }, maxWords: 9 });
  expect(asked()).toHaveLength(4);
});

test('calls are counted with their tokens and cost, the failed ones too', async () => {
  const calls: ModelCall[] = [];
  const usage = { input: 1000, output: 50 };
  const found = await shortenWith([reply.text('no json', { usage }), ALL_GOOD], {
    hooks: { onCall: (call) => calls.push(call) },
    options: { price: { input: 0.3, output: 2.5 } },
  });
  expect(found).toMatchObject({ calls: 2, tokens: 1050 + 120 });
  expect(found.costUsd).toBeCloseTo((425 + 80) / 1e6, 9);
  expect(calls.map(({ outcome }) => outcome)).toEqual(['unusable', 'answered']);
});

test.each([0, -1, 1.5, Number.NaN])(
  'a limit of %s words is refused before any call',
  async (maxWords) => {
    await expect(shortenWith([], { maxWords })).rejects.toThrow(RangeError);
    expect(asked()).toHaveLength(0);
  },
);

test('an id that occurs twice is refused', async () => {
  const sentences = [BARON, RAIN].map((text) => ({ id: 'same', text }));
  await expect(shortenWith([], { sentences })).rejects.toThrow('"same" occurs twice');
});

test.each([
  ['gemini-2.5-flash', {}, 'llm.bad_model'],
  ['google/gemini-2.5-flash', {}, 'llm.bad_key'],
])('the model "%s" with %j cannot be opened: %s', (model, options, code) => {
  expect(() => modelShortener({ model, ...options })).toThrow(expect.objectContaining({ code }));
});
