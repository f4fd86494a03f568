import { setImmediate as nextTurn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { UnsupportedLanguageError } from '../description.ts';
import { offlineEngine } from './engine.ts';

const engine = offlineEngine();

const HALL = `The hall was long and low, and narrow windows of green glass stood along the old stone walls.
Above the wide hearth hung a faded tapestry, and the light of the dying fire lay red upon the black floor.`;
const CAPTAIN = `He was a tall, heavy man with a brown face, a thin grey beard and pale eyes, and he wore a torn
blue coat with a silk collar, high boots and an old black hat.`;
const TALK = `"I think you know my opinion of your plans," said the lawyer, "and I hope you will consider it."`;
const REASONING = `He thought that the question had been decided too soon, and he doubted whether any reason could
be found to explain it.`;

test('a passage that shows a room is found with its kind, its place in the text and the words that spoke for it', async () => {
  const text = [TALK, HALL, REASONING].join('\n\n');
  const { descriptions, engine: label, usage } = await engine.describe({ text, language: 'en' });
  expect(descriptions).toHaveLength(1);
  expect(descriptions[0]).toMatchObject({ kind: 'place', quote: HALL, start: text.indexOf(HALL) });
  expect(descriptions[0]?.evidence).toContain('windows');
  expect(label).toBe('offline-rules/1');
  expect(usage).toEqual({ calls: 0, inputTokens: 0, outputTokens: 0 });
});

test('a person who is looked at is a character', async () => {
  const { descriptions } = await engine.describe({ text: CAPTAIN, language: 'en' });
  expect(descriptions.map((found) => found.kind)).toEqual(['character']);
});

test('a chapter of talk and reasoning has no description', async () => {
  const text = [TALK, REASONING, TALK].join('\n\n');
  expect((await engine.describe({ text, language: 'en' })).descriptions).toEqual([]);
});

const PASSAGES = {
  fr: {
    place: `La cuisine était basse et sombre ; une longue table de chêne tenait le milieu, et au fond, près de
la fenêtre étroite, des cuivres luisaient faiblement sur le mur noirci par la fumée.`,
    character: `C'était un homme maigre et voûté, au visage ridé, à la barbe grise, vêtu d'une redingote usée,
d'un gilet jaune et de gros souliers couverts de poussière ; ses yeux étaient bleus et pâles.`,
    talk: `— Je pense que vous savez mon opinion sur cette affaire, dit le notaire, et je vous demande votre
réponse. — Vous l'aurez demain, répondit-elle.`,
  },
  ru: {
    place: `Комната была низкая и тёмная; вдоль стены стояли старые стулья, над широким столом висела тусклая
лампа, а за маленьким окном виднелись чёрные ветви сада и узкая дорога к реке.`,
    character: `Это был высокий худой старик с седой бородой, с бледным лицом и тёмными глазами, одетый в длинный
поношенный сюртук, серый жилет и стоптанные сапоги.`,
    talk: `— Я думаю, вы знаете моё мнение об этом деле, — сказал он. — Я хотел спросить вас, — отвечала она, — и
вы мне не ответили.`,
  },
  uk: {
    place: `Хата стояла край села, низенька й біла, під старою солом'яною стріхою; коло вікна цвіла вишня, а за
тином тягнувся зелений луг аж до темного лісу над річкою.`,
    character: `Він був високий худорлявий чоловік з довгими сивими вусами, з темними очима й широким чолом, у білій
вишитій сорочці, синіх шароварах і чорних чоботях.`,
    talk: `— Я думаю, ви знаєте мою думку про цю справу, — сказав він. — Я хотів вас спитати, — відповіла вона.`,
  },
} as const;

test.each(Object.entries(PASSAGES))(
  'in "%s" a place and a person are found, and talk is not',
  async (language, { place, character, talk }) => {
    const text = [talk, place, talk, character].join('\n\n');
    const { descriptions } = await engine.describe({ text, language });
    expect(descriptions.map(({ kind, quote }) => [kind, quote])).toEqual([
      ['place', place],
      ['character', character],
    ]);
  },
);

test('accents and letters composed in another way are the same words', async () => {
  const { fr, ru } = PASSAGES;
  for (const [language, text] of [
    ['fr', fr.place.normalize('NFD').replaceAll("'", '’')],
    ['ru', ru.place.normalize('NFD')],
    ['ru', ru.place.replaceAll('ё', 'е')],
  ] as const) {
    const { descriptions } = await engine.describe({ text, language });
    expect(descriptions.map((found) => found.quote)).toEqual([text]);
  }
});

test('Ukrainian is labelled best effort, the others measured', () => {
  expect(engine.languages).toEqual([
    { language: 'en', support: 'measured' },
    { language: 'fr', support: 'measured' },
    { language: 'ru', support: 'measured' },
    { language: 'uk', support: 'best-effort' },
  ]);
});

test('a description told inside a long tale is found, though a mark of speech opens its paragraph', async () => {
  const tale = `“${HALL}`;
  const { descriptions } = await engine.describe({ text: tale, language: 'en' });
  expect(descriptions.map((found) => found.quote)).toEqual([tale]);
  const spoken = `“${REASONING}” said the guide.`;
  expect((await engine.describe({ text: spoken, language: 'en' })).descriptions).toEqual([]);
});

test('a region, a script or the three-letter code of a language make no difference', async () => {
  for (const language of ['en-GB', 'EN', 'eng', 'en_US', 'en-Latn']) {
    expect((await engine.describe({ text: HALL, language })).descriptions).toHaveLength(1);
  }
});

test('a language without word lists is refused by name, with the languages there are and the remedy', async () => {
  for (const language of ['xx', 'ja-JP', '', 'not a tag']) {
    const refusal = engine.describe({ text: HALL, language });
    await expect(refusal).rejects.toThrow(UnsupportedLanguageError);
    await expect(refusal).rejects.toMatchObject({ code: 'llm.no_offline_lexicon', language });
    await expect(refusal).rejects.toThrow(`"${language}"`);
    await expect(refusal).rejects.toThrow(/en.*MODEL/u);
  }
});

test('the limit keeps the best passages and lists the others among the rejects', async () => {
  const text = [HALL, TALK, CAPTAIN].join('\n\n');
  const all = await engine.describe({ text, language: 'en' });
  expect(all.descriptions).toHaveLength(2);
  const one = await engine.describe({ text, language: 'en', maxDescriptions: 1 });
  const best = all.descriptions.toSorted((a, b) => b.confidence - a.confidence)[0];
  expect(one.descriptions).toEqual([best]);
  expect(one.rejects[0]?.reason).toBe('beyond_limit');
});

const word = fc.constantFrom(
  ...`house window white old long dark light face beard coat above said think you was lay the and of
  to Mr. Dr. J. it I 1859 naïve e\u0301 😀 sword`.split(/\s+/u),
);
const mark = fc.constantFrom(
  ' ',
  ' ',
  ' ',
  ', ',
  '. ',
  '! ',
  '… ',
  '.” ',
  ' “',
  ' — ',
  '\n',
  '\n\n',
  '',
);
const anyText = fc
  .array(fc.tuple(word, mark), { maxLength: 400 })
  .map((parts) => parts.flat().join(''));

test('whatever the text, every quote is the slice at its offsets, inside one paragraph, in order, without overlap', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyText, fc.string({ unit: 'binary' })), async (text) => {
      const { descriptions } = await engine.describe({ text, language: 'en', maxDescriptions: 50 });
      let before = 0;
      for (const { start, end, quote, confidence, evidence } of descriptions) {
        expect(text.slice(start, end)).toBe(quote);
        expect(quote).not.toContain('\n\n');
        expect(quote).toBe(quote.trim());
        expect(start).toBeGreaterThanOrEqual(before);
        expect(end).toBeGreaterThan(start);
        expect(confidence).toBeGreaterThan(0);
        expect(confidence).toBeLessThanOrEqual(1);
        expect(evidence.length).toBeLessThanOrEqual(12);
        before = end;
      }
    }),
  );
});

test('the same text gives the same answer', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      const first = await engine.describe({ text, language: 'en' });
      expect(await offlineEngine().describe({ text, language: 'en' })).toEqual(first);
    }),
    { numRuns: 30 },
  );
});

const LONG = `${HALL}\n\n${TALK}\n\n`.repeat(2500);

test('a very long chapter leaves the event loop free and reports its way to 1 without falling back', async () => {
  const fractions: number[] = [];
  let turns = 0;
  const ticks = new AbortController();
  const ticking = (async () => {
    while (!ticks.signal.aborted) {
      turns++;
      await nextTurn();
    }
  })();
  await engine.describe({ text: LONG, language: 'en' }, (fraction) => fractions.push(fraction));
  ticks.abort();
  await ticking;
  expect(turns).toBeGreaterThan(3);
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  expect(fractions.at(-1)).toBe(1);
});

test('an aborted call stops with the reason of its signal', async () => {
  const controller = new AbortController();
  const reason = new Error('the reader has left');
  const work = engine.describe({ text: LONG, language: 'en', signal: controller.signal }, () =>
    controller.abort(reason),
  );
  await expect(work).rejects.toBe(reason);
  await expect(
    engine.describe({ text: HALL, language: 'en', signal: controller.signal }),
  ).rejects.toBe(reason);
});

test('texts without stops, words or paragraphs take time in proportion to their length', async () => {
  for (const unit of ['.', 'a', ' ', '»', 'a ', '. ', '\n\n', '“', '’a', 'é\u0301']) {
    const began = performance.now();
    await engine.describe({ text: unit.repeat(300_000 / unit.length), language: 'en' });
    expect(performance.now() - began).toBeLessThan(3000);
  }
});
