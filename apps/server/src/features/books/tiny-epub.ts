import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';

/** Prose with something to see in it. */
export const SCENE =
  'The narrow grey house stood at the end of a wet lane, and its tall windows glimmered in the pale light of the moon. ' +
  'Behind it lay a dark garden with mossy walls, a broken stone fountain and two black trees that leaned over the roof. ' +
  'A cold mist hung above the river, and the long shadows of the hills stretched over the silent white fields.';

/** A page that is text to read, with something to see in it; `seed` makes it differ from others. */
export function scene(seed: string): string {
  return `<h1>${seed}</h1><p>This is the story of ${seed}.</p><p>${SCENE}</p>`;
}

export interface TinyBook {
  readonly title: string;
  readonly language?: string;
  /** Inside of the `body` of each page; each is a chapter by the table of contents, under this name. */
  readonly pages: Readonly<Record<string, string>>;
  /** By name, beside the pages. */
  readonly pictures?: Readonly<Record<string, Uint8Array>>;
  /** The name of one of them. */
  readonly cover?: string;
}

/** An EPUB 3 in memory. */
export async function tinyEpub(book: TinyBook): Promise<Buffer> {
  const { title, language = 'en', pages, pictures = {}, cover } = book;
  const names = Object.keys(pages);
  const file = (i: number) => `page${i}.xhtml`;
  const items = names.map(
    (_, i) => `<item id="p${i}" href="${file(i)}" media-type="application/xhtml+xml"/>`,
  );
  for (const name of Object.keys(pictures)) {
    const properties = name === cover ? ' properties="cover-image"' : '';
    items.push(`<item id="i-${name}" href="${name}" media-type="image/x"${properties}/>`);
  }
  const refs = names.map((_, i) => `<itemref idref="p${i}"/>`).join('');
  const links = names.map((name, i) => `<li><a href="${file(i)}">${name}</a></li>`).join('');
  const entries: Record<string, string> = {
    mimetype: 'application/epub+zip',
    'META-INF/container.xml':
      '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    'book.opf': `<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${title}</dc:title><dc:creator>A. Writer</dc:creator><dc:language>${language}</dc:language></metadata><manifest>${items.join('')}<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest><spine>${refs}</spine></package>`,
    'nav.xhtml': xhtml(`<nav epub:type="toc"><ol>${links}</ol></nav>`),
    ...Object.fromEntries(names.map((name, i) => [file(i), xhtml(pages[name] ?? '')])),
  };
  const archive = new yazl.ZipFile();
  for (const [name, text] of Object.entries(entries)) archive.addBuffer(Buffer.from(text), name);
  for (const [name, bytes] of Object.entries(pictures)) {
    archive.addBuffer(Buffer.from(bytes), name);
  }
  archive.end();
  return await buffer(archive.outputStream);
}

function xhtml(body: string): string {
  return `<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>${body}</body></html>`;
}

export function fileOf(bytes: Uint8Array, name: string): File {
  return new File([new Uint8Array(bytes)], name);
}
