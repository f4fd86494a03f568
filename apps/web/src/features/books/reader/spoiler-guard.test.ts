import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChapterFindings } from './export-descriptions.ts';
import { withoutSpoilers } from './spoiler-guard.ts';

const stretch = fc
  .tuple(fc.nat(1000), fc.integer({ min: 1, max: 200 }))
  .map(([start, length]) => ({ start, end: start + length }));
const book = fc
  .array(fc.array(stretch, { maxLength: 4 }), { minLength: 1, maxLength: 8 })
  .map((chapters) =>
    chapters.map((stretches, i): ChapterFindings => ({
      number: i + 1,
      title: `Chapter ${i + 1}`,
      engine: null,
      descriptions: stretches.map(({ start, end }, j) => ({
        id: 100 * i + j + 1,
        kind: 'place',
        quote: 'x',
        start,
        end,
        confidence: 1,
        engine: 'x',
      })),
    })),
  );
const position = fc.record({ chapter: fc.integer({ min: 1, max: 8 }), offset: fc.nat(1300) });
const summaries = (chapters: readonly ChapterFindings[]) =>
  chapters.map(({ number, descriptions }) => ({ number, descriptions_found: descriptions.length }));

describe('the spoiler guard', () => {
  it('shows exactly what ends before the reader, and asks for no chapter behind', () => {
    fc.assert(
      fc.property(book, position, (chapters, here) => {
        const guarded = withoutSpoilers(summaries(chapters), here);
        const shown = guarded.trim(chapters).flatMap(({ descriptions }) => descriptions);
        const read = chapters.flatMap(({ number, descriptions }) =>
          descriptions.filter(
            ({ end }) => number < here.chapter || (number === here.chapter && end <= here.offset),
          ),
        );
        expect(shown).toEqual(read);
        expect(guarded.chapters.filter(({ number }) => number > here.chapter)).toEqual([]);
      }),
    );
  });

  it('counts what it keeps closed, and keeps nothing from who asks for all', () => {
    fc.assert(
      fc.property(book, position, (chapters, here) => {
        const described = chapters.filter(({ descriptions }) => descriptions.length > 0);
        const guarded = withoutSpoilers(summaries(chapters), here);
        expect(guarded.closed + guarded.chapters.length).toBe(described.length);
        const asked = withoutSpoilers(summaries(chapters), undefined);
        expect(asked.closed).toBe(0);
        expect(asked.trim(chapters)).toEqual(chapters);
      }),
    );
  });
});
