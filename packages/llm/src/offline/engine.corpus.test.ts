/** What the rules make of real books: treatises have no descriptions, novels have, and both are read fast. */

import { beforeEach, expect, test } from 'vitest';
import { CORPUS_IS_ABSENT, hasCorpus, readBook, readChapterOpenings } from '../testing/corpus.ts';
import { offlineEngine } from './engine.ts';

const engine = offlineEngine();
beforeEach((context) => context.skip(!hasCorpus, CORPUS_IS_ABSENT));

const describedShare = async (text: string, language: string): Promise<number> => {
  const { descriptions } = await engine.describe({ text, language, maxDescriptions: 100_000 });
  return descriptions.reduce((sum, { start, end }) => sum + end - start, 0) / text.length;
};

test('books of argument are not described, novels are', async () => {
  expect(await describedShare(readChapterOpenings('the-prince'), 'en')).toBe(0);
  expect(await describedShare(readChapterOpenings('vindication'), 'en')).toBe(0);
  expect(await describedShare(readChapterOpenings('war-of-the-worlds'), 'en')).toBeGreaterThan(
    0.03,
  );
});

const NOVELS = [
  ['fr', 'txt/germinal.iso-8859-1.txt', 'iso-8859-1'],
  ['fr', 'txt/une-vie.utf-8.txt', 'utf-8'],
  ['ru', 'txt/otcy-i-deti.utf-8.txt', 'utf-8'],
] as const;

test.each(NOVELS)(
  'a novel (%s, %s) is read at 1 MB/s or more',
  async (language, file, encoding) => {
    const text = readBook(file, encoding);
    const before = process.cpuUsage();
    const share = await describedShare(text, language);
    const { user, system } = process.cpuUsage(before);
    expect(share).toBeGreaterThan(0.03);
    expect(share).toBeLessThan(0.25);
    const megabytes = Buffer.byteLength(text) / 1e6;
    expect(megabytes / ((user + system) / 1e6)).toBeGreaterThan(1);
  },
);
