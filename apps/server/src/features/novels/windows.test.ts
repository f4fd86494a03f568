import fc from 'fast-check';
import { expect, test } from 'vitest';
import { divisionOf, windowsOf, type PageSpan } from './windows.ts';

/** Pages with so many sentences each, numbered through. */
function pagesWith(counts: readonly number[]): PageSpan[] {
  let next = 1;
  return counts.map((count, index) => {
    const first = next;
    next += count;
    return {
      number: index + 1,
      first_sentence: count === 0 ? null : first,
      last_sentence: count === 0 ? null : next - 1,
    };
  });
}

test.each([
  [1, 30, 1],
  [30, 30, 1],
  [31, 20, 3],
  [100, 20, 3],
  [101, 15, 5],
  [900, 15, 5],
])('a novel of %i pages is divided into runs of %i, %i at a time', (count, pages, parallel) => {
  expect(divisionOf(count)).toEqual({ pages, parallel });
});

test('every sentence has exactly one owner, in order, whatever pages are empty', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(4), { minLength: 1, maxLength: 150 }), (counts) => {
      const owners = windowsOf(pagesWith(counts)).flatMap(({ firstSentence, lastSentence }) =>
        Array.from({ length: lastSentence - firstSentence + 1 }, (_, i) => firstSentence + i),
      );
      const total = counts.reduce((sum, count) => sum + count, 0);
      expect(owners).toEqual(Array.from({ length: total }, (_, i) => i + 1));
    }),
  );
});

test('pages without sentences make no window', () => {
  const counts = [...Array<number>(20).fill(0), ...Array<number>(20).fill(2)];
  expect(windowsOf(pagesWith(counts))).toEqual([
    { fromPage: 21, toPage: 40, firstSentence: 1, lastSentence: 40 },
  ]);
});

test('a window of 601 pages has at most 15', () => {
  const windows = windowsOf(pagesWith(Array<number>(601).fill(17)));
  expect(windows).toHaveLength(41);
  expect(windows.at(-1)).toMatchObject({ fromPage: 601, toPage: 601, lastSentence: 601 * 17 });
});
