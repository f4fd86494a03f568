import { describe, expect, it } from 'vitest';
import { parseSource, SampleSourceError } from './source.ts';
import { encodeWindows1251 } from './windows-1251.ts';

function source(body: string, language = 'en'): string {
  const keys = 'title subtitle author date identifier publisher rights subject description cover';
  const lines = keys.split(' ').map((key) => `${key}: x`);
  return ['---', `language: ${language}`, ...lines, '---', '', body, ''].join('\n');
}

describe('a source', () => {
  it('becomes sections of paragraphs, verse, quotations and notes', () => {
    const book = parseSource(
      source(
        '# One | *First*\n\nA *b* c.[^1]\n\n| d\n| e\n\n> f\n> — g\n\n# Last {endnotes}\n\n[^1]: h',
      ),
    );
    expect(book.sections.map(({ type, label, title }) => [type, label, title])).toEqual([
      ['chapter', 'One', '*First*'],
      ['endnotes', undefined, 'Last'],
    ]);
    expect(book.sections[0]!.blocks).toEqual([
      {
        kind: 'paragraph',
        inlines: [
          { kind: 'text', text: 'A ' },
          { kind: 'emphasis', text: 'b' },
          { kind: 'text', text: ' c.' },
          { kind: 'noteref', number: 1 },
        ],
      },
      { kind: 'verse', lines: [[{ kind: 'text', text: 'd' }], [{ kind: 'text', text: 'e' }]] },
      {
        kind: 'quotation',
        paragraphs: [[{ kind: 'text', text: 'f' }]],
        attribution: [{ kind: 'text', text: '— g' }],
      },
    ]);
    expect(book.notes).toEqual([[{ kind: 'text', text: 'h' }]]);
  });

  it.each([
    ['no front matter', '# One'],
    ['text before the first heading', source('text')],
    ['an unknown section type', source('# One {chapitre}')],
    ['a paragraph of two lines', source('# One\n\na\nb')],
    ['a heading without a blank line after it', source('# One\na')],
    ['a reference without a note', source('# One\n\na[^1]')],
    ['notes that are not numbered in order', source('# One\n\na[^2]\n\n[^2]: b')],
    ['a note nobody refers to', source('# One\n\na\n\n[^1]: b')],
    ['a missing key', source('# One').replace('title: x\n', '')],
  ])('is refused with %s', (_what, text) => {
    expect(() => parseSource(text)).toThrow(SampleSourceError);
  });

  it('names the line that is wrong', () => {
    expect(() => parseSource(source('# One\n\na\n\n# Two {deux}'))).toThrow(/^Line 19: /);
  });

  it.each([
    ['fr', '— « Oui ! » : n° 1', '—\u00a0«\u00a0Oui\u202f!\u00a0»\u00a0: n°\u00a01'],
    ['ru', '— Да — нет, № 1', '—\u00a0Да\u00a0— нет, №\u00a01'],
    ['en', 'a — b : c', 'a — b : c'],
  ])('gets the no-break spaces of its language: %s', (language, typed, set) => {
    const [section] = parseSource(source(`# One\n\n${typed}`, language)).sections;
    expect(section!.blocks).toEqual([
      { kind: 'paragraph', inlines: [{ kind: 'text', text: set }] },
    ]);
  });
});

describe('windows-1251', () => {
  it('encodes what the decoder gives back', () => {
    const text = 'Ёжик № 1 — «ёлка» … \u00a0ASCII';
    expect(new TextDecoder('windows-1251').decode(encodeWindows1251(text))).toBe(text);
    expect([...encodeWindows1251('Яё')]).toEqual([0xdf, 0xb8]);
  });

  it('refuses a character that it does not have, by name', () => {
    expect(() => encodeWindows1251('a→b')).toThrow('"→" (U+2192)');
  });
});
