import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PdfLine, PdfPage, PdfParts } from '../pages.ts';
import { cleanPage } from './clean-pages.ts';
import { layoutPages } from './layout-pages.ts';
import { measure } from './measure.ts';
import { findRunningHeads } from './running-heads.ts';

const word = fc.constantFrom(
  'le',
  'Chapitre',
  'I',
  'XIV',
  '12',
  'ville.',
  '—Oui!',
  'e\u{301}t\u{e9}',
  'мир',
  'и',
  '世界',
  '😀',
  '\u{301}',
  '* * *',
  '. . . . 7',
  '\u{fffe}',
  '\u{ad}',
  'ﬁn',
  '-',
  '',
);
const text = fc
  .tuple(fc.array(word, { maxLength: 8 }), fc.constantFrom('', '', '\u{fffe}', '-'))
  .map(([words, end]) => words.join(' ') + end);
const length = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 600 }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -50, 1e9) },
);

const pdfLine = (size: fc.Arbitrary<number>): fc.Arbitrary<PdfLine> =>
  fc.record({ text, x0: length, x1: length, y: length, size, isBold: fc.boolean() });

function parts(size: fc.Arbitrary<number>): fc.Arbitrary<PdfParts> {
  return fc.array(fc.array(pdfLine(size), { maxLength: 12 }), { maxLength: 6 }).chain((pages) =>
    fc.record({
      pageCount: fc.constant(pages.length),
      metadata: fc.constant({ title: null, author: null, language: null }),
      outline: fc.array(
        fc.record({
          title: text,
          level: fc.integer({ min: 0, max: 4 }),
          page: fc.integer({ min: -1, max: 9 }),
          y: fc.option(length),
        }),
        { maxLength: 5 },
      ),
      pages: fc.constant(pages.map((lines, index) => ({ index, width: 400, height: 600, lines }))),
    }),
  );
}

/** What must survive: letters and digits; accents are left out since one may join the letter of the line before. */
function letters(texts: readonly string[]): string {
  return texts
    .join('')
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

function lettersOf(pages: readonly PdfPage[]): string {
  const cleaned = pages.map(cleanPage);
  const heads = findRunningHeads(cleaned, measure(cleaned));
  return letters(
    cleaned.flatMap(({ lines }) =>
      lines.filter((line) => !heads.has(line)).map((line) => line.text),
    ),
  );
}

describe('the layout of any lines', () => {
  test('loses no letter but those of running heads, and keeps the order of lines of one size', () => {
    fc.assert(
      fc.property(parts(fc.constant(10)), (input) => {
        expect(letters(layoutPages(input).paragraphs.map((p) => p.text))).toBe(
          lettersOf(input.pages),
        );
      }),
    );
  });

  test('loses no letter where notes and large initials change places', () => {
    const size = fc.constantFrom(7, 10, 10, 10, 14, 30, 0, NaN);
    fc.assert(
      fc.property(parts(size), (input) => {
        const found = letters(layoutPages(input).paragraphs.map((p) => p.text));
        expect(Array.from(found).sort()).toEqual(Array.from(lettersOf(input.pages)).sort());
      }),
    );
  });

  test('is sound: NFC, no marks, page marks in order and inside, chapters that exist, twice the same', () => {
    fc.assert(
      fc.property(parts(fc.constantFrom(7, 10, 10, 14)), (input) => {
        const found = layoutPages(input);
        for (const { text: paragraph, pages } of found.paragraphs) {
          expect(paragraph).toBe(paragraph.normalize('NFC'));
          expect(paragraph).not.toMatch(/[\u{ad}\u{fffe}\u{fb00}-\u{fb06}]|^$/u);
          expect(pages[0]?.offset).toBe(0);
          expect(
            pages.every(
              ({ offset, page }, i) =>
                offset <= paragraph.length &&
                page >= (pages[i - 1]?.page ?? 0) &&
                offset >= (pages[i - 1]?.offset ?? 0),
            ),
          ).toBe(true);
        }
        expect(found.chapters.every(({ paragraph }) => paragraph in found.paragraphs)).toBe(true);
        expect(layoutPages(structuredClone(input))).toEqual(found);
      }),
    );
  });
});
