import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Book } from '../book.ts';
import { renderText } from '../content/text.ts';
import { DocumentError } from '../errors.ts';
import { parseBook } from '../parse-book.ts';
import { CORPUS, hasCorpus } from '../testing/corpus.ts';
import { prose } from '../testing/fixtures.ts';
import type { MobiParts } from '../testing/mobi.ts';
import { database, mobi, packPalmDoc } from '../testing/mobi.ts';
import { unpackPalmDoc } from './text-records.ts';

const read = async (parts: MobiParts): Promise<Book> => await parseBook(mobi(parts));
const titles = (book: Book): string[] => book.chapters.map(({ title }) => title);
const allText = (book: Book): string =>
  renderText(book.chapters.flatMap((chapter) => chapter.content));

const BREAK = '<mbp:pagebreak/>';
const GUIDE =
  '<head><guide><reference type="toc" title="Contents" filepos={{toc}} /></guide></head>';
const link = (to: string, label: string) => `<p><a filepos={{${to}}}>${label}</a></p>`;
const GIF = Buffer.from('GIF89a and so on');

describe('chapters', () => {
  const contents = `<!--toc--><p align="center"><b>Contents</b></p>`;

  test('begin where the links of the contents page lead', async () => {
    const book = await read({
      html:
        `<html>${GUIDE}<body><p>Éditions</p>${BREAK}<!--one--><p>Alpha</p>${prose(60, 'été')}` +
        `<!--two--><div><p>Beta</p></div>${prose(60)}${BREAK}${contents}${link('one', 'First')}${link('two', 'Second')}</body></html>`,
    });
    expect(titles(book).slice(1)).toEqual(['First', 'Second', 'Contents']);
    expect(book.tocSource).toBe('guide');
    expect(book.toc).toMatchObject([
      { label: 'First', chapter: 1, offset: 0 },
      { label: 'Second', chapter: 2, offset: 0 },
    ]);
    expect(renderText(book.chapters[2]!.content)).toMatch(/^Beta\n\nword/);
    expect(book.chapters[3]!.pageClass).toBe('service');
  });

  test('stand under the part whose list encloses them', async () => {
    const book = await read({
      html:
        `<html>${GUIDE}<body>${contents}<ul><li><a filepos={{p}}>Part One</a><ul><li><a filepos={{one}}>First</a>` +
        `<li><a filepos={{two}}>Second</a></ul></ul>${BREAK}<!--p--><p>Part</p>${BREAK}` +
        `<!--one-->${prose(60)}${BREAK}<!--two-->${prose(60)}`,
    });
    expect(book.toc).toMatchObject([
      { label: 'Part One', children: [{ label: 'First' }, { label: 'Second' }] },
    ]);
    expect(book.chapters.at(-1)).toMatchObject({ title: 'Second', path: ['Part One'] });
  });

  test('of contents on the first page end where the text begins', async () => {
    const book = await read({
      html:
        `<html>${GUIDE}<body>${contents}${link('one', 'First')}${link('two', 'Second')}` +
        `<!--one--><p>Alpha</p>${prose(60)}${link('two', 'not an entry')}<!--two--><p>Beta</p>${prose(60)}`,
    });
    expect(book.toc.map(({ label }) => label)).toEqual(['First', 'Second']);
  });

  test.each([
    ['larger', (title: string) => `<p><font size="6">${title}</font></p>`],
    ['centred and bold', (title: string) => `<div align="center"><b>${title}</b></div>`],
    [
      'indented and larger',
      (title: string) => `<blockquote><p><font size="+3">${title}</font></p></blockquote>`,
    ],
    ['real headings', (title: string) => `<h2>${title}</h2>`],
  ])('begin at lines that are %s than the text, without a contents page', async (_how, line) => {
    const html = ['Alpha', 'Beta', 'Gamma'].map((title) => line(title) + prose(60)).join(BREAK);
    const book = await read({ html });
    expect(titles(book)).toEqual(['Alpha', 'Beta', 'Gamma']);
    expect(book.tocSource).toBe('headings');
    expect(book.chapters[1]!.content[0]).toMatchObject({ type: 'heading' });
  });

  test('do not begin at text as large as all the text, at larger verse or at a line of stars', async () => {
    const book = await read({
      html:
        `<p><font size="5">${'large print '.repeat(40)}</font></p><p><font size="5">Short.</font></p>` +
        '<p align="center"><b>* * *</b></p><p align="center"><font size="5">Centred.</font></p>',
    });
    expect(book.chapters[0]!.content.map(({ type }) => type)).toEqual(Array(4).fill('paragraph'));
  });

  test('begin at page breaks when there are no headings', async () => {
    const pages = Array.from({ length: 6 }, () => prose(60));
    const book = await read({
      html: pages.join('<mbp:pagebreak></mbp:pagebreak>\n<mbp:pagebreak />'),
    });
    expect([book.chapters.length, book.tocSource]).toEqual([6, 'spine']);
  });

  test('begin at page breaks when only the title page has a heading', async () => {
    const pages = ['<p><font size="7">The Book</font></p>', ...Array(6).fill(prose(60))];
    const book = await read({ html: pages.join(BREAK) });
    expect([titles(book)[0], book.chapters.length, book.tocSource]).toEqual([
      'The Book',
      7,
      'spine',
    ]);
  });

  test('worded as such need neither size nor place', async () => {
    const chapter = (title: string) => `<p>${title}</p>${prose(60)}<p>I</p>${prose(9)}`;
    const book = await read({
      html: ['Chapter 1', 'Глава 2', 'CHAPITRE III'].map(chapter).join(''),
    });
    expect(titles(book)).toEqual(['Chapter 1', 'Глава 2', 'CHAPITRE III']);
  });
});

test('links count bytes and are tied to chapters, marks of notes to their notes', async () => {
  const book = await read({
    html:
      `<h2>Один</h2><p>Текст<sup><a filepos={{n}}>1</a></sup> и <a filepos={{two}}>далее</a>.</p>${prose(60)}` +
      `<!--two-->${BREAK}${BREAK}<h2>Два</h2>${prose(60)}${BREAK}<h2>Примечания</h2><!--n--><p>1. Сноска.</p>`,
  });
  const [first] = book.chapters;
  expect(renderText(first!.content)).toMatch(/^Один\n\nТекст и далее\./);
  expect(first!.notes).toMatchObject([
    { label: '1', content: [{ content: [{ text: 'Сноска.' }] }] },
  ]);
  expect(JSON.stringify(first!.content)).toContain(
    '"target":{"kind":"book","chapter":1,"offset":0}',
  );
});

test('pictures are numbered from the first, and no path or address stays', async () => {
  const book = await read({
    html: `<p>See <img recindex="00002" src="/etc/passwd" alt=""/><img recindex="1"/><img recindex="9"/></p>${prose(40)}`,
    images: [Buffer.from('no picture'), GIF],
    exth: [[201, Buffer.from([0, 0, 0, 1])]],
  });
  expect(book.cover).toEqual({ image: 'image-2', alt: '' });
  expect(book.images).toEqual([
    { id: 'image-2', mediaType: 'image/gif', bytes: new Uint8Array(GIF) },
  ]);
  // A view would carry the whole file along to whoever it is sent to.
  expect(book.images[0]!.bytes.buffer.byteLength).toBe(GIF.length);
  expect(book.warnings).toContainEqual(expect.objectContaining({ code: 'image.unreadable' }));
  expect(JSON.stringify(book)).not.toContain('passwd');
});

describe('metadata', () => {
  test('come from the extended header', async () => {
    const book = await read({
      html: prose(40),
      title: 'Full name',
      exth: [
        [100, 'Ann; Bob'],
        [100, 'Cid'],
        [101, 'House'],
        [103, '<p>About &amp; so on</p>'],
        [106, '1865-07-04'],
        [112, 'urn:x'],
        [503, 'Title'],
        [524, 'fr'],
        [527, 'rtl'],
      ],
    });
    expect(book.metadata).toEqual({
      title: 'Title',
      authors: ['Ann', 'Bob', 'Cid'],
      language: 'fr',
      identifier: 'urn:x',
      publisher: 'House',
      date: '1865-07-04',
      description: 'About & so on',
      direction: 'rtl',
    });
    expect(book.format).toBe('mobi');
  });

  test('come from the header when there is no extended one', async () => {
    const book = await read({ html: prose(40), title: 'Full name', locale: 0x0419 });
    expect(book.metadata).toEqual({ title: 'Full name', authors: [], language: 'ru' });
  });
});

describe('text', () => {
  const french = '<p>Où était la forêt ? À côté.</p>';
  const russian = `<p>${'Все счастливые семьи похожи друг на друга. '.repeat(20)}</p>`;

  test.each([
    ['windows-1252', 1252, french, 'Où était la forêt ? À côté.', 0],
    ['utf-8', 65001, russian, 'Все счастливые семьи', 0],
    ['windows-1251', 1251, russian, 'Все счастливые семьи', 0],
    ['windows-1251', 1252, russian, 'Все счастливые семьи', 1],
    ['windows-1252', 65001, french, 'Où était la forêt', 1],
    ['utf-8', 1252, french, 'Où était la forêt', 1],
    ['windows-1252', 4711, french, 'Où était la forêt', 0],
  ])('in %s declared as code page %i is read', async (encoding, codePage, html, start, repairs) => {
    const book = await read({ html: html + prose(40), encoding, codePage });
    expect(allText(book).slice(0, start.length)).toBe(start);
    expect(book.warnings.filter(({ code }) => code === 'text.encoding')).toHaveLength(repairs);
  });

  test.each([
    ['nothing', undefined],
    ['the rest of a character', { flags: 1, bytes: Buffer.from([0xd1, 0x82, 2]) }],
    ['an entry with its size', { flags: 2, bytes: Buffer.from([1, 2, 0x83]) }],
    ['two entries and a character', { flags: 7, bytes: Buffer.from([0, 9, 0x82, 7, 8, 0x83]) }],
  ])('of records followed by %s is put together byte by byte', async (_what, trailing) => {
    const text = 'Мороз и солнце; день чудесный! '.repeat(20).trim();
    const book = await read({
      html: `<p>${text}</p>`,
      recordBytes: 61, // cuts letters in two
      ...(trailing ? { trailing } : {}),
    });
    expect(allText(book)).toBe(text);
  });

  test('without compression is read as it is', async () => {
    expect(allText(await read({ html: `<p>plain</p>${prose(30)}`, compression: 1 }))).toMatch(
      /^plain/,
    );
  });

  test('is the same after packing and unpacking', () => {
    fc.assert(
      fc.property(fc.uint8Array({ max: 255, maxLength: 300 }), (bytes) => {
        const repeated = Buffer.concat([bytes, bytes]);
        expect(unpackPalmDoc(packPalmDoc(repeated))).toEqual(repeated);
      }),
    );
  });

  test('copied from before the beginning is left out, and copies may overlap', () => {
    expect(unpackPalmDoc(Buffer.from([0x80, 0x50, 0x61, 0x80, 0x0f])).toString()).toBe(
      'a'.repeat(11),
    );
  });
});

describe('what cannot be read is refused with what to do', () => {
  const html = prose(40);
  const cut = (bytes: Buffer, share: number) => bytes.subarray(0, Math.floor(bytes.length * share));

  test.each<[string, string, Buffer, object?]>([
    ['a protected book', 'document.protected', mobi({ html, encryption: 2 })],
    ['KF8', 'document.unsupported_format', mobi({ html, version: 8 })],
    ['HUFF/CDIC compression', 'document.unsupported_format', mobi({ html, compression: 17480 })],
    [
      'half a file',
      'document.damaged_archive',
      cut(mobi({ html, images: [Buffer.alloc(999)] }), 0.5),
    ],
    ['a table cut off', 'document.damaged_archive', mobi({ html }).subarray(0, 80)],
    ['no records', 'document.damaged_archive', database([])],
    ['no header', 'document.damaged_archive', database([Buffer.alloc(300)])],
    ['no text', 'document.damaged_archive', mobi({ html: '' })],
    ['blank pages', 'document.empty', mobi({ html: BREAK.repeat(9) })],
    ['too much text', 'document.too_much_text', mobi({ html }), { textBytes: 100 }],
    [
      'too many pages',
      'document.too_many_chapters',
      mobi({ html: `${html}${BREAK}`.repeat(5) }),
      { chapters: 4 },
    ],
    ['tags 300 deep', 'document.too_deep', mobi({ html: '<div>'.repeat(300) })],
    [
      'too many elements',
      'document.too_complex',
      mobi({ html: '<p/>'.repeat(99) }),
      { elements: 50 },
    ],
    [
      'too many links',
      'document.too_complex',
      mobi({ html: `filepos=1 filepos=2 filepos=3${html}` }),
      { elements: 2 },
    ],
  ])('%s: %s', async (_name, code, bytes, limits) => {
    const error: unknown = await parseBook(bytes, { limits: limits ?? {} }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(DocumentError);
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(/(Send|Convert|send it again)/),
    });
  });

  test('damaged bytes are refused or read, never anything else', async () => {
    const sound = mobi({
      html: `<html>${GUIDE}<body><h2>I</h2>${prose(50)}<img recindex="1"/>${BREAK}<!--a--><h2>II</h2>${prose(9)}<!--toc-->${link('a', 'II')}${link('toc', 'x')}`,
      exth: [[503, 'Title']],
      images: [GIF],
    });
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(damage, fc.boolean(), async (changes, inHeader) => {
        const bytes = Buffer.from(sound);
        const span = inHeader ? 500 : bytes.length;
        for (const [at, value] of changes) bytes[at % span] = value;
        const outcome = await parseBook(bytes).then(
          (book) => book.chapters.length > 0,
          (error: unknown) => error instanceof DocumentError || error,
        );
        expect(outcome).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['page breaks', BREAK],
    ['blank tails of page breaks', `<mbp:pagebreak${' '.repeat(500)}`],
    ['links', '<a filepos=7>'],
    ['open fonts', '<font size=7'],
    ['spaces', ' '],
    ['brackets', '<'],
    ['copies of one letter', 'x'],
  ])('a megabyte of %s costs little', async (_what, piece) => {
    const html = piece.repeat(Math.ceil(1_000_000 / piece.length));
    const before = performance.now();
    await parseBook(mobi({ html, compression: 1 })).catch((error: unknown) => {
      if (!(error instanceof DocumentError)) throw error;
    });
    expect(performance.now() - before).toBeLessThan(3000);
  });
});

// Without the folder: set SCRIPTORIUM_CORPUS to where it is.
describe.skipIf(!hasCorpus)('a real book (skipped where the corpus is absent)', () => {
  test('has the chapters of its table of contents, whole', async () => {
    const book = await parseBook(await readFile(path.join(CORPUS, 'mobi/alice.mobi')));
    const chapters = book.chapters.filter(({ pageClass }) => pageClass === 'chapter');
    expect(book.metadata).toMatchObject({ authors: ['Lewis Carroll'], language: 'en' });
    expect(book.toc).toHaveLength(12);
    expect(chapters.map(({ title }) => title)).toEqual(book.toc.map(({ label }) => label));
    expect(chapters[6]!.title).toBe('VII. A Mad Tea-Party');
    expect(renderText(chapters[6]!.content)).toMatch(
      /^Chapter VII\n\nA Mad Tea-Party\n\nThere was a table set out under a tree/,
    );
    expect(chapters.every(({ words }) => words > 1500 && words < 3000)).toBe(true);
    expect(book.images).toHaveLength(24);
  });
});
