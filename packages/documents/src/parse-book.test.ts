import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderText } from './content/text.ts';
import type { DocumentErrorCode } from './errors.ts';
import { DOCUMENT_ERRORS, DocumentError } from './errors.ts';
import { parseBook } from './parse-book.ts';
import { epub, epubFiles, prose, zip } from './testing/fixtures.ts';

async function refusal(bytes: Uint8Array, limits = {}): Promise<DocumentError> {
  try {
    await parseBook(bytes, { limits });
  } catch (error) {
    if (error instanceof DocumentError) return error;
    throw error;
  }
  throw new Error('The file was accepted.');
}

const pages = { 'a.xhtml': prose(60) };

describe('a hostile or unsuitable file is refused with a typed error', () => {
  const encrypted = (algorithm: string) =>
    `<encryption><EncryptedData><EncryptionMethod Algorithm="${algorithm}"/></EncryptedData></encryption>`;
  const nested = (depth: number) => '<div>'.repeat(depth);

  test.each<[string, DocumentErrorCode, () => Promise<Uint8Array> | Uint8Array, object?]>([
    ['nothing at all', 'document.empty', () => new Uint8Array()],
    ['blank text', 'document.empty', () => Buffer.from(' \n\n ')],
    [
      'more bytes than allowed',
      'document.too_large',
      () => Buffer.from('abcdef'),
      { documentBytes: 5 },
    ],
    ['a PDF', 'document.unsupported_format', () => Buffer.from('%PDF-1.7\n')],
    ['random bytes', 'document.unsupported_format', () => Buffer.from(Array(300).fill(7))],
    ['a page of HTML', 'document.unsupported_format', () => Buffer.from('<!DOCTYPE html><p>x')],
    ['a Word file', 'document.unsupported_format', () => zip({ 'word/document.xml': '<x/>' })],
    [
      'a truncated archive',
      'document.damaged_archive',
      async () => (await epub({ pages })).subarray(0, 900),
    ],
    [
      'bytes after the archive',
      'document.damaged_archive',
      async () => Buffer.concat([await epub({ pages }), Buffer.from('more')]),
    ],
    ['a zip bomb', 'document.zip_bomb', () => zip({ 'a.txt': Buffer.alloc(3_000_000) })],
    [
      'entries that unpack to too much together',
      'document.zip_bomb',
      () => zip({ a: Buffer.alloc(900), b: Buffer.alloc(900) }),
      { archiveBytes: 1000 },
    ],
    ['one entry too large', 'document.entry_too_large', () => epub({ pages }), { entryBytes: 40 }],
    ['too many entries', 'document.too_many_entries', () => epub({ pages }), { archiveEntries: 3 }],
    ['a path upwards', 'document.unsafe_path', () => zip({ '../../etc/passwd': 'x' })],
    ['an absolute path', 'document.unsafe_path', () => zip({ '/etc/passwd': 'x' })],
    [
      'encrypted text',
      'document.protected',
      () =>
        epub({
          pages,
          files: {
            'META-INF/encryption.xml': encrypted('http://www.w3.org/2001/04/xmlenc#aes128-cbc'),
          },
        }),
    ],
    [
      'a rights file',
      'document.protected',
      () => epub({ pages, files: { 'META-INF/rights.xml': '<r/>' } }),
    ],
    ['tags 300 deep', 'document.too_deep', () => epub({ pages: { 'a.xhtml': nested(300) } })],
    [
      'tags 500,000 deep',
      'document.too_deep',
      () => Buffer.from(`<FictionBook>${nested(500_000)}`),
    ],
    [
      'nothing but tags',
      'document.too_complex',
      () => Buffer.from(`<FictionBook>${'<p/>'.repeat(99)}`),
      { elements: 50 },
    ],
    ['a spine without files', 'document.empty', () => epub({ pages: {} })],
    [
      'no package document',
      'document.damaged_package',
      () => zip({ 'META-INF/container.xml': '<x/>' }),
    ],
    [
      'a package without a spine',
      'document.damaged_package',
      () => epub({ pages, files: { 'OPS/package.opf': '<package><manifest/></package>' } }),
    ],
    ['more text than allowed', 'document.too_much_text', () => epub({ pages }), { textBytes: 100 }],
    [
      'a chapter too large',
      'document.chapter_too_large',
      () => epub({ pages }),
      { chapterCharacters: 50 },
    ],
    [
      'too many chapters',
      'document.too_many_chapters',
      () => epub({ pages: { 'a.xhtml': prose(60), 'b.xhtml': prose(60) } }),
      { chapters: 1 },
    ],
    [
      'too long a table of contents',
      'document.too_many_toc_entries',
      () => epub({ pages, nav: `<ol>${'<li><a href="a.xhtml">x</a></li>'.repeat(9)}</ol>` }),
      { tocEntries: 8 },
    ],
    [
      'too deep a table of contents',
      'document.too_deep',
      () => epub({ pages, nav: '<ol><li><span>x</span>'.repeat(40) }),
    ],
    ['sections nested as deep', 'document.too_deep', () => fb2Parts(40)],
  ])('%s: %s', async (_name, code, bytes, limits) => {
    const error = await refusal(await bytes(), limits);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/[.!]$/);
    expect(DOCUMENT_ERRORS[code]).not.toBe('');
  });

  function fb2Parts(depth: number): Buffer {
    const open = '<section><title><p>Part</p></title>'.repeat(depth);
    return Buffer.from(
      `<FictionBook><body>${open}${prose(60)}${'</section>'.repeat(depth)}</body></FictionBook>`,
    );
  }

  test.each([1000, 90_000])('an entry of 45 kB that claims to have %i bytes', async (claim) => {
    const bytes = await zip(epubFiles({ pages: { 'a.xhtml': prose(9000) } }));
    const name = bytes.lastIndexOf('OPS/a.xhtml');
    bytes.writeUInt32LE(claim, name - 46 + 24); // uncompressed size in the central directory
    expect((await refusal(bytes)).code).toBe('document.damaged_archive');
  });

  test('an archive locked with a password', async () => {
    const bytes = await epub({ pages });
    for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4)) {
      bytes.writeUInt16LE(bytes.readUInt16LE(at + 8) | 1, at + 8);
    }
    expect((await refusal(bytes)).code).toBe('document.protected');
  });
});

describe('a hostile book that can be read does no harm', () => {
  test('entities of a DTD are neither expanded nor loaded', async () => {
    const dtd =
      '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>';
    const book = await parseBook(
      await epub({
        pages: { 'a.xhtml': `<?xml version="1.0"?>${dtd}<html><body><p>&b;&f;</p></body></html>` },
      }),
    );
    expect(renderText(book.chapters[0]!.content)).toBe('&b;&f;');
  });

  test('fonts that are only obfuscated are no protection', async () => {
    const method = '<EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/>';
    const files = { 'META-INF/encryption.xml': `<encryption>${method}</encryption>` };
    expect((await parseBook(await epub({ pages, files }))).chapters).toHaveLength(1);
  });

  test('scripts, events and addresses of scripts are gone', async () => {
    const book = await parseBook(
      await epub({
        pages: {
          'a.xhtml':
            '<p onclick="x()">See <a href="javascript:alert(1)">this</a> and <a href="https://example.org/">that</a>.</p>' +
            `<script>alert(2)</script><style>p{}</style><iframe src="http://x"/>${prose(40)}`,
        },
      }),
    );
    const stored = JSON.stringify(book.chapters);
    expect(stored).not.toMatch(/script|alert|onclick|iframe/);
    expect(book.chapters[0]!.content[0]).toMatchObject({
      content: [
        { type: 'text', text: 'See this and ' },
        { type: 'link', target: { kind: 'web', href: 'https://example.org/' } },
        { type: 'text' },
      ],
    });
  });

  test('pictures in SVG keep their drawing only', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>alert(1)</script><style>@import "http://x"</style><style>@im<!-- -->port "http://x"</style><style><![CDATA[p{}]]></style>' +
      '<a href="javascript:x()"><circle r="1"/></a><image href="http://x/y.png"/><use href="#g"/>' +
      '<rect fill="url(http://x#y)" style="fill:url(#ok)"/><foreignObject><p>x</p></foreignObject><set attributeName="href"/></svg>';
    const book = await parseBook(
      await epub({
        pages: { 'a.xhtml': `<img src="a.svg" alt=""/>${prose(40)}` },
        files: { 'OPS/a.svg': svg },
      }),
    );
    expect(Buffer.from(book.images[0]!.bytes).toString()).toBe(
      '<svg xmlns="http://www.w3.org/2000/svg"><style/><style/><style>p{}</style><image/><use href="#g"/><rect style="fill:url(#ok)"/></svg>',
    );
  });

  test('one file under many spellings is read once', async () => {
    const names = ['a.xhtml', 'A.xhtml', './a.xhtml', 'a%2Exhtml', 'x/../a.xhtml'];
    const item = (name: string, i: number) =>
      `<item id="i${i}" href="${name}" media-type="application/xhtml+xml"/>`;
    const book = await parseBook(
      await epub({
        pages,
        manifest: names.map(item).join(''),
        spine: names.map((_, i) => `<itemref idref="i${i}"/>`).join(''),
      }),
    );
    expect(book.chapters.map((chapter) => chapter.words)).toEqual([60]);
  });

  test('strings never hold what PostgreSQL refuses', async () => {
    const book = await parseBook(
      await epub({ pages: { 'a.xhtml': `<p>a\0b&#0;c&#xD800;d\ufffe&#x1;e</p>${prose(40)}` } }),
    );
    const text = renderText(book.chapters[0]!.content);
    expect(text.isWellFormed()).toBe(true);
    expect(text.replace(/\p{Cc}|\ufffe/gu, '')).toBe(text.replaceAll('\n', ''));
  });
});

test('reading stops with the reason of an aborted signal', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(parseBook(await epub({ pages }), { signal: controller.signal })).rejects.toBe(
    reason,
  );
});

test('an EPUB inside of a zip is read', async () => {
  const book = await parseBook(await zip({ 'book.epub': await epub({ pages }) }));
  expect(book.metadata.title).toBe('A Book');
});

test('a book is plain JSON but for its pictures', async () => {
  const book = await parseBook(
    await epub({ pages, nav: '<ol><li><a href="a.xhtml">A</a></li></ol>' }),
  );
  const copy: unknown = JSON.parse(JSON.stringify(book));
  expect(copy).toEqual(book);
});

test('damaged bytes are refused or read, never anything else', async () => {
  const sound: Buffer[] = [
    await epub({
      pages: { 'a.xhtml': `<h2 id="x">I</h2>${prose(50)}<table><tr><td>x</td></tr></table>` },
      nav: '<ol><li><a href="a.xhtml#x">I</a></li></ol>',
    }),
    await zip(epubFiles({ pages, ncx: '<navPoint><content src="a.xhtml"/></navPoint>' }), {
      compress: false,
    }),
    Buffer.from(
      `<FictionBook><body><section><title><p>I</p></title>${prose(30)}</section></body></FictionBook>`,
    ),
    Buffer.from(`CHAPITRE I\n${'mot '.repeat(40)}\nCHAPITRE II\n${'mot '.repeat(40)}`),
  ];
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(fc.nat(sound.length - 1), damage, async (which, changes) => {
      const bytes = Buffer.from(sound[which]!);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      const outcome = await parseBook(bytes).then(
        (book) => book.chapters.length > 0,
        (error: unknown) => error instanceof DocumentError || error,
      );
      expect(outcome).toBe(true);
    }),
    { numRuns: 400 },
  );
});
