import { inlineText } from './text.ts';
import type {
  Inline,
  InlineImageNode,
  LeafBlock,
  LinkNode,
  NoteRefNode,
  SpanType,
  TextNode,
} from './tree.ts';

export type LeafKind =
  | { type: 'paragraph' }
  | { type: 'heading'; level: number }
  | { type: 'verse' }
  | { type: 'pre' };

/** Formatting around text. A link that runs through several leaves becomes one node in each. */
export type Format = { type: SpanType } | { type: 'link'; node: () => LinkNode };

/** A leaf under construction. */
export interface OpenLeaf {
  kind: LeafKind;
  content: Inline[];
  /** Content lists of the formats open in this leaf, outermost first. */
  path: Inline[][];
  /** UTF-16 code units so far. */
  length: number;
  /** At the start, after a break and after a space the next space is dropped. */
  afterSpace: boolean;
  /** The node further text is appended to. */
  current: TextNode | null;
  /** The node the leaf's text ends with, for trimming. */
  tail: TextNode | null;
  anchors: [id: string, at: number][];
}

export function openLeaf(kind: LeafKind): OpenLeaf {
  return {
    kind,
    content: [],
    path: [],
    length: 0,
    afterSpace: true,
    current: null,
    tail: null,
    anchors: [],
  };
}

/** The list the next inline goes to; opens in the leaf what formats are open around it. */
export function contentOf(leaf: OpenLeaf, formats: readonly Format[]): Inline[] {
  if (leaf.path.length === formats.length) return leaf.path.at(-1) ?? leaf.content;
  for (const format of formats.slice(leaf.path.length)) {
    const parent = leaf.path.at(-1) ?? leaf.content;
    const node = format.type === 'link' ? format.node() : { type: format.type, content: [] };
    parent.push(node);
    leaf.path.push(node.content);
    leaf.current = null;
  }
  return leaf.path.at(-1) ?? leaf.content;
}

export function appendText(leaf: OpenLeaf, text: string, formats: readonly Format[]): void {
  const content = contentOf(leaf, formats);
  if (leaf.current) leaf.current.text += text;
  else {
    leaf.current = { type: 'text', text };
    content.push(leaf.current);
  }
  leaf.tail = leaf.current;
  leaf.length += text.length;
  leaf.afterSpace = leaf.kind.type !== 'pre' && text.endsWith(' ');
}

export function appendBreak(leaf: OpenLeaf, formats: readonly Format[]): void {
  if (leaf.length === 0) return;
  if (leaf.kind.type === 'pre') {
    appendText(leaf, '\n', formats);
    return;
  }
  trimEnd(leaf);
  contentOf(leaf, formats).push({ type: 'break' });
  leaf.length += 1;
  leaf.afterSpace = true;
  leaf.current = null;
  leaf.tail = null;
}

export function appendNode(
  leaf: OpenLeaf,
  node: InlineImageNode | NoteRefNode,
  formats: readonly Format[],
): void {
  contentOf(leaf, formats).push(node);
  leaf.current = null;
  if (node.type === 'image') {
    leaf.afterSpace = false;
    leaf.tail = null;
  }
}

/** The finished leaf: nothing when it is blank, and pictures on their own when it has no text. */
export function closeLeaf(leaf: OpenLeaf): LeafBlock[] {
  const { kind } = leaf;
  if (kind.type === 'pre') {
    const text = inlineText(leaf.content).trimEnd();
    return [...(text === '' ? [] : [{ type: 'pre' as const, text }]), ...picturesIn(leaf.content)];
  }
  trimEnd(leaf);
  const content = dropTrailingBreaks(prune(leaf.content));
  if (content.every(isBlank)) return picturesIn(content);
  switch (kind.type) {
    case 'paragraph':
      return [{ type: 'paragraph', content }];
    case 'heading':
      return [{ type: 'heading', level: kind.level, content }];
    case 'verse':
      return [{ type: 'verse', lines: splitLines(content) }];
  }
}

function trimEnd(leaf: OpenLeaf): void {
  const { tail } = leaf;
  if (!tail || !leaf.afterSpace || leaf.kind.type === 'pre') return;
  if (!tail.text.endsWith(' ')) return;
  const trimmed = tail.text.replace(/ +$/, '');
  leaf.length -= tail.text.length - trimmed.length;
  tail.text = trimmed;
}

/** Without what is empty. A copy, since a list that has grown holds room for 17 nodes, and most paragraphs have one. */
function prune(content: readonly Inline[]): Inline[] {
  const kept = content.filter((node) => {
    if (node.type === 'text') return node.text !== '';
    if (!('content' in node)) return true;
    node.content = prune(node.content);
    return node.content.length > 0;
  });
  return kept.slice();
}

function dropTrailingBreaks(content: Inline[]): Inline[] {
  for (let last = content.at(-1); last; last = content.at(-1)) {
    if (last.type === 'break') content.pop();
    else if ('content' in last && dropTrailingBreaks(last.content).length === 0) content.pop();
    else break;
  }
  return content;
}

function picturesIn(content: readonly Inline[]): LeafBlock[] {
  return content.flatMap((node) => {
    if (node.type === 'image') return [node];
    return 'content' in node ? picturesIn(node.content) : [];
  });
}

function isBlank(node: Inline): boolean {
  if (node.type === 'text') return node.text.trim() === '';
  if (node.type === 'noteRef') return false;
  return 'content' in node ? node.content.every(isBlank) : true;
}

/** Breaks inside a format stay in their line: the text is the same. */
function splitLines(content: readonly Inline[]): Inline[][] {
  const lines: Inline[][] = [];
  let from = 0;
  content.forEach((node, at) => {
    if (node.type !== 'break') return;
    lines.push(content.slice(from, at));
    from = at + 1;
  });
  lines.push(content.slice(from));
  return lines;
}
