import { once } from 'node:events';
import yazl from 'yazl';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A zip archive in memory. Names are written as they are, bad ones included. */
export async function zip(files: Files, options: { compress?: boolean } = {}): Promise<Buffer> {
  const archive = new yazl.ZipFile();
  const renames: [placeholder: string, name: string][] = [];
  for (const [name, content] of Object.entries(files)) {
    // yazl refuses bad names: pack under a harmless one of the same length and write it over.
    const isBad = name.startsWith('/') || name.split('/').includes('..');
    const stored = isBad ? name.replace(/[./]/g, '_') : name;
    if (isBad) renames.push([stored, name]);
    archive.addBuffer(Buffer.from(content), stored, { compress: options.compress ?? true });
  }
  archive.end();
  const chunks: Buffer[] = [];
  archive.outputStream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(archive.outputStream, 'end');
  let latin = Buffer.concat(chunks).toString('latin1');
  for (const [stored, name] of renames) latin = latin.replaceAll(stored, name);
  return Buffer.from(latin, 'latin1');
}

export interface EpubParts {
  /** Inside `metadata`; a title and a language by default. */
  metadata?: string;
  /** Content documents by name, in spine order: the inside of `body`, or a whole document. */
  pages: Readonly<Record<string, string>>;
  /** Inside the `nav` of the table of contents (an `ol`). */
  nav?: string;
  /** Further `nav` elements of the navigation document. */
  moreNav?: string;
  /** Inside `navMap`. */
  ncx?: string;
  guide?: string;
  /** Further items of the manifest, as XML. */
  manifest?: string;
  /** Instead of the spine made from the pages. */
  spine?: string;
  spineAttributes?: string;
  /** Further files by name; names are relative to the archive, pages lie in `OPS/`. */
  files?: Files;
}

const METADATA = '<dc:title>A Book</dc:title><dc:language>en</dc:language>';

/** An EPUB with its package document at `OPS/package.opf`. */
export async function epub(parts: EpubParts): Promise<Buffer> {
  return await zip(epubFiles(parts));
}

export function epubFiles(parts: EpubParts): Record<string, string | Uint8Array> {
  const names = Object.keys(parts.pages);
  const items = names.map(
    (name, i) => `<item id="p${i}" href="${name}" media-type="application/xhtml+xml"/>`,
  );
  const hasNav = parts.nav !== undefined || parts.moreNav !== undefined;
  if (hasNav) {
    items.push(
      '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
    );
  }
  if (parts.ncx !== undefined) {
    items.push('<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>');
  }
  const refs = parts.spine ?? names.map((_, i) => `<itemref idref="p${i}"/>`).join('');
  const files: Record<string, string | Uint8Array> = {
    mimetype: 'application/epub+zip',
    'META-INF/container.xml':
      '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>' +
      '<rootfile full-path="OPS/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    'OPS/package.opf':
      '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">' +
      `<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">${parts.metadata ?? METADATA}</metadata>` +
      `<manifest>${items.join('')}${parts.manifest ?? ''}</manifest>` +
      `<spine ${parts.spineAttributes ?? ''}>${refs}</spine>${parts.guide ?? ''}</package>`,
  };
  for (const [name, page] of Object.entries(parts.pages)) files[`OPS/${name}`] = document(page);
  if (hasNav) {
    files['OPS/nav.xhtml'] = document(
      `<nav epub:type="toc">${parts.nav ?? ''}</nav>${parts.moreNav ?? ''}`,
    );
  }
  if (parts.ncx !== undefined) files['OPS/toc.ncx'] = `<ncx><navMap>${parts.ncx}</navMap></ncx>`;
  return { ...files, ...parts.files };
}

function document(page: string): string {
  if (page.includes('<html') || page.includes('<?xml')) return page;
  return (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">' +
    `<head><title/></head><body>${page}</body></html>`
  );
}

/** A paragraph of a number of words, so that a page counts as text. */
export function prose(words: number, word = 'word'): string {
  return `<p>${Array.from({ length: words }, () => word).join(' ')}</p>`;
}
