import { escapeXml, renderInlines } from './markup.ts';
import type { InlineTags } from './markup.ts';
import { sectionName, tableOfContents } from './source.ts';
import type { Block, Inline, SampleBook, Section, TocEntry } from './source.ts';
import { encodeWindows1251 } from './windows-1251.ts';

const TAGS: InlineTags = {
  emphasis: 'emphasis',
  noteref: (number) => `<a l:href="#n${number}" type="note">[${number}]</a>`,
};

/**
 * Writes FictionBook 2.0 in windows-1251, as older Russian files are. Title and epigraph belong to the body, so there is
 * no title page; parts are sections that hold sections, notes are a second body, the cover is base64 at the end.
 */
export function writeFb2(book: SampleBook, cover: Buffer): Buffer {
  return encodeWindows1251(`<?xml version="1.0" encoding="windows-1251"?>
<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" xmlns:l="http://www.w3.org/1999/xlink">
${description(book)}
<body>
${title([book.metadata.author, book.metadata.title])}
${bodyEpigraph(book)}
${sections(book).join('\n')}
</body>
<body name="notes">
${notes(book)}
</body>
<binary id="cover.png" content-type="image/png">
${cover.toString('base64').replaceAll(/.{76}/g, '$&\n')}
</binary>
</FictionBook>
`);
}

function description(book: SampleBook): string {
  const { metadata } = book;
  const author = `<author><nickname>${escapeXml(metadata.author)}</nickname></author>`;
  const year = metadata.date.slice(0, 4);
  return `<description>
<title-info>
<genre>prose_contemporary</genre>
${author}
<book-title>${escapeXml(metadata.title)}</book-title>
<annotation><p>${escapeXml(metadata.description)}</p></annotation>
<date value="${metadata.date}">${year}</date>
<coverpage><image l:href="#cover.png"/></coverpage>
<lang>${metadata.language}</lang>
<src-lang>en</src-lang>
</title-info>
<document-info>
${author}
<date value="${metadata.date}">${year}</date>
<id>${metadata.identifier}</id>
<version>1.0</version>
</document-info>
<publish-info>
<publisher>${escapeXml(metadata.publisher)}</publisher>
<year>${year}</year>
</publish-info>
</description>`;
}

function title(lines: (string | undefined)[]): string {
  const paragraphs = lines.flatMap((line) => (line ? [`<p>${escapeXml(line)}</p>`] : []));
  return `<title>\n${paragraphs.join('\n')}\n</title>`;
}

function bodyEpigraph(book: SampleBook): string {
  const section = book.sections.find((candidate) => candidate.type === 'epigraph');
  return section?.blocks.map((block) => renderBlock(block, 'epigraph')).join('\n') ?? '';
}

function sections(book: SampleBook): string[] {
  const inBody = new Set(['titlepage', 'epigraph', 'endnotes']);
  const toc = book.sections.find((section) => section.type === 'toc');
  const entries = tableOfContents(book).filter(({ section }) => !inBody.has(section.type));
  return entries.flatMap((entry) => {
    const rendered = renderSection(book, entry.section, entry.children);
    const isBeforeContents = entry.section.type === 'copyright-page';
    return toc && isBeforeContents ? [rendered, contents(book, toc, entries)] : [rendered];
  });
}

function renderSection(book: SampleBook, section: Section, children: Section[]): string {
  return `<section id="${idOf(book, section)}">
${[
  title([section.label, section.title]),
  ...section.blocks.map((block) => renderBlock(block)),
  ...children.map((child) => renderSection(book, child, [])),
].join('\n')}
</section>`;
}

function contents(book: SampleBook, toc: Section, entries: TocEntry[]): string {
  const links = entries
    .flatMap(({ section, children }) => [section, ...children])
    .map(
      (section) =>
        `<p><a l:href="#${idOf(book, section)}">${escapeXml(sectionName(section))}</a></p>`,
    );
  return `<section id="${idOf(book, toc)}">\n${title([toc.title])}\n${links.join('\n')}\n</section>`;
}

function idOf(book: SampleBook, section: Section): string {
  return `s${book.sections.indexOf(section)}`;
}

function renderBlock(block: Block, quotation: 'cite' | 'epigraph' = 'cite'): string {
  const line = (tag: string) => (inlines: Inline[]) =>
    `<${tag}>${renderInlines(inlines, TAGS)}</${tag}>`;
  switch (block.kind) {
    case 'paragraph':
      return line('p')(block.inlines);
    case 'verse':
      return `<poem>\n<stanza>\n${block.lines.map(line('v')).join('\n')}\n</stanza>\n</poem>`;
    case 'quotation': {
      const lines = block.paragraphs.map(line('p'));
      if (block.attribution) lines.push(line('text-author')(block.attribution));
      return `<${quotation}>\n${lines.join('\n')}\n</${quotation}>`;
    }
  }
}

function notes(book: SampleBook): string {
  const heading = book.sections.find((section) => section.type === 'endnotes');
  const bodies = book.notes.map((note, index) => {
    const number = String(index + 1);
    return `<section id="n${number}">\n${title([number])}\n<p>${renderInlines(note, TAGS)}</p>\n</section>`;
  });
  return [title([heading?.title]), ...bodies].join('\n');
}
