import { epub, epubFiles, zip, type Files } from '../../packages/documents/src/testing/fixtures.ts';
import { mobi } from '../../packages/documents/src/testing/mobi.ts';
import { writePdf } from '../../packages/documents/src/testing/write-pdf.ts';

/** A file that is made to harm who reads it. */
export interface HostileFile {
  readonly name: string;
  readonly fileName: string;
  readonly bytes: Buffer;
}

const page = (body: string) => epub({ pages: { 'a.xhtml': body } });
const fb2 = (body: string, head = '') =>
  `<?xml version="1.0" encoding="UTF-8"?>${head}<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0"><description/><body><section><p>A story.</p>${body}</section></body></FictionBook>`;

const LAUGHS = `<!DOCTYPE x [<!ENTITY a "ha">${Array.from(
  { length: 12 },
  (_, i) => `<!ENTITY ${'abcdefghijklm'[i + 1]} "${`&${'abcdefghijklm'[i]};`.repeat(10)}">`,
).join('')}]>`;
const QUADRATIC = `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(50_000)}">]>`;
const EXTERNAL =
  '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]>';
const RECURSIVE = '<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>';

const whole = (doctype: string, body: string) =>
  `<?xml version="1.0"?>${doctype}<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><p>A story.</p>${body}</body></html>`;

/** A PNG that says how large it is, and has no pixels. */
function hugePng(): Buffer {
  const head = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
  const size = Buffer.alloc(13);
  size.writeUInt32BE(0x7f_ff_ff_ff, 0);
  size.writeUInt32BE(0x7f_ff_ff_ff, 4);
  return Buffer.concat([head, size, Buffer.alloc(64)]);
}

async function withImage(name: string, bytes: Buffer | string): Promise<Buffer> {
  return await epub({
    pages: { 'a.xhtml': `<p>A story.</p><img src="${name}"/>` },
    manifest: `<item id="i" href="${name}" media-type="image/${name.split('.')[1]}"/>`,
    files: { [`OPS/${name}`]: bytes },
  });
}

async function archives(): Promise<[string, Buffer][]> {
  const inner = await page('<p>A story.</p>');
  const nested = await zip({ 'a.epub': await zip({ 'b.epub': inner }) });
  const files = epubFiles({ pages: { 'a.xhtml': '<p>A story.</p>' } });
  const beside = async (more: Files) => await zip({ ...files, ...more });
  const many = Object.fromEntries(Array.from({ length: 21_000 }, (_, i) => [`OPS/${i}`, '']));
  return [
    ['a bomb of one entry', await beside({ 'OPS/zeros.xhtml': Buffer.alloc(70_000_000) })],
    [
      'a bomb of many entries',
      await beside(
        Object.fromEntries(
          Array.from({ length: 40 }, (_, i) => [`OPS/${i}.bin`, Buffer.alloc(2_000_000)]),
        ),
      ),
    ],
    ['a bomb as its page', await page(`<p>${' '.repeat(12_000_000)}</p>`)],
    ['too many entries', await zip({ ...files, ...many }, { compress: false })],
    ['a path upwards', await beside({ '../../evil.sh': 'x' })],
    ['an absolute path', await beside({ '/etc/cron.d/evil': 'x' })],
    ['books in books', nested],
    ['an empty archive', await zip({})],
    ['an entry with a long name', await beside({ [`OPS/${'n'.repeat(60_000)}`]: 'x' })],
    [
      'DRM',
      await beside({
        'META-INF/rights.xml': '<rights/>',
        'META-INF/encryption.xml':
          '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#"><CipherData><CipherReference URI="OPS/a.xhtml"/></CipherData></EncryptedData></encryption>',
      }),
    ],
    [
      'a package that names itself',
      await beside({
        'META-INF/container.xml':
          '<container><rootfiles><rootfile full-path="META-INF/container.xml"/></rootfiles></container>',
      }),
    ],
  ];
}

async function markup(): Promise<[string, Buffer][]> {
  const deep = (tag: string, n: number) => `${`<${tag}>`.repeat(n)}x${`</${tag}>`.repeat(n)}`;
  const items = Array.from(
    { length: 30_000 },
    (_, i) => `<li><a href="a.xhtml#${i}">${i}</a></li>`,
  );
  const refs = '<itemref idref="p0"/>'.repeat(30_000);
  return [
    ['a billion laughs', await page(whole(LAUGHS, '<p>&m;</p>'))],
    ['quadratic entities', await page(whole(QUADRATIC, `<p>${'&a;'.repeat(5000)}</p>`))],
    ['external entities', await page(whole(EXTERNAL, '<p>&a;</p>'))],
    ['recursive entities', await page(whole(RECURSIVE, '<p>&a;</p>'))],
    ['deep elements', await page(deep('div', 100_000))],
    ['deep inline elements', await page(`<p>${deep('em', 50_000)}</p>`)],
    [
      'deep tables',
      await page(deep('table><tr><td', 3000).replaceAll('</table><tr><td>', '</td></tr></table>')),
    ],
    [
      'many attributes',
      await page(`<p ${Array.from({ length: 50_000 }, (_, i) => `a${i}="1"`).join(' ')}>x</p>`),
    ],
    ['an endless attribute', await page(`<p title="${'x'.repeat(2_000_000)}>x</p>`)],
    ['opened and never closed', await page('<p><b><i>'.repeat(50_000))],
    ['brackets alone', await page('<'.repeat(500_000))],
    ['ampersands alone', await page(`<p>${'&'.repeat(500_000)}</p>`)],
    ['comments opened', await page('<!--'.repeat(100_000))],
    ['CDATA opened', await page('<![CDATA['.repeat(100_000))],
    [
      'a contents of thousands',
      await epub({ pages: { 'a.xhtml': '<p>x</p>' }, nav: items.join('') }),
    ],
    [
      'a contents that is deep',
      await epub({
        pages: { 'a.xhtml': '<p>x</p>' },
        nav: deep('li><a href="a.xhtml">x</a><ol', 2000).replaceAll(
          '</li><a href="a.xhtml">x</a><ol>',
          '</ol></li>',
        ),
      }),
    ],
    ['a page thousands of times', await epub({ pages: { 'a.xhtml': '<p>x</p>' }, spine: refs })],
    [
      'scripts',
      await page(
        '<p onclick="x()">A</p><script>while(1);</script><iframe src="javascript:x"/><object data="file:///etc/passwd"/>',
      ),
    ],
  ];
}

async function pictures(): Promise<[string, Buffer][]> {
  const svg = (inner: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="99999999" height="99999999">${inner}</svg>`;
  const uses = Array.from(
    { length: 12 },
    (_, i) => `<g id="g${i + 1}">${`<use xlink:href="#g${i}"/>`.repeat(10)}</g>`,
  );
  return [
    ['a picture of 2^31 by 2^31', await withImage('i.png', hugePng())],
    [
      'a GIF of 65535 by 65535',
      await withImage('i.gif', Buffer.from('GIF89a\xff\xff\xff\xff\x80\0\0', 'latin1')),
    ],
    [
      'a JPEG that ends at once',
      await withImage(
        'i.jpeg',
        Buffer.from('\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff', 'latin1'),
      ),
    ],
    [
      'an SVG with a script',
      await withImage(
        'i.svg',
        svg('<script>x()</script><foreignObject><body onload="x()"/></foreignObject>'),
      ),
    ],
    [
      'an SVG of a billion uses',
      await withImage('i.svg', svg(`<g id="g0"/>${uses.join('')}<use xlink:href="#g12"/>`)),
    ],
    ['an SVG with laughs', await withImage('i.svg', LAUGHS + svg('<text>&m;</text>'))],
  ];
}

function texts(): [string, Buffer][] {
  return [
    ['fb2: a billion laughs', Buffer.from(fb2('<p>&m;</p>', LAUGHS))],
    ['fb2: external entities', Buffer.from(fb2('<p>&a;</p>', EXTERNAL))],
    [
      'fb2: deep sections',
      Buffer.from(fb2(`${'<section>'.repeat(50_000)}${'</section>'.repeat(50_000)}`)),
    ],
    [
      'fb2: a binary that is none',
      Buffer.from(
        fb2('').replace(
          '</FictionBook>',
          `<binary id="a" content-type="image/png">${'A'.repeat(3_000_000)}!</binary></FictionBook>`,
        ),
      ),
    ],
    [
      'fb2: a lie about its encoding',
      Buffer.from(fb2('<p>é</p>').replace('UTF-8', 'utf-32'), 'latin1'),
    ],
    ['txt: one endless line', Buffer.from('a'.repeat(4_000_000))],
    ['txt: blanks alone', Buffer.from(' '.repeat(4_000_000))],
    [
      'txt: blanks and a letter',
      Buffer.from(`${'\t '.repeat(1_000_000)}x${' '.repeat(1_000_000)}`),
    ],
    ['txt: chapters alone', Buffer.from('Chapter 1\n\n'.repeat(100_000))],
    ['txt: line ends alone', Buffer.from('\r'.repeat(2_000_000))],
    ['txt: stars and numbers', Buffer.from('* * *\n1\n'.repeat(100_000))],
    [
      'txt: half of UTF-16',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.alloc(100_001, 0xd8)]),
    ],
    ['txt: NUL', Buffer.from(`Chapter 1\n\nA story.\u0000It goes on.\n`)],
    ['txt: marks without a letter', Buffer.from(`Chapter 1\n\na${'\u0301'.repeat(300_000)}`)],
    [
      'txt: right to left overrides',
      Buffer.from(`Chapter 1\n\n${'\u202e\u2066'.repeat(100_000)}x`),
    ],
  ];
}

function pdfs(): [string, Buffer][] {
  const one = { pages: [{ text: '20 200 Td (A story that goes on and on, to its end.) Tj' }] };
  const pdf = writePdf(one).toString('latin1');
  const of = (text: string) => Buffer.from(text, 'latin1');
  return [
    ['pdf: a million pages declared', of(pdf.replace(/\/Count \d+/u, '/Count 1000000'))],
    ['pdf: a page tree in a circle', of(pdf.replace(/\/Kids \[[^\]]*\]/u, '/Kids [2 0 R 2 0 R]'))],
    [
      'pdf: a trailer that points to itself',
      of(pdf.replace('trailer', `trailer << /Prev ${pdf.lastIndexOf('xref')} >>`)),
    ],
    [
      'pdf: deep arrays',
      of(`%PDF-1.7\n1 0 obj ${'['.repeat(100_000)}${']'.repeat(100_000)} endobj\n${pdf}`),
    ],
    [
      'pdf: deep operands',
      writePdf({
        pages: [{ text: '', drawing: `${'<<'.repeat(20_000)} ${'q '.repeat(200_000)}` }],
      }),
    ],
    ['pdf: an endless text', writePdf({ pages: [{ text: '(x) Tj '.repeat(300_000) }] })],
    [
      'pdf: a page without bounds',
      of(pdf.replace(/\/MediaBox \[[^\]]*\]/u, '/MediaBox [0 0 1e30 1e30]')),
    ],
    ['pdf: a stream longer than the file', of(pdf.replace(/\/Length \d+/u, '/Length 999999999'))],
    [
      'pdf: encryption of no kind',
      of(pdf.replace('/Root', '/Encrypt << /Filter /None /V 99 >> /Root')),
    ],
    [
      'pdf: actions',
      of(pdf.replace('/Type /Catalog', '/Type /Catalog /OpenAction << /S /Launch /F (/bin/sh) >>')),
    ],
    ['pdf: head alone', of('%PDF-1.7\n')],
    [
      'pdf: no pages',
      of(pdf.replace(/\/Kids \[[^\]]*\]/u, '/Kids []').replace(/\/Count \d+/u, '/Count 0')),
    ],
  ];
}

function named(extension: string, list: readonly [string, Buffer][]): HostileFile[] {
  return list.map(([name, bytes]) => ({ name, bytes, fileName: `hostile.${extension}` }));
}

/** The attacks that are known of formats like ours, small enough to be accepted as uploads. */
export async function knownAttacks(): Promise<HostileFile[]> {
  const book = await page('<p>A story.</p>');
  const pdf = pdfs()[0]?.[1] ?? Buffer.alloc(0);
  const shell = Buffer.from('#!/bin/sh\necho <script>x()</script>\n');
  const palm = mobi({ title: 'A Book', html: '<p>A story.</p>' });
  const palmLies = Buffer.from(palm);
  palmLies.writeUInt16BE(0xff_ff, 76);
  return [
    ...named('epub', [...(await archives()), ...(await markup()), ...(await pictures())]),
    ...named('fb2', texts()),
    ...named('pdf', pdfs()),
    ...named('epub', [
      ['polyglot: a PDF that is an EPUB', Buffer.concat([pdf, book])],
      ['polyglot: an EPUB that is a PDF', Buffer.concat([book, pdf])],
      ['polyglot: a script that is an EPUB', Buffer.concat([shell, book])],
      ['polyglot: a picture that is an EPUB', Buffer.concat([Buffer.from('GIF89a;'), book])],
    ]),
    ...named('pdf', [['polyglot: an EPUB in the PDF field', book]]),
    ...named('mobi', [
      ['mobi: more records than bytes', palmLies],
      ['mobi: a head alone', palm.subarray(0, 90)],
    ]),
  ];
}
