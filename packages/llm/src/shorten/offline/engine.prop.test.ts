/** What holds for every sentence, sense or nonsense: nothing lost, nothing invented, no limit broken in silence. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countWords } from '../count-words.ts';
import type { ShortenedSentence } from '../types.ts';
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

/** What is wrong with the words of an output. */
function wordProblems(source: string, output: readonly string[]): string[] {
  const from = words(source);
  const to = words(output.join(' '));
  const known = new Set([...from, ...from.flatMap(imperfect), ...ADDED]);
  const problems = to.filter((word) => !known.has(word)).map((word) => `invented: ${word}`);
  let at = 0;
  for (const word of from) {
    const forms = new Set([word, ...imperfect(word)]);
    let next = at;
    while (next < to.length && !forms.has(to[next] ?? '')) next++;
    // What may be dropped is looked for at the next place alone, lest it be taken for a later one.
    const isFound = next < to.length && (!DROPPED.has(word) || next === at);
    if (isFound) at = next + 1;
    else if (!DROPPED.has(word)) problems.push(`lost: ${word}`);
  }
  return problems;
}

function problemsOf(item: ShortenedSentence, source: string, maxWords: number): string[] {
  const { label, sentences, groups, rules } = item;
  const isWithin = (text: string) => countWords(text) <= maxWords;
  const plain = (texts: readonly string[]) => texts.join(' ').replace(/\s+/gu, ' ');
  const isOver = label === 'over_limit';
  const checks: readonly [string, boolean][] = [
    ['over_limit and nothing else is over the limit', sentences.every(isWithin) !== isOver],
    ['rules are named where sentences were cut', (rules !== undefined) === sentences.length > 1],
    ['split was over the limit', label !== 'split' || !isWithin(source)],
    ['over_limit has groups, others have none', (groups !== undefined) === isOver],
    ['groups are within the limit', groups === undefined || groups.every(isWithin)],
    ['groups are the sentences', groups === undefined || plain(groups) === plain(sentences)],
    ['what was not cut is as it was', sentences.length > 1 || sentences[0] === source],
  ];
  const broken = checks.filter(([, holds]) => !holds).map(([promise]) => `broken: ${promise}`);
  return [...broken, ...wordProblems(source, sentences)];
}

test('ids keep their order, labels tell the truth, no word is lost or invented', async () => {
  const shortener = offlineShortener();
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      const { items } = await shortener.shorten(request, {});
      expect(items.map(({ id }) => id)).toEqual(request.sentences.map(({ id }) => id));
      const problems = items.flatMap((item, index) =>
        problemsOf(item, request.sentences[index]?.text ?? '', request.maxWords),
      );
      expect(problems).toEqual([]);
      const again = await shortener.shorten(request, {});
      expect(again).toEqual({ items, calls: 0, tokens: 0, costUsd: 0 });
    }),
    { numRuns: 400 },
  );
});
