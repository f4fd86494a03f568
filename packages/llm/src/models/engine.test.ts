import { reply, startModelServer, type ModelReply, type ModelServer } from '@scriptorium/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { modelEngine, type CallMemo, type DescribeInput, type ModelCall } from '../index.ts';

const HALL = 'The hall was long and low, and its windows were grey with dust.';
const CLOAK = 'He wore a green cloak, torn at the hem, and his beard was white as salt.';
const FOG = 'Fog lay on the marsh, and the bells of the sheep sounded far away in it.';
const TEXT = [
  `Nobody answered. ${HALL} Nobody answered.`,
  '“Who is there?” said the old man, and nobody answered.',
  `${CLOAK} He sat down.`,
  `It was morning. ${FOG}`,
].join('\n\n');

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
const item = (paragraph: number, quote: string, rest: object = {}) => ({
  paragraph,
  kind: 'place',
  quote,
  confidence: 0.9,
  ...rest,
});
const answer = (...items: unknown[]): ModelReply => reply.answer({ items });

const engine = (options: object = {}) =>
  modelEngine({ model: 'openai-compatible/tiny', baseUrl: server.url, ...options });

const long = (number: number) =>
  `Paragraph ${number} goes on about nothing. ${`word${number} `.repeat(45)}End of ${number}.`;

const describeWith = (
  script: Parameters<ModelServer['follow']>[0],
  input: Partial<DescribeInput> = {},
  options: object = {},
) => {
  server.follow(script);
  return engine(options).describe({ text: TEXT, language: 'en', ...input });
};

test('passages of a model come back with the offsets at which they stand', async () => {
  const fractions: number[] = [];
  server.follow([answer(item(1, HALL), item(3, CLOAK, { kind: 'character' }))]);
  const found = await engine().describe({ text: TEXT, language: 'en' }, (f) => fractions.push(f));
  expect(found.engine).toBe('openai-compatible/tiny/1');
  expect(found.descriptions).toEqual([
    {
      kind: 'place',
      quote: HALL,
      start: TEXT.indexOf(HALL),
      end: TEXT.indexOf(HALL) + HALL.length,
      confidence: 0.9,
      evidence: [],
    },
    {
      kind: 'character',
      quote: CLOAK,
      start: TEXT.indexOf(CLOAK),
      end: TEXT.indexOf(CLOAK) + CLOAK.length,
      confidence: 0.9,
      evidence: [],
    },
  ]);
  expect(found.usage).toMatchObject({ calls: 1, inputTokens: 100, outputTokens: 20 });
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  expect(fractions.at(-1)).toBe(1);
});

test('the model reads numbered paragraphs, and is told the form twice: as a schema and in words', async () => {
  await describeWith([answer()]);
  const [request] = asked();
  expect(request?.model).toBe('tiny');
  expect(request?.prompt).toContain(`[p3] ${CLOAK}`);
  expect(request?.instructions).toContain('"paragraph"');
  expect(request?.body).toMatchObject({
    response_format: {
      type: 'json_schema',
      json_schema: { schema: { properties: { items: { type: 'array' } } } },
    },
  });
});

test.each([
  ['fr-FR', {}, 'Tu lis un chapitre'],
  ['ru', {}, 'Ты читаешь главу'],
  ['uk', {}, 'Ти читаєш розділ'],
  ['de', {}, 'a chapter of a book in German'],
  ['und', {}, 'a chapter of a book in its own language'],
  ['fr', { promptLanguage: 'en' }, 'a chapter of a book in French'],
])('a book in %s with the options %j is asked about with: %s', async (language, options, words) => {
  await describeWith([answer()], { language }, options);
  expect(asked()[0]?.instructions).toContain(words);
});

test('an invented quote, one in another language and one from the example are rejected by their reasons', async () => {
  const found = await describeWith([
    answer(
      item(1, 'A dragon slept under the golden stairs of the tower.'),
      item(1, 'La salle était longue et basse, et ses fenêtres grises de poussière.'),
      item(9002, 'The kitchen was low and dark; copper pans hung in rows above the hearth'),
    ),
  ]);
  expect(found.descriptions).toEqual([]);
  expect(found.rejects.map(({ reason }) => reason).sort()).toEqual([
    'from_example',
    'not_in_text',
    'not_in_text',
  ]);
});

test('an altered quote becomes the words of the book, an elided one the passage it spans', async () => {
  const found = await describeWith([
    answer(
      item(1, 'the hall was very long and low, and the windows were grey with dust'),
      item(3, 'He wore a green cloak … his beard was white as salt.'),
    ),
  ]);
  expect(found.descriptions.map(({ quote }) => quote)).toEqual([HALL.slice(0, -1), CLOAK]);
  expect(found.descriptions[0]?.confidence).toBeLessThan(0.9);
});

test('a quote elided across paragraphs has no place', async () => {
  const found = await describeWith([
    answer(item(1, 'The hall was long and low … his beard was white as salt')),
  ]);
  expect(found.rejects).toMatchObject([{ reason: 'elided_too_far' }]);
});

test('a quote that goes on in the next paragraph is cut at the end of the one that holds more of it', async () => {
  const found = await describeWith([answer(item(3, `${CLOAK} He sat down.\n\nIt was morning.`))]);
  expect(found.descriptions).toMatchObject([{ quote: `${CLOAK} He sat down.` }]);
});

test('a wrong number of a paragraph, a "[p1]" or none does not lose the quote', async () => {
  const found = await describeWith([
    answer(
      item(2, HALL),
      { kind: 'Character', quote: CLOAK },
      { ...item(0, FOG), paragraph: '[p4]' },
    ),
  ]);
  expect(found.descriptions.map(({ quote }) => quote)).toEqual([HALL, CLOAK, FOG]);
});

test('a quote that stands word for word elsewhere is not forced into the paragraph the model names', async () => {
  const text = `${HALL.replace('grey', 'white')}\n\nHe came back. ${HALL}`;
  const found = await describeWith([answer(item(1, HALL))], { text });
  expect(found.descriptions).toMatchObject([{ quote: HALL, confidence: 0.9 }]);
});

test('a quote of which no paragraph is named has the first place, and one with a wrong number the next', async () => {
  const text = `${FOG}\n\nHe came back.\n\n${FOG}`;
  const none = await describeWith([answer({ kind: 'place', quote: FOG })], { text });
  expect(none.descriptions).toMatchObject([{ start: 0 }]);
  const wrong = await describeWith([answer(item(2, FOG))], { text });
  expect(wrong.descriptions).toMatchObject([{ start: text.lastIndexOf(FOG) }]);
});

test('an answer that runs wild is neither grounded in full nor kept in full', async () => {
  const text = Array.from({ length: 40 }, (_, index) => `${long(index + 1)} ${HALL}`).join('\n\n');
  const wild = Array.from({ length: 1000 }, () => item(1, text.slice(10, 3000)));
  const found = await describeWith([answer(...wild)], { text });
  expect(new Set(found.rejects.map(({ reason }) => reason))).toEqual(new Set(['too_long']));
  expect(JSON.stringify(found.rejects).length).toBeLessThan(50_000);
});

test('a quote that repeats takes its two places, and no third', async () => {
  const found = await describeWith([
    answer(item(1, 'Nobody answered.'), item(1, 'Nobody answered.'), item(1, 'Nobody answered.')),
  ]);
  expect(found.descriptions.map(({ start }) => start)).toEqual([
    0,
    TEXT.indexOf('Nobody answered.', 5),
  ]);
  expect(found.rejects).toMatchObject([{ reason: 'overlap', quote: 'Nobody answered.' }]);
});

test('of overlapping passages the surer one stays, whatever the order of the answer', async () => {
  const sure = item(3, CLOAK, { confidence: 0.95 });
  const less = item(3, `${CLOAK} He sat down.`, { confidence: 0.8 });
  for (const items of [
    [sure, less],
    [less, sure],
  ]) {
    const found = await describeWith([answer(...items)]);
    expect(found.descriptions).toMatchObject([{ quote: CLOAK }]);
    expect(found.rejects).toMatchObject([{ reason: 'overlap', score: 0.8 }]);
  }
});

test('doubtful, short and nameless items are rejected, and those beyond the limit', async () => {
  const found = await describeWith(
    [
      answer(
        item(1, HALL, { confidence: 0.1 }),
        item(3, 'He sat'),
        item(3, CLOAK, { kind: 'weather forecast' }),
        { paragraph: 1 },
        item(4, FOG, { confidence: '95' }),
        item(4, 'It was morning.'),
      ),
    ],
    { maxDescriptions: 1 },
  );
  expect(found.descriptions).toMatchObject([{ quote: FOG, confidence: 0.95 }]);
  expect(found.rejects.map(({ reason }) => reason)).toEqual([
    'too_short',
    'malformed',
    'beyond_limit',
    'below_threshold',
    'malformed',
  ]);
});

test('an answer in a code fence is read', async () => {
  const fenced = `\`\`\`json\n${JSON.stringify({ items: [item(1, HALL)] })}\n\`\`\``;
  const found = await describeWith([reply.text(fenced)]);
  expect(found.descriptions).toHaveLength(1);
});

test('a chapter without words, or of which nothing is wanted, costs no call', async () => {
  expect((await describeWith([], { text: ' \n\n ' })).usage.calls).toBe(0);
  expect((await describeWith([], { maxDescriptions: 0 })).descriptions).toEqual([]);
  expect(asked()).toHaveLength(0);
});

test('only paragraphs without a passage are read a second time, once, and only long ones', async () => {
  const text = [`${HALL} ${long(1)}`, long(2), 'A short one.', `${long(4)} ${FOG}`].join('\n\n');
  const found = await describeWith([answer(item(1, HALL)), answer(item(4, FOG))], { text });
  expect(found.descriptions.map(({ quote }) => quote)).toEqual([HALL, FOG]);
  expect(asked()).toHaveLength(2);
  const second = asked()[1]?.prompt ?? '';
  expect(second.match(/\[p\d+\]/gu)).toEqual(['[p2]', '[p4]']);
  expect(second).toContain('At a first reading nothing was found');
});

test('a second reading that cannot be read, or is refused, leaves what the first one found', async () => {
  const text = `${HALL}\n\n${long(2)}`;
  const cut = await describeWith([answer(item(1, HALL)), reply.cut({}), reply.text('no')], {
    text,
  });
  expect(cut.descriptions).toHaveLength(1);
  expect(cut.rejects).toMatchObject([{ reason: 'bad_answer' }]);
  const refused = await describeWith([answer(item(1, HALL)), reply.filtered()], { text });
  expect(refused.rejects).toMatchObject([{ reason: 'refused' }]);
});

test('a long chapter is read in windows of whole paragraphs, each of them once', async () => {
  const text = Array.from({ length: 200 }, (_, index) => long(index + 1)).join('\n\n');
  await describeWith(() => answer(), { text });
  expect(asked().map(({ prompt }) => prompt.match(/\[p\d+\]/gu)?.length)).toEqual([67, 66, 67]);
  const paragraphs = asked().flatMap(({ prompt }) => prompt.split('\n\n'));
  expect(paragraphs.map((one) => one.replace(/^\[p\d+\] /u, '')).join('\n\n')).toBe(text);
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

test('a remembered run calls nothing and finds the same, after a cut answer and a second reading, too', async () => {
  const text = [`${HALL} ${long(1)}`, long(2), `${long(3)} ${FOG}`].join('\n\n');
  const script = [
    reply.cut({ items: [item(1, HALL)] }),
    answer(item(1, HALL)),
    answer(),
    answer(item(3, FOG)),
  ];
  const memo = mapMemo();
  const first = await describeWith(script, { text, memo });
  expect(asked()).toHaveLength(4);
  const again = await describeWith([], { text, memo });
  expect(asked()).toHaveLength(4);
  expect(again.descriptions).toEqual(first.descriptions);
  expect(again.usage).toEqual({
    calls: 0,
    inputTokens: 0,
    outputTokens: 0,
    costMicros: 0,
    spent: [],
  });
});

test('a paragraph that is asked about once more is not answered from memory', async () => {
  const memo = mapMemo();
  const script = [reply.text('no json'), reply.status(429), answer(item(1, HALL))];
  await expect(describeWith(script, { text: HALL, memo })).rejects.toThrow('limit');
  const found = await describeWith(script.slice(2), { text: HALL, memo });
  expect(found.descriptions).toHaveLength(1);
  expect(asked()).toHaveLength(3);
});

test('after a limit in the middle of a chapter the next attempt goes on where it stopped', async () => {
  const text = Array.from({ length: 200 }, (_, index) => long(index + 1)).join('\n\n');
  const memo = mapMemo();
  await expect(describeWith([answer(), reply.status(429)], { text, memo })).rejects.toMatchObject({
    code: 'llm.busy',
  });
  const found = await describeWith([answer(), answer()], { text, memo });
  expect(found.usage.calls).toBe(2);
});

test('another model, language or text is another answer to remember', async () => {
  const memo = mapMemo();
  await describeWith([answer()], { memo });
  await describeWith([answer()], { memo }, { model: 'openai-compatible/other' });
  await describeWith([answer()], { memo, language: 'fr' });
  await describeWith([answer()], { memo, text: `${TEXT}!` });
  expect(asked()).toHaveLength(4);
});

test('what PostgreSQL cannot store does not get into a memo', async () => {
  const stored = new Map<string, string>();
  const quote = 'not in the book\u0000 \ud83d at all';
  await describeWith([answer(item(1, quote))], { memo: mapMemo(stored) });
  expect([...stored.values()].join('')).toContain('not in the book \ufffd at all');
});

test('calls are counted with their tokens, the failed ones too, and reported as they end', async () => {
  const calls: ModelCall[] = [];
  const usage = { input: 1000, output: 50 };
  const found = await describeWith(
    [reply.cut({ items: [] }, { usage }), answer(), answer()],
    { onCall: (call) => calls.push(call) },
    { price: { input: 0.3, output: 2.5 } },
  );
  expect(found.usage).toMatchObject({ calls: 3, inputTokens: 1200, outputTokens: 90 });
  expect(found.usage.costMicros).toBe(425 + 80 + 80);
  expect(calls.map(({ outcome }) => outcome)).toEqual(['unusable', 'answered', 'answered']);
  expect(calls).toEqual(found.usage.spent);
});

test('a cost that is not known is null, and 0 only for a model that is said to be free', async () => {
  const unknown = await describeWith([answer()]);
  expect(unknown.usage.costMicros).toBeNull();
  const silent = reply.answer({ items: [] }, { usage: null });
  const untold = await describeWith([silent], {}, { price: { input: 1, output: 1 } });
  expect(untold.usage.costMicros).toBeNull();
  const free = await describeWith([silent], {}, { price: { input: 0, output: 0 } });
  expect(free.usage.costMicros).toBe(0);
});
