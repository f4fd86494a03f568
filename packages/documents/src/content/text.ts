import type { Block, Inline, LeafBlock } from './tree.ts';

/**
 * The one place where text and offsets are made. Offsets are UTF-16 code units into `renderText`.
 *
 * Between two leaves stands the separator of the container they meet in: a tab between cells, a line
 * feed between list items and table rows, else two line feeds. Lines of verse and breaks are a line
 * feed. Pictures, rules and marks of notes have no text; leaves without text have no separator.
 */
const SEPARATORS = ['', '\t', '\n', '\n\n'] as const;
const CELL = 1;
const LINE = 2;
const PARAGRAPH = 3;

export interface Visitor {
  /** A leaf. `separator` comes before it, `start` is the offset of its first character. */
  leaf(block: LeafBlock, separator: string, start: number, text: string): void;
  open?(tag: ContainerTag): void;
  close?(tag: ContainerTag): void;
}

export type ContainerTag =
  | { type: 'quote' | 'row' | 'item' | 'table' }
  | { type: 'list'; ordered: boolean; start: number }
  | { type: 'cell'; header: boolean };

/**
 * Walks the tree in reading order; the renderers are visitors, so that they cannot disagree.
 * Recursive: parsers bound the depth of what they build (see `Limits.elementDepth`).
 */
export function visitContent(content: readonly Block[], visitor: Visitor): void {
  let offset = 0;
  let pending = 0;

  const between = (rank: number): void => {
    if (offset > 0) pending = Math.max(pending, rank);
  };
  const inside = (tag: ContainerTag, walk: () => void): void => {
    visitor.open?.(tag);
    walk();
    visitor.close?.(tag);
  };
  const blocks = (list: readonly Block[]): void => {
    list.forEach((block, i) => {
      if (i > 0) between(PARAGRAPH);
      visit(block);
    });
  };
  const visit = (block: Block): void => {
    switch (block.type) {
      case 'quote':
        return inside({ type: 'quote' }, () => blocks(block.content));
      case 'list':
        return inside({ type: 'list', ordered: block.ordered, start: block.start }, () => {
          block.items.forEach((item, i) => {
            if (i > 0) between(LINE);
            inside({ type: 'item' }, () => blocks(item));
          });
        });
      case 'table':
        return inside({ type: 'table' }, () => {
          block.rows.forEach((row, i) => {
            if (i > 0) between(LINE);
            inside({ type: 'row' }, () => {
              row.forEach((cell, j) => {
                if (j > 0) between(CELL);
                inside({ type: 'cell', header: cell.header }, () => blocks(cell.content));
              });
            });
          });
        });
      case 'paragraph':
      case 'heading':
      case 'verse':
      case 'pre':
      case 'image':
      case 'rule': {
        const text = leafText(block);
        const separator = text === '' ? '' : (SEPARATORS[pending] ?? '');
        if (text !== '') pending = 0;
        visitor.leaf(block, separator, offset + separator.length, text);
        offset += separator.length + text.length;
      }
    }
  };
  blocks(content);
}

/** Plain text of a chapter: the only source of offsets. */
export function renderText(content: readonly Block[]): string {
  const parts: string[] = [];
  visitContent(content, { leaf: (_block, separator, _start, text) => parts.push(separator, text) });
  return parts.join('');
}

/** The same with the offset of the first character of every leaf (of an empty one: where it would stand). */
export function renderWithStarts(content: readonly Block[]): {
  text: string;
  starts: Map<LeafBlock, number>;
} {
  const parts: string[] = [];
  const starts = new Map<LeafBlock, number>();
  visitContent(content, {
    leaf: (block, separator, start, text) => {
      parts.push(separator, text);
      starts.set(block, start);
    },
  });
  return { text: parts.join(''), starts };
}

/** The leaves in reading order, for whoever does not need them all. */
export function* leavesOf(content: readonly Block[]): Generator<LeafBlock> {
  for (const block of content) {
    switch (block.type) {
      case 'quote':
        yield* leavesOf(block.content);
        break;
      case 'list':
        for (const item of block.items) yield* leavesOf(item);
        break;
      case 'table':
        for (const row of block.rows) for (const cell of row) yield* leavesOf(cell.content);
        break;
      case 'paragraph':
      case 'heading':
      case 'verse':
      case 'pre':
      case 'image':
      case 'rule':
        yield block;
    }
  }
}

export function leafText(block: LeafBlock): string {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return inlineText(block.content);
    case 'verse':
      return block.lines.map(inlineText).join('\n');
    case 'pre':
      return block.text;
    case 'image':
    case 'rule':
      return '';
  }
}

/** The length of `leafText`, without joining the text of every verse and every emphasis. */
export function leafLength(block: LeafBlock): number {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return inlineLength(block.content);
    case 'verse':
      return Math.max(
        0,
        block.lines.reduce((sum, line) => sum + inlineLength(line) + 1, -1),
      );
    case 'pre':
      return block.text.length;
    case 'image':
    case 'rule':
      return 0;
  }
}

function inlineLength(content: readonly Inline[]): number {
  let length = 0;
  for (const node of content) {
    if (node.type === 'text') length += node.text.length;
    else if (node.type === 'break') length += 1;
    else if ('content' in node) length += inlineLength(node.content);
  }
  return length;
}

export function inlineText(content: readonly Inline[]): string {
  let text = '';
  for (const node of content) {
    switch (node.type) {
      case 'text':
        text += node.text;
        break;
      case 'break':
        text += '\n';
        break;
      case 'image':
      case 'noteRef':
        break;
      case 'link':
      case 'emphasis':
      case 'strong':
      case 'smallCaps':
      case 'sub':
      case 'sup':
      case 'code':
      case 'strike':
        text += inlineText(node.content);
    }
  }
  return text;
}
