/**
 * The closed tree: everything a chapter can contain. Parsers build it, renderers walk it, and there
 * is no node for raw markup, so nothing is left to sanitise. Plain JSON: it is stored as it is.
 *
 * Strings hold no NUL, no control character but line feed and tab, and no lone surrogate (PostgreSQL
 * refuses those in jsonb). Leaves other than `pre` have their white space collapsed.
 */

/** Where a link leads: out (http and https only) or to a place in this book. */
export type LinkTarget =
  | { kind: 'web'; href: string }
  | { kind: 'book'; chapter: number; offset: number };

/** A picture by the id it has in `Book.images`; `alt` may be empty. */
export interface ImageRef {
  image: string;
  alt: string;
}

export type SpanType = 'emphasis' | 'strong' | 'smallCaps' | 'sub' | 'sup' | 'code' | 'strike';

export interface TextNode {
  type: 'text';
  text: string;
}
export interface SpanNode {
  type: SpanType;
  content: Inline[];
}
export interface LinkNode {
  type: 'link';
  target: LinkTarget;
  content: Inline[];
}
/** The mark of a note in the text. Its label is no part of the text: nobody reads "family1". */
export interface NoteRefNode {
  type: 'noteRef';
  /** The `id` of a note of the same chapter; null when the book has no such note. */
  note: string | null;
  label: string;
}
export interface BreakNode {
  type: 'break';
}
export interface InlineImageNode extends ImageRef {
  type: 'image';
}

export type Inline = TextNode | SpanNode | LinkNode | NoteRefNode | BreakNode | InlineImageNode;

export interface ParagraphBlock {
  type: 'paragraph';
  content: Inline[];
}
export interface HeadingBlock {
  type: 'heading';
  /** 1 (highest) to 6, as the source says: not made continuous. */
  level: number;
  content: Inline[];
}
/** One stanza. */
export interface VerseBlock {
  type: 'verse';
  lines: Inline[][];
}
/** White space as it is; never begins with a line feed, which HTML would swallow. */
export interface PreBlock {
  type: 'pre';
  text: string;
}
export interface ImageBlock extends ImageRef {
  type: 'image';
}
export interface RuleBlock {
  type: 'rule';
}
export interface QuoteBlock {
  type: 'quote';
  content: Block[];
}
export interface ListBlock {
  type: 'list';
  ordered: boolean;
  /** Number of the first item of an ordered list. */
  start: number;
  items: Block[][];
}
export interface TableCell {
  header: boolean;
  content: Block[];
}
export interface TableBlock {
  type: 'table';
  rows: TableCell[][];
}

export type LeafBlock =
  | ParagraphBlock
  | HeadingBlock
  | VerseBlock
  | PreBlock
  | ImageBlock
  | RuleBlock;
export type ContainerBlock = QuoteBlock | ListBlock | TableBlock;
export type Block = LeafBlock | ContainerBlock;
