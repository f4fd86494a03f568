import { describe, expect, test } from 'vitest';
import { renderHtml } from './html.ts';
import { leafLength, leavesOf, renderText, renderWithStarts } from './text.ts';
import type { Block, ParagraphBlock } from './tree.ts';
import { countWords } from './words.ts';

const paragraph = (text: string): ParagraphBlock => ({
  type: 'paragraph',
  content: [{ type: 'text', text }],
});

describe('renderText', () => {
  test('separates blocks, items, rows and cells each in its way', () => {
    const content: Block[] = [
      paragraph('one'),
      {
        type: 'list',
        ordered: true,
        start: 1,
        items: [[paragraph('a'), paragraph('b')], [paragraph('c')]],
      },
      {
        type: 'table',
        rows: [
          [
            { header: true, content: [paragraph('x')] },
            { header: false, content: [] },
            { header: false, content: [paragraph('y')] },
          ],
          [{ header: false, content: [paragraph('z')] }],
        ],
      },
      { type: 'verse', lines: [[{ type: 'text', text: 'l1' }], [{ type: 'text', text: 'l2' }]] },
    ];
    expect(renderText(content)).toBe('one\n\na\n\nb\nc\n\nx\ty\nz\n\nl1\nl2');
  });

  test('gives pictures, rules and marks of notes no text and no separator', () => {
    const content: Block[] = [
      { type: 'image', image: 'i', alt: 'A cat' },
      paragraph('one'),
      { type: 'rule' },
      { type: 'paragraph', content: [{ type: 'noteRef', note: 'n', label: '1' }] },
      paragraph('two'),
    ];
    expect(renderText(content)).toBe('one\n\ntwo');
  });

  test('knows where each leaf starts', () => {
    const first = paragraph('one');
    const last = paragraph('two');
    const content: Block[] = [first, { type: 'quote', content: [last] }];
    const { text, starts } = renderWithStarts(content);
    expect(text).toBe(renderText(content));
    expect([starts.get(first), starts.get(last)]).toEqual([0, 5]);
    expect([...leavesOf(content)]).toEqual([...starts.keys()]);
    expect([leafLength(first), leafLength(last)]).toEqual([3, 3]);
  });
});

describe('renderHtml', () => {
  test('shows a picture where the caller says it is', () => {
    const content: Block[] = [{ type: 'image', image: 'a"b', alt: '<cat>' }];
    expect(renderHtml(content, { imageUrl: (id) => `/img/${id}` })).toBe(
      '<figure><img src="/img/a&quot;b" loading="lazy" data-image="a&quot;b" alt="&lt;cat&gt;"></figure>',
    );
  });

  test('cuts overlapping marks at their borders, across formats', () => {
    const content: Block[] = [
      {
        type: 'paragraph',
        content: [
          { type: 'text', text: 'ab' },
          { type: 'emphasis', content: [{ type: 'text', text: 'cd' }] },
        ],
      },
    ];
    const marks = [
      { start: 1, end: 3, id: 'x' },
      { start: 2, end: 4, id: 'y' },
    ];
    expect(renderHtml(content, { marks })).toBe(
      '<p data-start="0">a<mark data-marks="x">b</mark>' +
        '<em><mark data-marks="x y">c</mark><mark data-marks="y">d</mark></em></p>',
    );
  });
});

describe('countWords', () => {
  test.each([
    ['', 0],
    ["L'été, c'est-à-dire — maintenant.", 3],
    ['Кто-то пришёл в 12.30', 4],
    ['吾輩は猫である', 4],
    ['one—two ... !', 2],
  ])('%j has %i words', (text, words) => {
    expect(countWords(text)).toBe(words);
  });
});
