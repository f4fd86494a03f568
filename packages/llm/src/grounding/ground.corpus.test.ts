/** Grounding on real books: places drawn at random, quoted with the faults that models make. */

import { choices } from '@scriptorium/testkit';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CORPUS_IS_ABSENT, hasCorpus, readBook, readChapterOpenings } from '../testing/corpus.ts';
import { ground } from './ground.ts';

const CHAPTER_LENGTH = 40_000;
const SPANS = 60;

interface Span {
  readonly start: number;
  readonly end: number;
  readonly quote: string;
}

function drawSpans(text: string, random: () => number): Span[] {
  const words = [...text.matchAll(/\S+/gu)];
  const spans: Span[] = [];
  while (spans.length < SPANS) {
    const length = 10 + Math.floor(random() * 26);
    const first = Math.floor(random() * (words.length - length));
    const last = words[first + length - 1]!;
    const start = words[first]!.index;
    const end = last.index + last[0].length;
    const quote = text.slice(start, end);
    if (!quote.includes('\n\n')) spans.push({ start, end, quote });
  }
  return spans;
}

type Corruption = (words: string[], random: () => number) => string;

/** A word that is neither the first nor the last: without its ends, a quote has no right place. */
const inner = (words: string[], random: () => number): number =>
  1 + Math.floor(random() * (words.length - 2));

const verbatim: Corruption = (words) => words.join(' ');

const typography: Corruption = (words) => {
  const quote = words
    .join(' ')
    .replace(/['’]/gu, '‘')
    .replace(/[“”"«»]/gu, '„');
  return `« ${quote.replace(/[–—-]/gu, '−').replaceAll('...', '…')} »`;
};

const caseAndLines: Corruption = (words) =>
  words.map((word, index) => word.toUpperCase() + (index % 3 === 0 ? '\n  ' : ' ')).join('');

const dropOne: Corruption = (words, random) => words.toSpliced(inner(words, random), 1).join(' ');

const replaceTwo: Corruption = (words, random) => {
  const changed = words.with(inner(words, random), 'quaggy');
  return changed.with(inner(words, random), 'zibeline').join(' ');
};

const elide: Corruption = (words) => [...words.slice(0, 4), '...', ...words.slice(-4)].join(' ');

const scramble: Corruption = (words, random) => {
  const shuffled = [...words];
  for (let index = shuffled.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [shuffled[index], shuffled[other]] = [shuffled[other]!, shuffled[index]!];
  }
  return shuffled.join(' ');
};

/** Within two characters, punctuation around the words left aside. */
function isAt(text: string, span: Span, start: number, end: number): boolean {
  const bare = /^[^\p{L}\p{N}]*(.*?)[^\p{L}\p{N}]*$/su;
  const bounds = (from: number, to: number): [number, number] => {
    const slice = text.slice(from, to);
    const core = bare.exec(slice)?.[1] ?? slice;
    const first = from + slice.indexOf(core);
    return [first, first + core.length];
  };
  const [wantedStart, wantedEnd] = bounds(span.start, span.end);
  const [foundStart, foundEnd] = bounds(start, end);
  return Math.abs(wantedStart - foundStart) <= 2 && Math.abs(wantedEnd - foundEnd) <= 2;
}

/** How many of the 60 spans were put in their place, and how many in another one. */
function measure(text: string, corrupt: Corruption, seed: number) {
  const { below } = choices(seed);
  const random = () => below(2 ** 32) / 2 ** 32;
  let right = 0;
  let wrong = 0;
  let refused = 0;
  for (const span of drawSpans(text, random)) {
    const [found] = ground(text, [corrupt(span.quote.split(/\s+/u), random)]);
    if (found?.start === undefined || found.start === null) refused++;
    else if (isAt(text, span, found.start, found.end)) right++;
    else wrong++;
  }
  return { right, wrong, refused };
}

const chapterOf = (book: string): string => {
  const start = book.indexOf('\n\n', Math.floor(book.length / 3)) + 2;
  return book.slice(start, book.indexOf('\n\n', start + CHAPTER_LENGTH));
};

const TEXTS = [
  ['en', () => readChapterOpenings('great-expectations')],
  ['fr', () => readBook('txt/une-vie.utf-8.txt', 'utf-8')],
  ['ru', () => readBook('txt/mertvye-dushi.windows-1251.txt', 'windows-1251')],
] as const;

describe.each(TEXTS)('60 quotes from a book (%s)', (_language, read) => {
  let chapter = '';
  beforeAll(() => {
    if (hasCorpus) chapter = chapterOf(read());
  });
  beforeEach((context) => context.skip(!hasCorpus, CORPUS_IS_ABSENT));

  const rows: [string, Corruption, number][] = [
    ['as they stand', verbatim, 60],
    ['with other typography', typography, 60],
    ['in capitals over several lines', caseAndLines, 60],
    ['without one word', dropOne, 59],
    ['with two words replaced', replaceTwo, 58],
    ['elided to the first and last four words', elide, 60],
  ];
  test.each(rows)('%s are put in their place', { timeout: 60_000 }, (_name, corrupt, least) => {
    const { right, wrong } = measure(chapter, corrupt, 20_261_122);
    expect(right).toBeGreaterThanOrEqual(least);
    expect(wrong).toBeLessThanOrEqual(SPANS - least);
  });

  test('with their words scrambled are refused', () => {
    const { refused } = measure(chapter, scramble, 20_261_122);
    expect(refused).toBe(SPANS);
  });
});
