import { describe, expect, test } from 'vitest';
import { renderText } from '../content/text.ts';
import type { Block } from '../content/tree.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { convertXhtml } from './xhtml.ts';

const convert = (body: string, boundaries: string[] = []) =>
  convertXhtml(`<html><head><title>T</title></head><body>${body}</body></html>`, 'OPS/a.xhtml', {
    limits: DEFAULT_LIMITS,
    budget: { left: 1000 },
    findFile: (path) => (path.startsWith('OPS/') ? path : null),
    imageId: (path) => (path.endsWith('.png') ? path : null),
    boundaries: new Set(boundaries),
  });
const blocks = (body: string): Block[] => convert(body).flow.blocks;
const text = (body: string): string => renderText(blocks(body));

describe('markup as books have it', () => {
  test.each([
    ['named entities without a DTD', '<p>a&nbsp;b &eacute;&unknown;</p>', 'a\u00a0b é&unknown;'],
    ['a bare ampersand', '<p>Tom & Ann</p>', 'Tom & Ann'],
    [
      'elements closed in themselves',
      '<a id="x"/><title/><script src="x"/>one<textarea/>two',
      'onetwo',
    ],
    ['CDATA', '<p><![CDATA[a < b]]></p>', 'a < b'],
    ['paragraphs that are never closed', '<p>one<p>two', 'one\n\ntwo'],
    [
      'text outside of paragraphs',
      'one<div>two<p>three</p>four</div>',
      'one\n\ntwo\n\nthree\n\nfour',
    ],
    ['breaks', '<p><br/>one<br/> two<br/></p>', 'one\ntwo'],
    ['spaces across formats', '<p> one <i> two </i> three</p>', 'one two three'],
    ['soft hyphens and zero-width spaces', '<p>con\u00adtra\u200bry</p>', 'contrary'],
    ['elements nobody knows', '<p>one <constructor>two</constructor></p>', 'one two'],
    ['ruby', '<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字</ruby></p>', '漢字'],
    ['preformatted text', '<pre>\n  a\n    b\n</pre>', '  a\n    b'],
    ['page numbers', '<p>one <span epub:type="pagebreak" id="p9">9</span>two</p>', 'one two'],
    ['a drop capital drawn as a picture', '<p><img src="o.png" alt="O"/>nce</p>', 'Once'],
    ['MathML with its spoken form', '<p>So <math alttext="x=1"><mi>x</mi></math>.</p>', 'So x=1.'],
    ['prefixed names', '<html:p>one</html:p><html:p>two</html:p>', 'one\n\ntwo'],
    [
      'epub:switch',
      '<epub:switch><epub:case>no</epub:case><epub:default>yes</epub:default></epub:switch>',
      'yes',
    ],
    ['a list without items and an item without a list', '<ul>one</ul><li>two</li>', 'one\n\ntwo'],
  ])('%s', (_name, body, expected) => {
    expect(text(body)).toBe(expected);
  });

  test('formats go on in the next paragraph', () => {
    expect(blocks('<i>one<p>two</p></i>')).toEqual([
      {
        type: 'paragraph',
        content: [{ type: 'emphasis', content: [{ type: 'text', text: 'one' }] }],
      },
      {
        type: 'paragraph',
        content: [{ type: 'emphasis', content: [{ type: 'text', text: 'two' }] }],
      },
    ]);
  });

  test('blank paragraphs and containers leave no trace', () => {
    expect(blocks('<p>&nbsp;</p><blockquote><p> </p></blockquote><ul><li/></ul><table/>')).toEqual(
      [],
    );
  });

  test('lists, tables, quotes and rules keep their form', () => {
    expect(
      blocks(
        '<ol start="3"><li>a</li></ol><table><tr><th>b</th><td/></tr></table><blockquote>c</blockquote><hr/>',
      ),
    ).toMatchObject([
      { type: 'list', ordered: true, start: 3, items: [[{ type: 'paragraph' }]] },
      {
        type: 'table',
        rows: [
          [
            { header: true, content: [{ type: 'paragraph' }] },
            { header: false, content: [] },
          ],
        ],
      },
      { type: 'quote', content: [{ type: 'paragraph' }] },
      { type: 'rule' },
    ]);
  });

  test('verse keeps its lines', () => {
    expect(blocks('<section epub:type="z3998:verse"><p>one<br/>two</p></section>')).toEqual([
      { type: 'verse', lines: [[{ type: 'text', text: 'one' }], [{ type: 'text', text: 'two' }]] },
    ]);
  });

  test('a picture alone is a block, in a sentence it stays where it is', () => {
    expect(
      blocks('<p><img src="a.png" alt="A cat"/></p><p>x<img src="b.png" alt="b.png"/></p>'),
    ).toEqual([
      { type: 'image', image: 'OPS/a.png', alt: 'A cat' },
      {
        type: 'paragraph',
        content: [
          { type: 'text', text: 'x' },
          { type: 'image', image: 'OPS/b.png', alt: '' },
        ],
      },
    ]);
  });
});

describe('places', () => {
  const place = (body: string, id: string) => {
    const { flow } = convert(body);
    const { from, at } = flow.anchors.get(id)!;
    return [from, at];
  };

  test.each([
    ['of an element', '<p>one</p><p id="x">two</p>', [1, 0]],
    ['in the middle of a paragraph', '<p>one <a id="x"/>two</p>', [0, 4]],
    ['at the end of a paragraph: what follows', '<p>one<a name="x"/></p><p>two</p>', [1, 0]],
    ['on something that vanishes: what follows', '<p id="x"> </p><p>two</p>', [0, 0]],
    ['after everything', '<p>one</p><a id="x"/>', [1, 0]],
    ['twice: the first', '<p id="x">one</p><p id="x">two</p>', [0, 0]],
  ])('%s', (_name, body, expected) => {
    expect(place(body, 'x')).toEqual(expected);
  });

  test('a table around a chapter is opened up, others are not', () => {
    const body = '<table><tr><td><h2 id="c">x</h2></td></tr></table>';
    expect(convert(body, ['c']).flow.blocks.map((block) => block.type)).toEqual(['heading']);
    expect(convert(body).flow.blocks.map((block) => block.type)).toEqual(['table']);
  });
});

describe('links and marks of notes', () => {
  test.each([
    ['typed', '<a epub:type="noteref" href="#n">see</a>', 'x'],
    ['raised', '<sup><a href="#n">12</a></sup>', 'x'],
    ['with a raised number in it', '<a href="b.xhtml#n"><sup>*</sup></a>', 'x'],
    ['bracketed', '<a href="#n">[3]</a>', 'x'],
    ['a year that is a link', '<a href="#n">1984</a>', 'x1984'],
    ['a way back', '<a epub:type="backlink" href="#r">back</a> <a href="#r">↩\ufe0e</a>', 'x'],
  ])('%s', (_name, link, expected) => {
    expect(text(`<p>x${link}</p>`)).toBe(expected);
  });

  test('links that leave the archive or lead to no file of the spine are text', () => {
    const links = ['../../etc/passwd', 'javascript:x()', '//evil', 'mailto:a@b', 'file:///x'];
    const file = convert(links.map((href) => `<p><a href="${href}">link</a></p>`).join(''));
    expect(JSON.stringify(file.flow.blocks)).not.toContain('"link","target"');
    expect(file.links).toEqual([]);
  });
});
