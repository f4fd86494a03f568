import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { segmentationQuality } from './languages.ts';
import { segmentSentences } from './segment.ts';

interface Passage {
  readonly lang: string;
  readonly sentences: readonly string[];
}

const isPassage = (value: unknown): value is Passage =>
  typeof value === 'object' && value !== null && 'lang' in value && 'sentences' in value;

const readPassages = (file: string): Passage[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
    .filter(isPassage);

/** Ends of sentences counted in characters that are no white space, without the end of the passage. */
function ends(sentences: readonly string[]): number[] {
  let length = 0;
  return sentences.map((sentence) => (length += sentence.replace(/\s/gu, '').length)).slice(0, -1);
}

/** Passages entirely right, and F1 of the boundaries inside them. */
function score(passages: readonly Passage[], language: string) {
  const counts = { total: 0, right: 0, hits: 0, extra: 0, missed: 0 };
  for (const { sentences } of passages.filter(({ lang }) => lang === language)) {
    const found = ends(segmentSentences(sentences.join(' '), language).map(({ text }) => text));
    const expected = ends(sentences);
    const hits = found.filter((end) => expected.includes(end)).length;
    counts.total++;
    counts.hits += hits;
    counts.extra += found.length - hits;
    counts.missed += expected.length - hits;
    if (hits === found.length && hits === expected.length) counts.right++;
  }
  const { total, right, hits, extra, missed } = counts;
  return { total, right, f1: (2 * hits) / (2 * hits + extra + missed) };
}

describe('hard cases of this project', () => {
  const passages = readPassages(join(import.meta.dirname, 'hard-cases.jsonl'));

  // One person wrote the passages and the rules: a figure to hold, not one to expect of other texts.
  test.each([
    ['fr', 44, 44],
    ['en', 44, 43],
    ['ru', 44, 44],
    ['uk', 4, 4],
    ['de', 4, 4],
    ['es', 3, 3],
    ['it', 3, 3],
  ])('%s: of %i passages, %i or more are cut right', (language, total, right) => {
    const result = score(passages, language);
    expect(result.total).toBe(total);
    expect(result.right).toBeGreaterThanOrEqual(right);
    expect(result.f1).toBeGreaterThan(0.98);
  });
});

const SHARED = join(
  process.env['SCRIPTORIUM_CORPUS'] ?? join(import.meta.dirname, '../../../../../shared/corpus'),
  '../testdata/segmentation.jsonl',
);
const isAbsent = !existsSync(SHARED);
if (isAbsent) process.stderr.write(`Skipped: no passages at ${SHARED}\n`);

describe.skipIf(isAbsent)('passages beside the corpus', () => {
  test.each([
    ['fr', 23],
    ['en', 18],
    ['ru', 19],
  ])('%s: all %i are cut right', (language, total) => {
    expect(score(readPassages(SHARED), language)).toEqual({ total, right: total, f1: 1 });
  });
});

test('a line break always cuts, an empty paragraph has no sentence', () => {
  expect(segmentSentences('un vers\nun autre vers\n', 'fr').map(({ text }) => text)).toEqual([
    'un vers',
    'un autre vers',
  ]);
  expect(segmentSentences('', 'fr')).toEqual([]);
  expect(segmentSentences(' \n\t ', 'fr')).toEqual([]);
});

test('a long quotation is cut inside', () => {
  const first = `“I went to the mill, as I did every evening when the weather was good and nobody asked for me.`;
  const second = 'There I saw it.”';
  expect(segmentSentences(`${first} ${second}`, 'en').map(({ text }) => text)).toEqual([
    first,
    second,
  ]);
});

test('any tag is a language, and says what it is worth', () => {
  expect(segmentSentences('M. Roy. Il dort.', 'fr-CA')).toHaveLength(2);
  expect(segmentSentences('吾輩は猫である。名前はまだ無い。', 'ja')).toHaveLength(2);
  expect(segmentSentences('One. Two.', 'no such tag')).toHaveLength(2);
  expect(segmentationQuality('en_GB')).toBe('measured');
  expect(segmentationQuality('de')).toBe('best effort');
  expect(segmentationQuality('ja')).toBe('best effort');
});

const PIECES =
  `M. Mme Dr. et il Il elle — - -- « » “ ” " ' ’ ( ) [ ] . ! ? … ... , ; : 12 XIV p. т. д. г. Он сказал
  said He “No!” «Да!» e.g. J. \u00a0 \u202f \n`.split(/(?<!^) +/u);
const paragraphs = fc
  .array(fc.tuple(fc.constantFrom(...PIECES), fc.constantFrom('', ' ', '  ', '\u00a0')))
  .map((parts) => parts.map(([piece, space]) => `${piece}${space}`).join(''));
const languages = fc.constantFrom('fr', 'en', 'ru', 'uk', 'de', 'es', 'it', 'ja');

test('sentences cover the text in order, with white space only between them', () => {
  fc.assert(
    fc.property(
      fc.oneof(paragraphs, fc.string({ unit: 'grapheme' })),
      languages,
      (text, language) => {
        let reached = 0;
        for (const sentence of segmentSentences(text, language)) {
          expect(text.slice(sentence.start, sentence.end)).toBe(sentence.text);
          expect(sentence.text).not.toBe('');
          expect(sentence.text.trim()).toBe(sentence.text);
          expect(text.slice(reached, sentence.start).trim()).toBe('');
          expect(sentence.start).toBeGreaterThanOrEqual(reached);
          reached = sentence.end;
        }
        expect(text.slice(reached).trim()).toBe('');
        expect(segmentSentences(text, language)).toEqual(segmentSentences(text, language));
      },
    ),
  );
});

const HOSTILE = ['.', '…', '"', '« ', '“', '— ', '. ', '\n', ' ', '(', '. "', 'M. '];

// Some 1 s of processor time on an idle machine. Rules that are quadratic take hours.
test.each(HOSTILE)(
  'a megabyte of %j is read in linear time',
  (piece) => {
    const text = `Il vint. ${piece.repeat(1_000_000 / piece.length)} Elle partit.`;
    const before = process.cpuUsage();
    segmentSentences(text, 'fr');
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(30);
  },
  60_000,
);
