import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import {
  chaptersOf,
  escapeMarkup,
  provenance,
  type ExportChapter,
  type ExportSource,
} from './export.ts';

/** The same result gives the same bytes, whenever it is asked for. */
const MODIFIED = '2000-01-01T00:00:00Z';
const MTIME = new Date(2000, 0, 1);

const CONTAINER = `<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles><rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
`;

const STYLE = `body { margin: 5%; line-height: 1.5; } h1 { margin: 2em 0 1em; } p { margin: 0; text-indent: 1.2em; } p.about { text-indent: 0; margin-bottom: 1em; }
`;

interface Page {
  readonly name: string;
  readonly title: string;
  readonly body: string;
}

/** The shortened book with its chapters (EPUB 3), with a page in front that says how it was made. */
export async function toEpub(source: ExportSource): Promise<Uint8Array> {
  const { result } = source;
  const chapters = chaptersOf(result.sentences);
  const pages: Page[] = [
    { name: 'about.xhtml', title: result.title, body: aboutOf(source) },
    ...chapters.map((chapter, index) => ({
      name: `chapter-${index + 1}.xhtml`,
      title: chapter.title ?? result.title,
      body: bodyOf(chapter),
    })),
  ];
  const zip = new ZipFile();
  const add = (name: string, text: string, compress = true) =>
    zip.addBuffer(Buffer.from(text), name, { compress, mtime: MTIME });
  // First and uncompressed: the mark by which a reader knows the format.
  add('mimetype', 'application/epub+zip', false);
  add('META-INF/container.xml', CONTAINER);
  add('OEBPS/content.opf', packageOf(source, pages));
  add('OEBPS/nav.xhtml', navigationOf(source, pages));
  add('OEBPS/toc.ncx', ncxOf(source, pages));
  add('OEBPS/style.css', STYLE);
  for (const page of pages) add(`OEBPS/${page.name}`, documentOf(source, page));
  zip.end();
  return await buffer(zip.outputStream);
}

function aboutOf(source: ExportSource): string {
  const { result, author } = source;
  const lines = provenance(source).map((line) => `<p class="about">${escapeMarkup(line)}</p>`);
  const by = author === null ? '' : `<p class="about">${escapeMarkup(author)}</p>`;
  return `<h1>${escapeMarkup(result.title)}</h1>${by}<div xml:lang="en" lang="en">${lines.join('')}</div>`;
}

function bodyOf({ title, paragraphs }: ExportChapter): string {
  const head = title === null ? '' : `<h1>${escapeMarkup(title)}</h1>\n`;
  const body = paragraphs.map(({ sentences }) => {
    const text = sentences.flatMap((each) => each.sentences).map(escapeMarkup);
    return `<p>${text.join(' ')}</p>`;
  });
  return head + body.join('\n');
}

function documentOf({ result }: ExportSource, { title, body }: Page): string {
  const language = escapeMarkup(result.language ?? 'und');
  return `<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="${language}" lang="${language}">
<head><title>${escapeMarkup(title)}</title><link rel="stylesheet" href="style.css"/></head>
<body>${body}</body>
</html>
`;
}

function navigationOf({ result }: ExportSource, pages: readonly Page[]): string {
  const entries = pages.map(
    ({ name, title }) => `<li><a href="${name}">${escapeMarkup(title)}</a></li>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">
<head><title>${escapeMarkup(result.title)}</title></head>
<body><nav epub:type="toc"><ol>${entries.join('')}</ol></nav></body>
</html>
`;
}

/** The table of contents once more, for readers that know EPUB 2 alone. */
function ncxOf(source: ExportSource, pages: readonly Page[]): string {
  const points = pages.map(
    ({ name, title }, index) =>
      `<navPoint id="n${index}" playOrder="${index + 1}"><navLabel><text>${escapeMarkup(title)}</text></navLabel><content src="${name}"/></navPoint>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1">
<head><meta name="dtb:uid" content="${identifierOf(source)}"/></head>
<docTitle><text>${escapeMarkup(source.result.title)}</text></docTitle>
<navMap>${points.join('')}</navMap>
</ncx>
`;
}

function identifierOf({ result }: ExportSource): string {
  const facts = `${result.novel_id}:${result.job_id}:${result.title}`;
  return `urn:scriptorium:${createHash('sha256').update(facts).digest('hex').slice(0, 32)}`;
}

function packageOf(source: ExportSource, pages: readonly Page[]): string {
  const { result, author } = source;
  const creator = author === null ? '' : `<dc:creator>${escapeMarkup(author)}</dc:creator>`;
  const items = pages.map(
    ({ name }, index) => `<item id="p${index}" href="${name}" media-type="application/xhtml+xml"/>`,
  );
  const spine = pages.map((_, index) => `<itemref idref="p${index}"/>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">${identifierOf(source)}</dc:identifier>
<dc:title>${escapeMarkup(result.title)}</dc:title>
<dc:language>${escapeMarkup(result.language ?? 'und')}</dc:language>${creator}
<meta property="dcterms:modified">${MODIFIED}</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="style" href="style.css" media-type="text/css"/>
${items.join('\n')}
</manifest>
<spine toc="ncx">${spine.join('')}</spine>
</package>
`;
}
