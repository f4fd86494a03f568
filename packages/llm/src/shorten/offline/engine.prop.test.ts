/** What holds for every sentence, sense or nonsense: nothing lost, nothing invented, no limit broken in silence. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countWords } from '../count-words.ts';
import { offlineShortener } from './engine.ts';

const VOCABULARY = {
  fr: `il elle ils on la le les une un des femme maison soldats Pierre Jeanne était avait marchait regardait prit
    sortit entra , , , ; : et mais car puis qui que où quand si en marchant tenant, ne se lui jamais lentement vieux
    petite rue porte dit-il « » — ( ) l'homme s'arrêta qu'il n'était cependant alors des chevaux couraient dormaient`,
  en: `he she they it the a house old and but so for ; , , was had went saw walked looked never that which who when if
    “ ” — slowly door road said while his her`,
  ru: `он она они дом старый и но а ; , , был пошла сказал смотрели закрыл не что который когда если « » — медленно
    дверь дорогу тихо`,
  de: `er sie das Haus ; , und aber ging sah`,
} as const;

type Language = keyof typeof VOCABULARY;
const LANGUAGES: readonly Language[] = ['fr', 'en', 'ru', 'de'];

const texts = (language: Language) =>
  fc
    .array(fc.constantFrom(...VOCABULARY[language].split(/\s+/u)), { minLength: 1, maxLength: 60 })
    .map((parts) => `${parts.join(' ').replace(/ (?=[,;:])/gu, '')}.`);

const requests = fc
  .constantFrom(...LANGUAGES)
  .chain((language) =>
    fc.record({
      language: fc.constant(language),
      maxWords: fc.integer({ min: 1, max: 25 }),
      texts: fc.array(texts(language), { maxLength: 4 }),
    }),
  )
  .map(({ language, maxWords, texts: all }) => ({
    language,
    maxWords,
    before: [],
    after: [],
    sentences: all.map((text, index) => ({ id: `${index}`, text })),
  }));

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** The only words a cut may drop, and, in French, the only ones it may add beside words of the sentence itself. */
const DROPPED = new Set(['et', 'and', 'и', 'qui', 'où', 'en']);
const ADDED = new Set(['il', 'elle', 'ils', 'elles', 'on', 'ce', 'cet', 'cette', 'ces', 'là']);
const imperfect = (word: string): string[] =>
  word.endsWith('ant') ? [`${word.slice(0, -3)}ait`, `${word.slice(0, -3)}aient`] : [];

function expectSameWords(source: string, output: readonly string[]): void {
  const from = words(source);
  const to = words(output.join(' '));
  const known = new Set(from);
  let at = 0;
  for (const word of from) {
    const forms = [word, ...imperfect(word)];
    let next = at;
    while (next < to.length && !forms.includes(to[next] ?? '')) next++;
    // What was skipped on the way was added.
    const added = to.slice(at, next);
    const isFound = next < to.length && added.every((one) => ADDED.has(one) || known.has(one));
    if (isFound && (!DROPPED.has(word) || added.length === 0)) at = next + 1;
    else
      expect(DROPPED, `"${word}" of "${source}" got lost in "${output.join(' | ')}"`).toContain(
        word,
      );
  }
  for (const word of to) {
    const isKnown = known.has(word) || ADDED.has(word) || from.flatMap(imperfect).includes(word);
    expect(isKnown, `"${word}" was invented in "${output.join(' | ')}"`).toBe(true);
  }
}

test('ids keep their order, labels tell the truth, no word is lost or invented', async () => {
  const shortener = offlineShortener();
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      const { maxWords } = request;
      const { items } = await shortener.shorten(request, {});
      expect(items.map(({ id }) => id)).toEqual(request.sentences.map(({ id }) => id));
      for (const [index, { label, sentences, groups, rules }] of items.entries()) {
        const source = request.sentences[index]?.text ?? '';
        const isWithin = sentences.every((sentence) => countWords(sentence) <= maxWords);
        expect(isWithin).toBe(label !== 'over_limit');
        expect(rules !== undefined && rules.length > 0).toBe(sentences.length > 1);
        if (label === 'split') expect(countWords(source)).toBeGreaterThan(maxWords);
        if (label !== 'over_limit') expect(groups).toBeUndefined();
        else {
          expect(groups?.every((group) => countWords(group) <= maxWords)).toBe(true);
          expect(groups?.join(' ').replace(/\s+/gu, ' ')).toBe(
            sentences.join(' ').replace(/\s+/gu, ' '),
          );
        }
        if (sentences.length === 1) expect(sentences).toEqual([source]);
        expectSameWords(source, sentences);
      }
      expect(await shortener.shorten(request, {})).toEqual({
        items,
        calls: 0,
        tokens: 0,
        costUsd: 0,
      });
    }),
    { numRuns: 400 },
  );
});
