import { cleanText } from './clean.ts';
import type { Format, LeafKind, OpenLeaf } from './open-leaf.ts';
import { appendBreak, appendNode, appendText, closeLeaf, openLeaf } from './open-leaf.ts';
import { leafLength } from './text.ts';
import type {
  Block,
  LeafBlock,
  ListBlock,
  NoteRefNode,
  QuoteBlock,
  TableBlock,
  TableCell,
} from './tree.ts';

/** A leaf with the place of its outermost block in `Flow.blocks`. */
export interface Leaf {
  block: LeafBlock;
  top: number;
}

/** A place in a flow: `at` UTF-16 code units into leaf number `from`, which may be one past the end. */
export interface Place {
  from: number;
  at: number;
}

/** Blocks of one source document, and where its identifiers ended up. */
export interface Flow {
  blocks: Block[];
  leaves: Leaf[];
  anchors: Map<string, Place>;
}

/** White space that is not one space already: most of it is, and matching every space of a book took 5 % of the time. */
const COLLAPSIBLE = /[\t\n\f\r][ \t\n\f\r]*| [ \t\n\f\r]+/g;

interface Frame {
  /** Where blocks go now. */
  list(): Block[];
  /** Takes an empty container out again; called when no leaf came into it. */
  discard(): void;
  leavesBefore: number;
  /** What parts may be opened in it. */
  parent: ListBlock | TableBlock | { type: 'row'; cells: TableCell[] } | null;
}

/**
 * Builds a closed tree from a stream of events, as a tolerant reader of HTML would: text outside of a
 * paragraph opens one, a block inside a paragraph ends it and formats go on in the next one, an item
 * outside of a list is text. Containers that stay empty leave no trace, but for cells of a table.
 */
export class FlowBuilder {
  readonly #blocks: Block[] = [];
  readonly #leaves: Leaf[] = [];
  readonly #anchors = new Map<string, Place>();
  readonly #frames: Frame[] = [];
  readonly #formats: Format[] = [];
  #leaf: OpenLeaf | null = null;
  #waiting: string[] = [];

  finish(): Flow {
    this.endLeaf();
    for (const id of this.#waiting) this.#setAnchor(id, { from: this.#leaves.length, at: 0 });
    return { blocks: this.#blocks, leaves: this.#leaves, anchors: this.#anchors };
  }

  /** Where the next character would go. */
  place(): Place {
    return { from: this.#leaves.length, at: this.#leaf?.length ?? 0 };
  }

  /** Opens a leaf; text until `endLeaf` goes into it. */
  beginLeaf(kind: LeafKind): void {
    this.endLeaf();
    this.#leaf = openLeaf(kind);
  }

  endLeaf(): void {
    const leaf = this.#leaf;
    this.#leaf = null;
    if (!leaf) return;
    for (const block of closeLeaf(leaf)) this.#addLeaf(block, leaf.anchors.splice(0));
    // A blank leaf vanishes; what pointed to it points to the next one.
    for (const [id] of leaf.anchors) this.#waiting.push(id);
  }

  text(raw: string): void {
    if (this.#leaf?.kind.type === 'pre') {
      const text = cleanText(raw);
      this.#append(this.#leaf, this.#leaf.length === 0 ? text.replace(/^\n+/, '') : text);
      return;
    }
    const text = cleanText(raw.replace(COLLAPSIBLE, ' '));
    if (text === ' ' && !this.#leaf) return;
    const leaf = this.#leafOrParagraph();
    this.#append(leaf, leaf.afterSpace && text.startsWith(' ') ? text.replace(/^ +/, '') : text);
  }

  lineBreak(): void {
    if (this.#leaf) appendBreak(this.#leaf, this.#formats);
  }

  image(image: string, alt: string): void {
    appendNode(this.#leafOrParagraph(), { type: 'image', image, alt }, this.#formats);
  }

  noteRef(node: NoteRefNode): void {
    appendNode(this.#leafOrParagraph(), node, this.#formats);
  }

  rule(): void {
    this.endLeaf();
    this.#addLeaf({ type: 'rule' }, []);
  }

  openFormat(format: Format): void {
    this.#formats.push(format);
  }

  closeFormat(): void {
    this.#formats.pop();
    if (this.#leaf && this.#leaf.path.length > this.#formats.length) {
      this.#leaf.path.length = this.#formats.length;
      this.#leaf.current = null;
    }
  }

  /** Links do not nest. */
  isInLink(): boolean {
    return this.#formats.some((format) => format.type === 'link');
  }

  /** The place of the next character gets a name; of equal names the first wins, as in browsers. */
  anchor(id: string): void {
    if (this.#leaf) this.#leaf.anchors.push([id, this.#leaf.length]);
    else this.#waiting.push(id);
  }

  openQuote(): void {
    const node: QuoteBlock = { type: 'quote', content: [] };
    this.#openBlock(node, null, () => node.content);
  }

  openList(ordered: boolean, start = 1): void {
    const node: ListBlock = { type: 'list', ordered, start, items: [] };
    // Text between the items of a list becomes an item of its own.
    this.#openBlock(node, node, () => lastOrNew(node.items, []));
  }

  openItem(): void {
    this.endLeaf();
    const list = this.#frames.at(-1)?.parent;
    if (list?.type !== 'list') return this.#openNothing();
    const item: Block[] = [];
    list.items.push(item);
    this.#push({ parent: null, list: () => item, discard: () => list.items.pop() });
  }

  openTable(): void {
    const node: TableBlock = { type: 'table', rows: [] };
    this.#openBlock(node, node, () => lastOrNew(lastOrNew(node.rows, []), newCell(false)).content);
  }

  openRow(): void {
    this.endLeaf();
    const table = this.#frames.at(-1)?.parent;
    if (table?.type !== 'table') return this.#openNothing();
    const cells: TableCell[] = [];
    table.rows.push(cells);
    this.#push({
      parent: { type: 'row', cells },
      list: () => lastOrNew(cells, newCell(false)).content,
      discard: () => table.rows.pop(),
    });
  }

  openCell(header: boolean): void {
    this.endLeaf();
    const row = this.#frames.at(-1)?.parent;
    if (row?.type !== 'row') return this.#openNothing();
    const cell = newCell(header);
    row.cells.push(cell);
    // An empty cell keeps the others in their columns.
    this.#push({ parent: null, list: () => cell.content, discard: () => undefined });
  }

  /** Closes what was opened last: a quote, list, item, table, row or cell. */
  close(): void {
    this.endLeaf();
    const frame = this.#frames.pop();
    if (frame && frame.leavesBefore === this.#leaves.length) frame.discard();
  }

  #openBlock(
    node: QuoteBlock | ListBlock | TableBlock,
    parent: Frame['parent'],
    list: () => Block[],
  ): void {
    this.endLeaf();
    const siblings = this.#currentList();
    siblings.push(node);
    this.#push({ parent, list, discard: () => siblings.pop() });
  }

  /** An item, row or cell out of place: `close` still has something to close. */
  #openNothing(): void {
    const list = this.#currentList();
    this.#push({ parent: null, list: () => list, discard: () => undefined });
  }

  #push(frame: Omit<Frame, 'leavesBefore'>): void {
    this.#frames.push({ ...frame, leavesBefore: this.#leaves.length });
  }

  #currentList(): Block[] {
    return this.#frames.at(-1)?.list() ?? this.#blocks;
  }

  #leafOrParagraph(): OpenLeaf {
    this.#leaf ??= openLeaf({ type: 'paragraph' });
    return this.#leaf;
  }

  #append(leaf: OpenLeaf, text: string): void {
    if (text !== '') appendText(leaf, text, this.#formats);
  }

  #addLeaf(block: LeafBlock, anchors: [id: string, at: number][]): void {
    this.#currentList().push(block);
    const from = this.#leaves.length;
    this.#leaves.push({ block, top: this.#blocks.length - 1 });
    for (const id of this.#waiting.splice(0)) this.#setAnchor(id, { from, at: 0 });
    if (anchors.length === 0) return;
    const length = leafLength(block);
    for (const [id, at] of anchors) {
      // A name at the very end of a paragraph announces what follows it.
      if (at > 0 && at >= length) this.#waiting.push(id);
      else this.#setAnchor(id, { from, at });
    }
  }

  #setAnchor(id: string, place: Place): void {
    if (!this.#anchors.has(id)) this.#anchors.set(id, place);
  }
}

function newCell(header: boolean): TableCell {
  return { header, content: [] };
}

function lastOrNew<T>(list: T[], fresh: T): T {
  const last = list.at(-1);
  if (last !== undefined) return last;
  list.push(fresh);
  return fresh;
}
