import type { Block, Inline, Section } from './source.ts';

/** How a format writes what lies inside a line. */
export interface InlineTags {
  emphasis: string;
  noteref: (number: number) => string;
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

export function renderInlines(inlines: Inline[], tags: InlineTags): string {
  return inlines
    .map((inline) => {
      switch (inline.kind) {
        case 'text':
          return escapeXml(inline.text);
        case 'emphasis':
          return `<${tags.emphasis}>${escapeXml(inline.text)}</${tags.emphasis}>`;
        case 'noteref':
          return tags.noteref(inline.number);
      }
    })
    .join('');
}

/** Blocks as XHTML, the same in EPUB 2 and 3. */
export function renderXhtmlBlocks(blocks: Block[], tags: InlineTags): string {
  return blocks.map((block) => renderXhtmlBlock(block, tags)).join('\n');
}

function renderXhtmlBlock(block: Block, tags: InlineTags): string {
  const paragraph = (inlines: Inline[], attributes = '') =>
    `<p${attributes}>${renderInlines(inlines, tags)}</p>`;
  switch (block.kind) {
    case 'paragraph':
      return paragraph(block.inlines);
    case 'verse':
      return `<div class="verse">\n${block.lines.map((line) => paragraph(line)).join('\n')}\n</div>`;
    case 'quotation': {
      const lines = block.paragraphs.map((inlines) => paragraph(inlines));
      if (block.attribution) lines.push(paragraph(block.attribution, ' class="attribution"'));
      return `<blockquote>\n${lines.join('\n')}\n</blockquote>`;
    }
  }
}

/** A section's heading as XHTML: the label above the title. */
export function renderXhtmlHeading(section: Section): string {
  if (section.type === 'titlepage') return `<h1 class="title">${escapeXml(section.title)}</h1>`;
  if (section.type === 'epigraph') return '';
  const label = section.label ? `<span class="label">${escapeXml(section.label)}</span> ` : '';
  return `<h1>${label}${escapeXml(section.title)}</h1>`;
}
