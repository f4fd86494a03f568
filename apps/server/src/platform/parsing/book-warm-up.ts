import { crc32 } from 'node:zlib';
import { parseStoredBook } from './book-parser.ts';

/** More than this makes the first real book no faster: 0.7 s without, 0.35 s with. */
const ROUNDS = 6;
const PAGES = 12;

/**
 * Reads a made-up book a few times, so that the code is compiled before the first real one comes. Between two rounds the process
 * listens; `isWanted` ends it as soon as there is something real to do.
 */
export async function warmUp(isWanted: () => boolean): Promise<void> {
  const book = madeUpBook();
  for (let round = 0; round < ROUNDS && !isWanted(); round += 1) {
    await parseStoredBook(book, { fileName: 'warm-up.epub', maxBytes: book.byteLength });
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const PARAGRAPH =
  '<p>It was <em>late</em>, “and cold”; the <b>old</b> house &amp; its <i>garden</i> lay <a href="page1.xhtml#n">there</a>.<br/>Nobody came, and nobody went.</p>';
const PAGE_BODY = `<section><h2 id="n">One</h2>${PARAGRAPH.repeat(60)}<blockquote>${PARAGRAPH}</blockquote><ul><li>${PARAGRAPH}</li></ul><table><tr><td>1</td></tr></table><hr/></section>`;

/** An EPUB 3 with the markup that novels have. */
function madeUpBook(): Buffer {
  const numbers = Array.from({ length: PAGES }, (_, i) => i + 1);
  const each = (text: (n: number) => string) => numbers.map(text).join('');
  const item = (n: number) =>
    `<item id="p${n}" href="page${n}.xhtml" media-type="application/xhtml+xml"/>`;
  return storedArchive({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml':
      '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    'book.opf': `<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Warm-up</dc:title><dc:language>en</dc:language></metadata><manifest>${each(item)}<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest><spine>${each((n) => `<itemref idref="p${n}"/>`)}</spine></package>`,
    'nav.xhtml': page(
      `<nav epub:type="toc"><ol>${each((n) => `<li><a href="page${n}.xhtml">Part ${n}</a></li>`)}</ol></nav>`,
    ),
    ...Object.fromEntries(
      numbers.map((n) => [`page${n}.xhtml`, page(`<h1>Part ${n}</h1>${PAGE_BODY.repeat(2)}`)]),
    ),
  });
}

function page(body: string): string {
  return `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Warm-up</title></head><body>${body}</body></html>`;
}

/** A ZIP archive without compression (APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16). */
function storedArchive(files: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [path, content] = [Buffer.from(name), Buffer.from(text)];
    // Version 2.0, no flags, stored, midnight of 1 January 1980.
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(0x21, 8);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(content.length, 14);
    facts.writeUInt32LE(content.length, 18);
    facts.writeUInt16LE(path.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, path, content]);
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, place, path]),
    );
    parts.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, entries, end]);
}
