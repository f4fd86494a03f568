import type { Inline, LeafBlock, LinkTarget, SpanType } from './tree.ts';
import type { Block } from './tree.ts';
import type { ContainerTag } from './text.ts';
import { visitContent } from './text.ts';

/** A stretch of `renderText` to highlight. Marks may overlap and may span blocks. */
export interface Mark {
  start: number;
  end: number;
  id: string;
}

export interface HtmlOptions {
  marks?: readonly Mark[];
  /** Address of a picture, or null to show its `alt` only. Without it no `src` is written. */
  imageUrl?: (image: string) => string | null;
}

const SPAN_TAGS: Record<SpanType, readonly [open: string, close: string]> = {
  emphasis: ['<em>', '</em>'],
  strong: ['<strong>', '</strong>'],
  smallCaps: ['<span class="small-caps">', '</span>'],
  sub: ['<sub>', '</sub>'],
  sup: ['<sup>', '</sup>'],
  code: ['<code>', '</code>'],
  strike: ['<s>', '</s>'],
};

/**
 * HTML of a chapter. Every string is escaped here and there is no node for markup, so the result
 * cannot contain anything but the tags below.
 *
 * With its tags removed and its entities decoded it equals `renderText` to the character: separators
 * are written as white space where HTML ignores it (do not style paragraphs with `white-space:
 * pre-wrap`), and what is not text (labels of notes, `alt`) stands in attributes. So the
 * `textContent` of the element that holds it has the same offsets. Every block with text carries
 * `data-start`; a mark becomes one or more `<mark data-marks="id id">`.
 */
export function renderHtml(content: readonly Block[], options: HtmlOptions = {}): string {
  const parts: string[] = [];
  const cursor = markCursor(options.marks ?? []);
  const writer: InlineWriter = { parts, offset: 0, cursor, options };
  visitContent(content, {
    leaf: (block, separator, start) => {
      parts.push(separator);
      writer.offset = start;
      writeLeaf(block, start, writer);
    },
    open: (tag) => parts.push(openTag(tag)),
    close: (tag) => parts.push(`</${TAG_NAMES[tag.type](tag)}>`),
  });
  return parts.join('');
}

const TAG_NAMES: Record<ContainerTag['type'], (tag: ContainerTag) => string> = {
  quote: () => 'blockquote',
  list: (tag) => (tag.type === 'list' && tag.ordered ? 'ol' : 'ul'),
  item: () => 'li',
  table: () => 'table',
  row: () => 'tr',
  cell: (tag) => (tag.type === 'cell' && tag.header ? 'th' : 'td'),
};

function openTag(tag: ContainerTag): string {
  const name = TAG_NAMES[tag.type](tag);
  return tag.type === 'list' && tag.ordered && tag.start !== 1
    ? `<${name} start="${Math.trunc(tag.start)}">`
    : `<${name}>`;
}

interface InlineWriter {
  parts: string[];
  offset: number;
  cursor: MarkCursor;
  options: HtmlOptions;
}

function writeLeaf(block: LeafBlock, start: number, writer: InlineWriter): void {
  const { parts } = writer;
  switch (block.type) {
    case 'paragraph':
      parts.push(`<p data-start="${start}">`);
      writeInlines(block.content, writer);
      parts.push('</p>');
      return;
    case 'heading': {
      const level = Math.min(6, Math.max(1, Math.trunc(block.level)));
      parts.push(`<h${level} data-start="${start}">`);
      writeInlines(block.content, writer);
      parts.push(`</h${level}>`);
      return;
    }
    case 'verse':
      parts.push(`<p class="verse" data-start="${start}">`);
      block.lines.forEach((line, i) => {
        if (i > 0) writeBreak(writer);
        writeInlines(line, writer);
      });
      parts.push('</p>');
      return;
    case 'pre':
      parts.push(`<pre data-start="${start}">`);
      writeText(block.text, writer);
      parts.push('</pre>');
      return;
    case 'image':
      parts.push('<figure>', imageTag(block, writer.options), '</figure>');
      return;
    case 'rule':
      parts.push('<hr>');
  }
}

function writeInlines(content: readonly Inline[], writer: InlineWriter): void {
  for (const node of content) {
    switch (node.type) {
      case 'text':
        writeText(node.text, writer);
        break;
      case 'break':
        writeBreak(writer);
        break;
      case 'image':
        writer.parts.push(imageTag(node, writer.options));
        break;
      case 'noteRef':
        writer.parts.push(
          `<a class="note-ref" data-note="${escapeHtml(node.note ?? '')}" data-label="${escapeHtml(node.label)}"></a>`,
        );
        break;
      case 'link':
        writer.parts.push(linkTag(node.target));
        writeInlines(node.content, writer);
        writer.parts.push('</a>');
        break;
      case 'emphasis':
      case 'strong':
      case 'smallCaps':
      case 'sub':
      case 'sup':
      case 'code':
      case 'strike': {
        const [open, close] = SPAN_TAGS[node.type];
        writer.parts.push(open);
        writeInlines(node.content, writer);
        writer.parts.push(close);
      }
    }
  }
}

function writeBreak(writer: InlineWriter): void {
  writer.parts.push('<br>\n');
  writer.offset += 1;
}

function writeText(text: string, writer: InlineWriter): void {
  const start = writer.offset;
  const end = start + text.length;
  writer.offset = end;
  for (const piece of writer.cursor.split(start, end)) {
    const escaped = escapeHtml(text.slice(piece.start - start, piece.end - start));
    writer.parts.push(
      piece.ids.length === 0
        ? escaped
        : `<mark data-marks="${escapeHtml(piece.ids.join(' '))}">${escaped}</mark>`,
    );
  }
}

function linkTag(target: LinkTarget): string {
  if (target.kind === 'book') {
    return `<a data-chapter="${Math.trunc(target.chapter)}" data-offset="${Math.trunc(target.offset)}">`;
  }
  // The tree promises http and https; it may come from a database, so the promise is kept here too.
  return /^https?:\/\//iu.test(target.href)
    ? `<a href="${escapeHtml(target.href)}" rel="noopener noreferrer nofollow" target="_blank">`
    : '<a>';
}

function imageTag(image: { image: string; alt: string }, options: HtmlOptions): string {
  const url = options.imageUrl?.(image.image) ?? null;
  const src = url === null ? '' : ` src="${escapeHtml(url)}" loading="lazy"`;
  return `<img${src} data-image="${escapeHtml(image.image)}" alt="${escapeHtml(image.alt)}">`;
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

interface Piece {
  start: number;
  end: number;
  ids: string[];
}
interface MarkCursor {
  split(start: number, end: number): Piece[];
}

/** Cuts stretches of text, asked for in ascending order, at the borders of marks. */
function markCursor(marks: readonly Mark[]): MarkCursor {
  const waiting = marks.filter((mark) => mark.end > mark.start).sort((a, b) => a.start - b.start);
  let next = 0;
  let active: Mark[] = [];

  const split = (start: number, end: number): Piece[] => {
    const pieces: Piece[] = [];
    let at = start;
    while (at < end) {
      active = active.filter((mark) => mark.end > at);
      for (let mark = waiting[next]; mark && mark.start <= at; mark = waiting[++next]) {
        if (mark.end > at) active.push(mark);
      }
      const upcoming = waiting[next]?.start ?? end;
      const until = Math.min(end, upcoming, ...active.map((mark) => mark.end));
      pieces.push({ start: at, end: until, ids: active.map((mark) => mark.id) });
      at = until;
    }
    return pieces;
  };
  return { split };
}
