import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyBook } from './classify-book.ts';
import type { BookFacts, PageFacts } from './classify-page.ts';
import { classifyPage } from './classify-page.ts';

const novel: BookFacts = { pages: 40, typicalWords: 3000 };
const page = (facts: Partial<PageFacts>): PageFacts => ({
  title: '',
  fileName: null,
  words: 2000,
  text: '',
  links: 0,
  linkShare: 0,
  types: [],
  places: [],
  index: 20,
  ...facts,
});
const verdict = (facts: Partial<PageFacts>, book = novel) => {
  const { pageClass, signal } = classifyPage(page(facts), book);
  return `${pageClass} ${signal}`;
};

describe('signals', () => {
  test.each<[string, Partial<PageFacts>, string]>([
    ['the type of the document', { types: ['bodymatter', 'imprint'] }, 'service 0'],
    ['the type of endnotes', { types: ['backmatter', 'endnotes'] }, 'notes 0'],
    ['the type of a dedication', { types: ['dedication'] }, 'matter 0'],
    ['a part of a few words', { types: ['part'], words: 5 }, 'divider 0'],
    ['a part with text', { types: ['part'] }, 'chapter 9'],
    ['body matter', { types: ['bodymatter'] }, 'chapter 0'],
    ['the guide', { places: ['copyright-page'], words: 300 }, 'service 0'],
    ['the guide over a whole book', { places: ['cover'], words: 90_000 }, 'chapter 9'],
    ['a title of matter', { title: 'Remerciements', words: 200 }, 'matter 1'],
    ['a file of matter', { fileName: 'text/dedication.xhtml', words: 20 }, 'matter 1'],
    ['the title of a part', { title: 'Première partie', words: 2 }, 'divider 2'],
    ['the title of a part with text', { title: 'Часть первая', words: 400 }, 'chapter 9'],
    ['a title of notes', { title: 'Примечания' }, 'notes 3'],
    ['a note to the reader', { title: 'Note' }, 'chapter 9'],
    ['a service title', { title: 'Mentions légales' }, 'service 4'],
    ['a service title in Russian', { title: '«Оглавление»' }, 'service 4'],
    ['a chapter that begins like a service title', { title: 'Contents of a Drawer' }, 'chapter 9'],
    ['a long text called credits', { title: 'Credits', words: 7000 }, 'chapter 9'],
    ['a long index', { title: 'Index', words: 7000 }, 'service 4'],
    [
      'a service file in front',
      { fileName: 'OPS/copyright.xhtml', index: 1, words: 300 },
      'service 5',
    ],
    ['the same in the middle', { fileName: 'OPS/copyright.xhtml', words: 300 }, 'chapter 9'],
    [
      'a short chapter in index_3.html',
      { title: 'Chapter 3', fileName: 'index_3.html', index: 3, words: 900 },
      'chapter 9',
    ],
    ['a chapter in index.html', { fileName: 'index.html', index: 0, words: 9000 }, 'chapter 9'],
    ['many links', { links: 30, linkShare: 0.7 }, 'service 6'],
    ['an imprint', { text: '© 2001 All rights reserved', words: 100, index: 1 }, 'service 7'],
    [
      'an imprint under a real title',
      { title: 'Chapter 1', text: '© 2001', words: 100, index: 1 },
      'chapter 9',
    ],
    ['a half title', { title: 'Candide', words: 3, index: 2 }, 'service 8'],
    ['a bare title in the middle', { title: 'The Earth', words: 4 }, 'divider 8'],
    ['a poem of thirty words', { title: 'To You', words: 32 }, 'chapter 9'],
    ['a chapter of one sentence', { title: 'IV', words: 7 }, 'chapter 9'],
  ])('%s', (_name, facts, expected) => {
    expect(verdict(facts)).toBe(expected);
  });

  test('a prologue or epilogue of more than 500 words is never anything but text', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Prologue', 'Épilogue', 'Эпилог', 'EPILOGUE: After'),
        fc.record({
          words: fc.integer({ min: 501, max: 9000 }),
          fileName: fc.constantFrom('copyright.xhtml', null),
          types: fc.subarray(['colophon', 'endnotes', 'dedication', 'part']),
          places: fc.subarray(['cover', 'toc']),
          linkShare: fc.double({ min: 0, max: 1, noNaN: true }),
          links: fc.nat(99),
          index: fc.nat(39),
        }),
        (title, facts) => {
          expect(verdict({ ...facts, title })).toBe('chapter 0');
        },
      ),
    );
  });

  test('say in words what decided', () => {
    const { reason } = classifyPage(page({ title: 'Imprint' }), novel);
    expect(reason).toBe('its title is "Imprint"');
  });
});

describe('a whole book', () => {
  const pages = (...words: number[]) => words.map((count) => page({ words: count }));

  test('of pictures has no dividers and no tiny pages', () => {
    const verdicts = classifyBook(pages(5, 9, 30, 12, 20));
    expect(verdicts.map((verdict) => verdict.pageClass)).toEqual(Array(5).fill('chapter'));
  });

  test('keeps its longer pages when nothing would be left', () => {
    const only = [page({ title: 'Contents', words: 300 }), page({ title: 'Cover', words: 3 })];
    expect(classifyBook(only).map((verdict) => verdict.pageClass)).toEqual(['chapter', 'service']);
  });
});
