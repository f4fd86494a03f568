import { packEpub } from './container.ts';
import type { ContainerEntry } from './container.ts';
import { escapeXml, renderInlines, renderXhtmlBlocks, renderXhtmlHeading } from './markup.ts';
import type { InlineTags } from './markup.ts';
import { noterefs, sectionName, tableOfContents } from './source.ts';
import type { SampleBook, Section, SectionType } from './source.ts';

const DIVISIONS: Record<SectionType, 'frontmatter' | 'bodymatter' | 'backmatter'> = {
  titlepage: 'frontmatter',
  'copyright-page': 'frontmatter',
  toc: 'frontmatter',
  epigraph: 'frontmatter',
  prologue: 'bodymatter',
  part: 'bodymatter',
  chapter: 'bodymatter',
  epilogue: 'bodymatter',
  endnotes: 'backmatter',
};

const ROLES: Partial<Record<SectionType, string>> = {
  epigraph: 'doc-epigraph',
  prologue: 'doc-prologue',
  part: 'doc-part',
  chapter: 'doc-chapter',
  epilogue: 'doc-epilogue',
  endnotes: 'doc-endnotes',
};

interface Page {
  id: string;
  href: string;
  section: Section;
}

/**
 * Writes an EPUB 3 of the careful kind: one document a section, each with its `epub:type` and role, a navigation document
 * with contents and landmarks that is also the contents page, endnotes that link both ways.
 */
export async function writeEpub3(book: SampleBook, cover: Buffer, css: string): Promise<Buffer> {
  const pages = layOut(book);
  const entries: ContainerEntry[] = [
    { path: 'EPUB/package.opf', content: packageDocument(book, pages) },
    { path: 'EPUB/css/book.css', content: css },
    { path: 'EPUB/images/cover.png', content: cover },
    { path: 'EPUB/text/cover.xhtml', content: coverPage(book) },
    ...pages.map((page) => ({
      path: `EPUB/${page.href}`,
      content:
        page.section.type === 'toc'
          ? navigation(book, pages, page)
          : contentDocument(book, pages, page),
    })),
  ];
  return await packEpub('EPUB/package.opf', entries, book.metadata.date);
}

function layOut(book: SampleBook): Page[] {
  const counts: Partial<Record<SectionType, number>> = {};
  return book.sections.map((section) => {
    const count = (counts[section.type] ?? 0) + 1;
    counts[section.type] = count;
    const isNumbered = section.type === 'chapter' || section.type === 'part';
    const id = isNumbered ? `${section.type}-${count}` : section.type;
    return { id, section, href: section.type === 'toc' ? 'nav.xhtml' : `text/${id}.xhtml` };
  });
}

function packageDocument(book: SampleBook, pages: Page[]): string {
  const { metadata } = book;
  const properties = (page: Page) => (page.section.type === 'toc' ? ' properties="nav"' : '');
  return `<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="${metadata.language}">
  <metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:identifier id="id">${metadata.identifier}</dc:identifier>
    <dc:title id="title">${escapeXml(metadata.title)}</dc:title>
    <meta refines="#title" property="title-type">main</meta>
    <dc:title id="subtitle">${escapeXml(metadata.subtitle)}</dc:title>
    <meta refines="#subtitle" property="title-type">subtitle</meta>
    <dc:creator id="author">${escapeXml(metadata.author)}</dc:creator>
    <meta refines="#author" property="role" scheme="marc:relators">aut</meta>
    <dc:language>${metadata.language}</dc:language>
    <dc:publisher>${escapeXml(metadata.publisher)}</dc:publisher>
    <dc:date>${metadata.date}</dc:date>
    <dc:rights>${escapeXml(metadata.rights)}</dc:rights>
    <dc:subject>${escapeXml(metadata.subject)}</dc:subject>
    <dc:description>${escapeXml(metadata.description)}</dc:description>
    <meta property="dcterms:modified">${metadata.date}T00:00:00Z</meta>
    <meta property="schema:accessMode">textual</meta>
    <meta property="schema:accessModeSufficient">textual</meta>
    <meta property="schema:accessibilityFeature">tableOfContents</meta>
    <meta property="schema:accessibilityFeature">readingOrder</meta>
    <meta property="schema:accessibilityHazard">none</meta>
  </metadata>
  <manifest>
    <item id="cover-image" href="images/cover.png" media-type="image/png" properties="cover-image"/>
    <item id="css" href="css/book.css" media-type="text/css"/>
    <item id="cover" href="text/cover.xhtml" media-type="application/xhtml+xml"/>
${pages.map((page) => `    <item id="${page.id}" href="${page.href}" media-type="application/xhtml+xml"${properties(page)}/>`).join('\n')}
  </manifest>
  <spine>
    <itemref idref="cover"/>
${pages.map((page) => `    <itemref idref="${page.id}"/>`).join('\n')}
  </spine>
</package>
`;
}

function xhtml(book: SampleBook, title: string, root: string, division: string, body: string) {
  const { language } = book.metadata;
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="${language}" xml:lang="${language}">
<head>
<title>${escapeXml(title)}</title>
<link rel="stylesheet" type="text/css" href="${root}css/book.css"/>
</head>
<body epub:type="${division}">
${body}
</body>
</html>
`;
}

function coverPage(book: SampleBook): string {
  const image = `<img src="../images/cover.png" alt="${escapeXml(book.metadata.cover)}" width="600" height="900"/>`;
  const body = `<section epub:type="cover" class="cover">\n${image}\n</section>`;
  return xhtml(book, book.metadata.title, '../', 'frontmatter', body);
}

function contentDocument(book: SampleBook, pages: Page[], page: Page): string {
  const { section } = page;
  const role = ROLES[section.type];
  const tags: InlineTags = {
    emphasis: 'em',
    noteref: (number) =>
      `<a id="noteref-${number}" class="noteref" epub:type="noteref" role="doc-noteref" href="endnotes.xhtml#note-${number}">${number}</a>`,
  };
  const blocks =
    section.type === 'endnotes'
      ? endnotes(book, pages, tags)
      : renderXhtmlBlocks(section.blocks, tags);
  const attributes = `id="${page.id}" class="${section.type}" epub:type="${section.type}"${role ? ` role="${role}"` : ''}`;
  const content = [renderXhtmlHeading(section), blocks].filter((part) => part !== '').join('\n');
  const body = `<section ${attributes}>\n${content}\n</section>`;
  return xhtml(book, sectionName(section), '../', DIVISIONS[section.type], body);
}

function endnotes(book: SampleBook, pages: Page[], tags: InlineTags): string {
  const items = book.notes.map((note, index) => {
    const number = index + 1;
    const home = pages.find((page) => noterefs(page.section).includes(number));
    const back = `<a role="doc-backlink" href="${home?.id ?? ''}.xhtml#noteref-${number}">↩</a>`;
    return `<li id="note-${number}" epub:type="endnote">\n<p>${renderInlines(note, tags)} ${back}</p>\n</li>`;
  });
  return `<ol>\n${items.join('\n')}\n</ol>`;
}

function navigation(book: SampleBook, pages: Page[], page: Page): string {
  const link = (section: Section) => {
    const href = pages.find((candidate) => candidate.section === section)?.href ?? '';
    return `<a href="${href}">${escapeXml(sectionName(section))}</a>`;
  };
  const item = (content: string) => `<li>${content}</li>`;
  const contents = tableOfContents(book).map(({ section, children }) => {
    if (children.length === 0) return item(link(section));
    return item(
      `${link(section)}\n<ol>\n${children.map((child) => item(link(child))).join('\n')}\n</ol>\n`,
    );
  });
  const landmark = (type: string, href: string, name: string) =>
    item(`<a epub:type="${type}" href="${href}">${escapeXml(name)}</a>`);
  const pageOf = (type: SectionType) => pages.find((candidate) => candidate.section.type === type);
  const landmarks = [
    landmark('cover', 'text/cover.xhtml', book.metadata.cover),
    ...(['titlepage', 'toc', 'prologue', 'endnotes'] as const).flatMap((type) => {
      const target = pageOf(type);
      const name = type === 'prologue' ? 'bodymatter' : type;
      return target ? [landmark(name, target.href, sectionName(target.section))] : [];
    }),
  ];
  const body = `<nav epub:type="toc" role="doc-toc" id="toc">
${renderXhtmlHeading(page.section)}
<ol>
${contents.join('\n')}
</ol>
</nav>
<nav epub:type="landmarks" hidden="hidden">
<ol>
${landmarks.join('\n')}
</ol>
</nav>`;
  return xhtml(book, sectionName(page.section), '', DIVISIONS.toc, body);
}
