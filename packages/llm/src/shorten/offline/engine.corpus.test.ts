/** What the rules make of whole novels; the table in `french-cuts.ts` was measured alike. */

import { beforeEach, expect, test } from 'vitest';
import { segmentSentences } from '../../sentences/segment.ts';
import { CORPUS_IS_ABSENT, hasCorpus, readBook } from '../../testing/corpus.ts';
import { countWords } from '../count-words.ts';
import { offlineShortener } from './engine.ts';

beforeEach((context) => context.skip(!hasCorpus, CORPUS_IS_ABSENT));

async function shortenBook(file: string, language: string, maxWords: number) {
  const text = readBook(file, 'utf-8');
  const sentences = text
    .split('\n\n')
    .flatMap((paragraph) => segmentSentences(paragraph, language))
    .map((sentence, index) => ({ id: `${index}`, text: sentence.text }));
  const request = { language, maxWords, before: [], after: [], sentences };
  const { items } = await offlineShortener(language).shorten(request, {});
  expect(items.map(({ id }) => id)).toEqual(sentences.map(({ id }) => id));
  const isLong = (index: number) => countWords(sentences[index]?.text ?? '') > maxWords;
  const long = items.filter((_, index) => isLong(index));
  return { items, long, bytes: Buffer.byteLength(text) };
}

test('at 12 words, a twelfth or more of the long sentences of a French novel comes within', async () => {
  const before = process.cpuUsage();
  const { items, long, bytes } = await shortenBook('txt/une-vie.utf-8.txt', 'fr', 12);
  const { user } = process.cpuUsage(before);
  const split = long.filter(({ label }) => label === 'split');
  expect(split.length / long.length).toBeGreaterThan(0.083);
  const changed = long.filter(({ rules }) => rules !== undefined);
  expect(changed.length / long.length).toBeGreaterThan(0.25);
  const groups = items.flatMap((item) => item.groups ?? []);
  expect(groups.length).toBeGreaterThan(long.length);
  expect(Math.max(...groups.map(countWords))).toBeLessThanOrEqual(12);
  // Half a megabyte a second on an idle machine, the loading of the lexicon included.
  expect(bytes / user).toBeGreaterThan(0.05);
});

test('a Russian novel is cut rarely, and at full clauses', async () => {
  const { long } = await shortenBook('txt/otcy-i-deti.utf-8.txt', 'ru', 12);
  const changed = long.filter(({ rules }) => rules !== undefined);
  expect(changed.length).toBeGreaterThan(30);
  expect(changed.length / long.length).toBeLessThan(0.1);
});
