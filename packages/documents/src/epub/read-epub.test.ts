import { describe, expect, test } from 'vitest';
import { renderText } from '../content/text.ts';
import { parseBook } from '../parse-book.ts';
import { epub, prose } from '../testing/fixtures.ts';
import type { EpubParts } from '../testing/fixtures.ts';

const read = async (parts: EpubParts) => await parseBook(await epub(parts));
const outline = (book: Awaited<ReturnType<typeof read>>) =>
  book.chapters.map(({ title, path, pageClass }) => [...path, title, pageClass].join(' / '));

describe('the table of contents', () => {
  const pages = {
    'a.xhtml': `<h1>First heading</h1>${prose(100)}`,
    'b.xhtml': `<h1>Second heading</h1>${prose(100)}`,
  };
  const nav = '<ol><li><a href="a.xhtml">Nav A</a></li><li><a href="b.xhtml">Nav B</a></li></ol>';
  const ncx =
    '<navPoint><navLabel><text>Ncx A</text></navLabel><content src="a.xhtml"/></navPoint>' +
    '<navPoint><navLabel><text>Ncx B</text></navLabel><content src="b.xhtml"/></navPoint>';

  test('comes from nav even when an NCX is there', async () => {
    const book = await read({ pages, nav, ncx });
    expect(book.tocSource).toBe('nav');
    expect(book.toc.map((entry) => entry.label)).toEqual(['Nav A', 'Nav B']);
    expect(book.chapters.map((chapter) => chapter.title)).toEqual(['Nav A', 'Nav B']);
  });

  test('comes from the NCX when nav has no entry', async () => {
    const book = await read({ pages, nav: '', ncx });
    expect(book.tocSource).toBe('ncx');
    expect(book.toc.map((entry) => [entry.label, entry.chapter, entry.offset])).toEqual([
      ['Ncx A', 0, 0],
      ['Ncx B', 1, 0],
    ]);
  });

  test('comes from headings when the book has none', async () => {
    const book = await read({ pages });
    expect(book.tocSource).toBe('headings');
    expect(book.chapters.map((chapter) => chapter.title)).toEqual([
      'First heading',
      'Second heading',
    ]);
  });

  test('comes from the files when there is no heading either', async () => {
    const book = await read({ pages: { 'a.xhtml': prose(90), 'b.xhtml': prose(90) } });
    expect(book.tocSource).toBe('spine');
    expect(book.toc.map((entry) => entry.label)).toEqual(['Chapter 1', 'Chapter 2']);
    expect(book.warnings.some(({ code }) => code === 'toc.source')).toBe(true);
  });

  test('comes from headings when the one of the book knows a single file of many', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const files = names.map((name) => [`${name}.xhtml`, `<h1>Chapter ${name}</h1>${prose(60)}`]);
    const book = await read({
      pages: Object.fromEntries(files),
      nav: '<ol><li><a href="a.xhtml">Start</a></li></ol>',
    });
    expect(book.tocSource).toBe('headings');
    expect(book.toc.map((entry) => entry.label)).toEqual(names.map((name) => `Chapter ${name}`));
  });

  test('keeps group titles and entries that lead out of the book, without a chapter', async () => {
    const book = await read({
      pages,
      nav:
        '<ol><li><span>Part One</span><ol><li><a href="a.xhtml">A</a></li></ol></li>' +
        '<li><a href="http://example.org/">Web</a></li><li><a href="b.xhtml">B</a></li></ol>',
    });
    expect(book.toc).toEqual([
      {
        label: 'Part One',
        chapter: null,
        offset: null,
        children: [{ label: 'A', chapter: 0, offset: 0, children: [] }],
      },
      { label: 'Web', chapter: null, offset: null, children: [] },
      { label: 'B', chapter: 1, offset: 0, children: [] },
    ]);
    expect(book.chapters[0]?.path).toEqual(['Part One']);
  });
});

describe('chapters', () => {
  test('are cut at fragments, and deeper entries stay places inside of them', async () => {
    const book = await read({
      pages: {
        'all.xhtml':
          `<h1>Book</h1><p>motto</p><h2 id="c1">One</h2>${prose(100, 'first')}` +
          `<h3 id="s1">Scene</h3>${prose(100, 'scene')}<h2 id="c2">Two</h2>${prose(100, 'second')}` +
          `<h2 id="c3">Three</h2>${prose(100, 'third')}`,
      },
      nav:
        '<ol><li><a href="all.xhtml#c1">One</a><ol><li><a href="all.xhtml#s1">Scene</a></li></ol></li>' +
        '<li><a href="all.xhtml#c2">Two</a></li><li><a href="all.xhtml#c3">Three</a></li></ol>',
    });
    expect(book.chapters.map((chapter) => chapter.title)).toEqual(['Book', 'One', 'Two', 'Three']);
    const scene = book.toc[0]?.children[0];
    expect(scene?.chapter).toBe(1);
    const text = renderText(book.chapters[1]!.content);
    expect(text.slice(scene!.offset!)).toMatch(/^Scene\n\nscene scene/);
    expect(text).not.toContain('second');
  });

  test('go on in files the table of contents does not know', async () => {
    const book = await read({
      pages: {
        'a_000.xhtml': `<h2>One</h2>${prose(100, 'begin')}`,
        'a_001.xhtml': prose(100, 'end'),
        'b.xhtml': `<h2>Two</h2>${prose(100)}`,
      },
      nav: '<ol><li><a href="a_000.xhtml">One</a></li><li><a href="b.xhtml">Two</a></li></ol>',
    });
    expect(book.chapters).toHaveLength(2);
    expect(renderText(book.chapters[0]!.content)).toMatch(/begin\n\nend/);
  });

  test('do not swallow an imprint or a chapter the table of contents forgot', async () => {
    const book = await read({
      pages: {
        'a.xhtml': `<h2>Chapter 1</h2>${prose(100)}`,
        'b.xhtml': `<h2>Chapter 2</h2>${prose(100)}`,
        'copyright.xhtml': '<p>© 2001. All rights reserved. ISBN 978-2-07-036822-8</p>',
      },
      nav: '<ol><li><a href="a.xhtml">Chapter 1</a></li></ol>',
    });
    expect(outline(book)).toEqual([
      'Chapter 1 / chapter',
      'Chapter 2 / chapter',
      'Chapter 3 / service',
    ]);
  });

  test('are named after the chapter when a part begins at the same place', async () => {
    const book = await read({
      pages: {
        'p1.xhtml': `<h2>One</h2>${prose(100)}`,
        'c2.xhtml': `<h2>Two</h2>${prose(100)}`,
        'p2.xhtml': `<h2>Three</h2>${prose(100)}`,
      },
      nav:
        '<ol><li><a href="p1.xhtml">Part I</a><ol><li><a href="p1.xhtml">One</a></li>' +
        '<li><a href="c2.xhtml">Two</a></li></ol></li><li><a href="p2.xhtml">Part II</a>' +
        '<ol><li><a href="p2.xhtml">Three</a></li></ol></li></ol>',
    });
    expect(outline(book)).toEqual([
      'Part I / One / chapter',
      'Part I / Two / chapter',
      'Part II / Three / chapter',
    ]);
  });

  test('begin inside of a table or quote that encloses them', async () => {
    const book = await read({
      pages: {
        'a.xhtml':
          `<table><tr><td><h2 id="one">One</h2>${prose(50, 'first')}</td></tr>` +
          `<tr><td><h2 id="two">Two</h2>${prose(50, 'second')}</td></tr></table>`,
      },
      nav: '<ol><li><a href="a.xhtml#one">One</a></li><li><a href="a.xhtml#two">Two</a></li></ol>',
    });
    expect(book.chapters.map((c) => c.title)).toEqual(['One', 'Two']);
    expect(renderText(book.chapters[1]!.content)).toMatch(/^Two\n\nsecond/);
  });

  test('outside of the linear order come last', async () => {
    const book = await read({
      pages: { 'a.xhtml': prose(60, 'aside'), 'b.xhtml': prose(60, 'main') },
      spine: '<itemref idref="p0" linear="no"/><itemref idref="p1"/>',
      nav: '<ol><li><a href="b.xhtml">Main</a></li><li><a href="a.xhtml">Aside</a></li></ol>',
    });
    expect(book.chapters.map((c) => c.title)).toEqual(['Main', 'Aside']);
  });
});

test('the licence of Project Gutenberg is no part of the last chapter', async () => {
  const book = await read({
    pages: {
      'a.xhtml':
        `<h2 id="a">I</h2>${prose(60)}<h2 id="b">II</h2>${prose(60)}` +
        `<p>End of the Project Gutenberg EBook of X</p>${prose(2000, 'licence')}`,
    },
    nav: '<ol><li><a href="a.xhtml#a">I</a></li><li><a href="a.xhtml#b">II</a></li></ol>',
  });
  expect(outline(book)).toEqual(['I / chapter', 'II / chapter', 'Project Gutenberg / service']);
  expect(book.toc).toHaveLength(2);
});

describe('notes', () => {
  test('leave the flow and keep their place', async () => {
    const book = await read({
      pages: {
        'a.xhtml':
          '<p>Before<a epub:type="noteref" href="#n1">1</a> after.</p>' +
          `<aside epub:type="footnote" id="n1"><p>The note.</p></aside>${prose(50)}`,
      },
    });
    const [chapter] = book.chapters;
    expect(renderText(chapter!.content)).toMatch(/^Before after\.\n\nword/);
    expect(chapter!.notes).toEqual([
      {
        id: 'note-1',
        label: '1',
        offset: 6,
        content: [{ type: 'paragraph', content: [{ type: 'text', text: 'The note.' }] }],
      },
    ]);
  });

  test('of a page of endnotes are copied to the chapters that refer to them', async () => {
    const book = await read({
      pages: {
        'a.xhtml': `<p>One<sup><a href="notes.xhtml#n1">1</a></sup> two<sup><a href="notes.xhtml#n2">2</a></sup>.</p>${prose(60)}`,
        'notes.xhtml':
          '<h2>Notes</h2><p><a id="n1" href="a.xhtml">[1]</a> First note.</p><p>Its second paragraph.</p>' +
          '<p><a id="n2" href="a.xhtml">[2]</a> Second note.</p>',
      },
      nav: '<ol><li><a href="a.xhtml">A</a></li><li><a href="notes.xhtml">Notes</a></li></ol>',
    });
    expect(renderText(book.chapters[0]!.content)).toMatch(/^One two\./);
    expect(book.chapters[0]!.notes.map((note) => [note.label, renderText(note.content)])).toEqual([
      ['1', 'First note.\n\nIts second paragraph.'],
      ['2', 'Second note.'],
    ]);
    expect(book.chapters[1]?.pageClass).toBe('notes');
  });

  test('are no notes where a mark leads back from a note to the text', async () => {
    const book = await read({
      pages: {
        'a.xhtml': `<p>One<a id="r1" href="notes.xhtml#n1"><sup>1</sup></a>.</p>${prose(60)}`,
        'notes.xhtml':
          '<h2>Notes</h2><p><a id="n1" href="a.xhtml#r1"><sup>1</sup></a> The note.</p>',
      },
    });
    expect(book.chapters.map(({ notes }) => notes.map((n) => renderText(n.content)))).toEqual([
      ['The note.'],
      [],
    ]);
  });

  test('that nothing refers to are kept before the paragraph they preceded', async () => {
    const book = await read({
      pages: { 'a.xhtml': `<p>Text</p><aside epub:type="footnote">Orphan</aside>${prose(50)}` },
    });
    expect(book.chapters[0]!.notes).toMatchObject([{ label: '', offset: 6 }]);
  });
});

describe('metadata, cover and pictures', () => {
  const png = Buffer.from('89504e470d0a1a0a0000', 'hex');

  test('are read from EPUB 3', async () => {
    const book = await read({
      metadata:
        '<dc:title id="s">Sub</dc:title><dc:title id="m">Main</dc:title>' +
        '<meta refines="#m" property="title-type">main</meta><dc:language>FRE</dc:language>' +
        '<dc:creator id="a">Ann</dc:creator><dc:creator id="b">Bo</dc:creator>' +
        '<meta refines="#b" property="role">trl</meta><dc:publisher>House</dc:publisher>' +
        '<dc:description>&lt;p&gt;One &amp;amp; two&lt;/p&gt;&lt;p&gt;Three&lt;/p&gt;</dc:description>',
      spineAttributes: 'page-progression-direction="rtl"',
      manifest: '<item id="c" href="c.png" media-type="image/png" properties="cover-image"/>',
      pages: { 'a.xhtml': prose(50) },
      files: { 'OPS/c.png': png },
    });
    expect(book.metadata).toEqual({
      title: 'Main',
      authors: ['Ann'],
      language: 'fr',
      publisher: 'House',
      description: 'One & two\n\nThree',
      direction: 'rtl',
    });
    expect(book.cover).toEqual({ image: 'image-1', alt: '' });
    expect(book.images).toEqual([{ id: 'image-1', mediaType: 'image/png', bytes: png }]);
  });

  test('are read when the package document prefixes its names', async () => {
    const book = await read({
      metadata: '',
      pages: { 'a.xhtml': prose(50) },
      files: {
        'OPS/package.opf':
          '<package xmlns:opf="x"><opf:metadata><dc:title>Prefixed</dc:title></opf:metadata>' +
          '<opf:manifest><opf:item id="p" href="a.xhtml#o1" media-type="application/xhtml+xml"/></opf:manifest>' +
          '<opf:spine><opf:itemref idref="p"/></opf:spine></package>',
      },
    });
    expect(book.metadata.title).toBe('Prefixed');
    expect(book.chapters).toHaveLength(1);
  });

  test('leave out what only claims to be a picture, with a warning', async () => {
    const book = await read({
      manifest: '<item id="c" href="c.png" media-type="image/png"/>',
      pages: { 'a.xhtml': `<p><img src="c.png" alt="A cat"/></p>${prose(50)}` },
      files: { 'OPS/c.png': '<html><script>alert(1)</script></html>' },
    });
    expect(book.images).toEqual([]);
    expect(book.warnings.map((w) => w.code)).toContain('image.unreadable');
  });
});

describe('broken books that readers open all the same', () => {
  test('a spine with missing and doubled files', async () => {
    const book = await read({
      pages: { 'a.xhtml': prose(60), 'b.xhtml': prose(60) },
      manifest: '<item id="gone" href="gone.xhtml" media-type="application/xhtml+xml"/>',
      spine:
        '<itemref idref="p0"/><itemref idref="gone"/><itemref idref="p0"/><itemref idref="nothing"/>',
    });
    expect(book.chapters).toHaveLength(1);
    const codes = book.warnings.map((w) => w.code);
    expect(codes).toContain('spine.missing_file');
    expect(codes).toContain('spine.unknown_item');
    expect(codes).toContain('spine.unlisted_files');
  });

  test('names in other case, percent-encoded, absolute or with dots', async () => {
    const book = await read({
      pages: { 'a b.xhtml': prose(60, 'one'), 'C.xhtml': prose(60, 'two') },
      manifest:
        '<item id="x" href="./a%20b.xhtml" media-type="application/xhtml+xml"/>' +
        '<item id="y" href="/OPS/c.xhtml" media-type="application/xhtml+xml"/>',
      spine: '<itemref idref="x"/><itemref idref="y"/>',
    });
    expect(book.chapters.map((c) => renderText(c.content).slice(0, 3))).toEqual(['one', 'two']);
  });

  test('no container: the package document is looked for', async () => {
    const book = await read({
      pages: { 'a.xhtml': prose(60) },
      files: { 'META-INF/container.xml': '<container/>' },
    });
    expect(book.chapters).toHaveLength(1);
    expect(book.warnings.map((w) => w.code)).toContain('container.repaired');
  });

  test('a foreign spine item is replaced by its fallback', async () => {
    const book = await read({
      pages: { 'a.xhtml': prose(60, 'fallback') },
      manifest: '<item id="j" href="d.json" media-type="application/json" fallback="p0"/>',
      spine: '<itemref idref="j"/>',
      files: { 'OPS/d.json': '{}' },
    });
    expect(renderText(book.chapters[0]!.content)).toContain('fallback');
  });
});
