import { packEpub } from './container.ts';
import type { ContainerEntry } from './container.ts';
import { escapeXml, renderInlines, renderXhtmlBlocks, renderXhtmlHeading } from './markup.ts';
import type { InlineTags } from './markup.ts';
import { sectionName, tableOfContents } from './source.ts';
import type { Block, SampleBook, Section, SectionType } from './source.ts';

/** A run of blocks of one section; only its first piece carries the heading. */
interface Piece {
  section: Section;
  blocks: Block[];
  isFirst: boolean;
}

interface Page {
  href: string;
  pieces: Piece[];
}

const GUIDE_TYPES: Partial<Record<SectionType, string>> = {
  titlepage: 'title-page',
  'copyright-page': 'copyright-page',
  toc: 'toc',
  epigraph: 'epigraph',
  prologue: 'text',
  endnotes: 'notes',
};

/**
 * Writes an EPUB 2 as converters leave them: file names that say nothing, NCX and guide instead of a navigation document,
 * no `epub:type`. Two habits of theirs are in it on purpose: chapters one and two share a file and are told apart by
 * fragments; chapter five is cut over two files, and the second is in no table of contents.
 */
export async function writeEpub2(book: SampleBook, cover: Buffer, css: string): Promise<Buffer> {
  const pages = layOut(book);
  const entries: ContainerEntry[] = [
    { path: 'content.opf', content: packageDocument(book, pages) },
    { path: 'toc.ncx', content: ncx(book, pages) },
    { path: 'stylesheet.css', content: css },
    { path: 'cover.png', content: cover },
    { path: 'titlepage.xhtml', content: coverPage(book) },
    ...pages.map((page) => ({ path: page.href, content: contentDocument(book, pages, page) })),
  ];
  return await packEpub('content.opf', entries, book.metadata.date);
}

function layOut(book: SampleBook): Page[] {
  const chapters = book.sections.filter((section) => section.type === 'chapter');
  const [, second, , , fifth] = chapters;
  const pages: Page[] = [];
  let number = 0;
  for (const section of book.sections) {
    const whole: Piece = { section, blocks: section.blocks, isFirst: true };
    const previous = pages.at(-1);
    if (section === second && previous) {
      previous.pieces.push(whole);
      continue;
    }
    const stem = `text/part${String(number).padStart(4, '0')}`;
    number += 1;
    if (section === fifth) {
      const half = Math.ceil(section.blocks.length / 2);
      const [head, tail] = [section.blocks.slice(0, half), section.blocks.slice(half)];
      pages.push({
        href: `${stem}_split_000.html`,
        pieces: [{ section, blocks: head, isFirst: true }],
      });
      pages.push({
        href: `${stem}_split_001.html`,
        pieces: [{ section, blocks: tail, isFirst: false }],
      });
    } else {
      pages.push({ href: `${stem}.html`, pieces: [whole] });
    }
  }
  return pages;
}

/** Where a section begins, from the root of the container; with a fragment where it shares its file. */
function hrefOf(pages: Page[], section: Section): string {
  const begins = (piece: Piece) => piece.section === section && piece.isFirst;
  const page = pages.find(({ pieces }) => pieces.some(begins));
  const position = page?.pieces.findIndex(begins) ?? 0;
  return page && page.pieces.length > 1 ? `${page.href}#${anchor(position)}` : (page?.href ?? '');
}

function anchor(position: number): string {
  return `chap${position + 1}`;
}

function pageOfType(book: SampleBook, pages: Page[], type: SectionType): string {
  const section = book.sections.find((candidate) => candidate.type === type);
  return section ? hrefOf(pages, section) : '';
}

function packageDocument(book: SampleBook, pages: Page[]): string {
  const { metadata } = book;
  const items = pages.map(
    ({ href }, index) =>
      `    <item id="html${index}" href="${href}" media-type="application/xhtml+xml"/>`,
  );
  const references = book.sections.flatMap((section) => {
    const type = GUIDE_TYPES[section.type];
    const title = escapeXml(section.title);
    return type
      ? [`    <reference type="${type}" title="${title}" href="${hrefOf(pages, section)}"/>`]
      : [];
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="uuid_id">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">
    <dc:title>${escapeXml(metadata.title)}</dc:title>
    <dc:creator opf:role="aut" opf:file-as="Scriptorium">${escapeXml(metadata.author)}</dc:creator>
    <dc:identifier id="uuid_id" opf:scheme="uuid">${metadata.identifier}</dc:identifier>
    <dc:language>${metadata.language}</dc:language>
    <dc:date>${metadata.date}</dc:date>
    <dc:publisher>${escapeXml(metadata.publisher)}</dc:publisher>
    <dc:rights>${escapeXml(metadata.rights)}</dc:rights>
    <dc:subject>${escapeXml(metadata.subject)}</dc:subject>
    <dc:description>${escapeXml(metadata.description)}</dc:description>
    <meta name="cover" content="cover"/>
  </metadata>
  <manifest>
    <item id="cover" href="cover.png" media-type="image/png"/>
    <item id="titlepage" href="titlepage.xhtml" media-type="application/xhtml+xml"/>
    <item id="css" href="stylesheet.css" media-type="text/css"/>
    <item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
${items.join('\n')}
  </manifest>
  <spine toc="ncx">
    <itemref idref="titlepage"/>
${pages.map((_page, index) => `    <itemref idref="html${index}"/>`).join('\n')}
  </spine>
  <guide>
    <reference type="cover" title="${escapeXml(metadata.title)}" href="titlepage.xhtml"/>
${references.join('\n')}
  </guide>
</package>
`;
}

function ncx(book: SampleBook, pages: Page[]): string {
  let playOrder = 0;
  const navPoint = (section: Section, children: Section[]): string => {
    playOrder += 1;
    const open = `<navPoint id="num_${playOrder}" playOrder="${playOrder}">
<navLabel><text>${escapeXml(sectionName(section))}</text></navLabel>
<content src="${hrefOf(pages, section)}"/>`;
    return [open, ...children.map((child) => navPoint(child, [])), '</navPoint>'].join('\n');
  };
  const points = tableOfContents(book).map(({ section, children }) => navPoint(section, children));
  return `<?xml version="1.0" encoding="utf-8"?>
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1" xml:lang="${book.metadata.language}">
<head>
<meta name="dtb:uid" content="${book.metadata.identifier}"/>
<meta name="dtb:depth" content="2"/>
<meta name="dtb:totalPageCount" content="0"/>
<meta name="dtb:maxPageNumber" content="0"/>
</head>
<docTitle><text>${escapeXml(book.metadata.title)}</text></docTitle>
<navMap>
${points.join('\n')}
</navMap>
</ncx>
`;
}

function xhtml(book: SampleBook, title: string, root: string, body: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="${book.metadata.language}">
<head>
<title>${escapeXml(title)}</title>
<link rel="stylesheet" type="text/css" href="${root}stylesheet.css"/>
</head>
<body>
${body}
</body>
</html>
`;
}

function coverPage(book: SampleBook): string {
  const image = `<img src="cover.png" alt="${escapeXml(book.metadata.cover)}"/>`;
  return xhtml(book, book.metadata.title, '', `<div class="cover">${image}</div>`);
}

function contentDocument(book: SampleBook, pages: Page[], page: Page): string {
  const notes = pageOfType(book, pages, 'endnotes').replace('text/', '');
  const tags: InlineTags = {
    emphasis: 'em',
    noteref: (number) => `<a class="noteref" href="${notes}#note-${number}">${number}</a>`,
  };
  const divisions = page.pieces.map(({ section, blocks, isFirst }, position) => {
    const id = page.pieces.length > 1 ? ` id="${anchor(position)}"` : '';
    const heading = isFirst ? renderXhtmlHeading(section) : '';
    const body = renderSection(book, pages, { section, blocks, isFirst }, tags);
    const content = [heading, body].filter((part) => part !== '').join('\n');
    return `<div class="${section.type}"${id}>\n${content}\n</div>`;
  });
  const title = page.pieces[0] ? sectionName(page.pieces[0].section) : '';
  return xhtml(book, title, '../', divisions.join('\n'));
}

function renderSection(book: SampleBook, pages: Page[], piece: Piece, tags: InlineTags): string {
  if (piece.section.type === 'toc') return contents(book, pages);
  if (piece.section.type === 'endnotes') {
    return book.notes
      .map((note, index) => {
        const number = index + 1;
        return `<p id="note-${number}">${number}. ${renderInlines(note, tags)}</p>`;
      })
      .join('\n');
  }
  return renderXhtmlBlocks(piece.blocks, tags);
}

function contents(book: SampleBook, pages: Page[]): string {
  const link = (section: Section) =>
    `<a href="${hrefOf(pages, section).replace('text/', '')}">${escapeXml(sectionName(section))}</a>`;
  const list = (items: string[]) =>
    `<ul>\n${items.map((item) => `<li>${item}</li>`).join('\n')}\n</ul>`;
  return list(
    tableOfContents(book).map(({ section, children }) =>
      children.length > 0 ? `${link(section)}\n${list(children.map(link))}\n` : link(section),
    ),
  );
}
