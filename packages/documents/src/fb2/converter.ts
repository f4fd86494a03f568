import { shortLine } from '../content/clean.ts';
import type { Flow, Place } from '../content/flow-builder.ts';
import { FlowBuilder } from '../content/flow-builder.ts';
import type { LinkNode, NoteRefNode, SpanType } from '../content/tree.ts';
import type { Element } from '../markup/dom.ts';
import {
  attribute,
  childElements,
  childrenNamed,
  isElement,
  siblingOf,
  textOf,
} from '../markup/dom.ts';

export interface Fb2Link {
  node: LinkNode;
  /** Identifier of the element it leads to. */
  target: string;
}

export interface Fb2NoteRef {
  node: NoteRefNode;
  target: string;
  place: Place;
}

/** Elements of FB2 made into a closed tree. */
export interface Fb2Flow extends Flow {
  links: Fb2Link[];
  noteRefs: Fb2NoteRef[];
  /** Characters inside links into the book. */
  linkedCharacters: number;
}

export interface Fb2Context {
  /** True for identifiers in the bodies of notes. */
  isNote: (id: string) => boolean;
  /** True for identifiers anywhere in the document. */
  isKnown: (id: string) => boolean;
  /** The picture's id, or null when the file has no such binary. */
  imageId: (binary: string) => string | null;
}

const SPANS: ReadonlyMap<string, SpanType> = new Map<string, SpanType>([
  ['strong', 'strong'],
  ['emphasis', 'emphasis'],
  ['strikethrough', 'strike'],
  ['sub', 'sub'],
  ['sup', 'sup'],
  ['code', 'code'],
]);

export function convertFb2(elements: readonly Element[], context: Fb2Context): Fb2Flow {
  const converter = new Fb2Converter(context);
  for (const element of elements) converter.convert(element);
  return converter.finish();
}

class Fb2Converter {
  readonly #builder = new FlowBuilder();
  readonly #context: Fb2Context;
  readonly #links: Fb2Link[] = [];
  readonly #noteRefs: Fb2NoteRef[] = [];
  #linkedCharacters = 0;
  /** Sections around this place: the level of its headings. */
  #depth = 0;

  constructor(context: Fb2Context) {
    this.#context = context;
  }

  finish(): Fb2Flow {
    return {
      ...this.#builder.finish(),
      links: this.#links,
      noteRefs: this.#noteRefs,
      linkedCharacters: this.#linkedCharacters,
    };
  }

  #visitChildren(parent: Element): void {
    for (const child of parent.children) {
      if (isElement(child)) this.convert(child);
      else this.#builder.text(child);
    }
  }

  convert(element: Element): void {
    const builder = this.#builder;
    const name = element.local;
    const id = attribute(element, 'id');
    if (!INLINE.test(name)) builder.endLeaf();
    if (id !== null) builder.anchor(id);
    switch (name) {
      case 'section':
        this.#depth += 1;
        this.#visitChildren(element);
        this.#depth -= 1;
        break;
      case 'title':
        return this.#heading(element, Math.max(1, Math.min(6, this.#depth)));
      case 'subtitle':
        return this.#heading(element, Math.min(6, this.#depth + 2));
      case 'epigraph':
      case 'cite':
        builder.openQuote();
        this.#visitChildren(element);
        return builder.close();
      case 'stanza':
        return this.#stanza(element);
      case 'table':
        return this.#table(element);
      case 'image':
        return this.#image(element);
      case 'empty-line':
        return isPause(element) ? builder.rule() : undefined;
      case 'a':
        return this.#anchor(element);
      default:
        this.#formatted(element, SPANS.get(name) ?? null);
    }
    if (!INLINE.test(name)) builder.endLeaf();
  }

  /** The paragraphs of a title are lines of one heading. */
  #heading(element: Element, level: number): void {
    this.#builder.beginLeaf({ type: 'heading', level });
    const lines = childrenNamed(element, 'p');
    if (lines.length === 0) this.#visitChildren(element);
    lines.forEach((line, i) => {
      if (i > 0) this.#builder.lineBreak();
      this.#visitChildren(line);
    });
    this.#builder.endLeaf();
  }

  #stanza(element: Element): void {
    const builder = this.#builder;
    let isOpen = false;
    for (const child of childElements(element)) {
      if (child.local !== 'v') {
        builder.endLeaf();
        isOpen = false;
        this.convert(child);
        continue;
      }
      if (isOpen) builder.lineBreak();
      else builder.beginLeaf({ type: 'verse' });
      isOpen = true;
      this.#visitChildren(child);
    }
    builder.endLeaf();
  }

  #table(element: Element): void {
    const builder = this.#builder;
    builder.openTable();
    for (const row of childrenNamed(element, 'tr')) {
      builder.openRow();
      for (const cell of childElements(row)) {
        builder.openCell(cell.local === 'th');
        this.#visitChildren(cell);
        builder.close();
      }
      builder.close();
    }
    builder.close();
  }

  #image(element: Element): void {
    const image = this.#context.imageId((attribute(element, 'href') ?? '').replace(/^#/, ''));
    if (image) this.#builder.image(image, shortLine(attribute(element, 'alt') ?? '', 300));
  }

  #anchor(element: Element): void {
    const href = (attribute(element, 'href') ?? '').trim();
    if (this.#builder.isInLink()) return this.#visitChildren(element);
    if (/^https?:\/\/\S/i.test(href)) {
      return this.#link(element, () => ({
        type: 'link',
        target: { kind: 'web', href: href.replace(/\s/g, '').slice(0, 2000).toWellFormed() },
        content: [],
      }));
    }
    const target = href.startsWith('#') ? href.slice(1) : '';
    const isNote = attribute(element, 'type') === 'note' || this.#context.isNote(target);
    if (isNote) {
      const label = shortLine(textOf(element).replace(/[[\](){}]/g, ''), 20);
      const node: NoteRefNode = { type: 'noteRef', note: null, label };
      this.#noteRefs.push({ node, target, place: this.#builder.place() });
      return this.#builder.noteRef(node);
    }
    if (!this.#context.isKnown(target)) return this.#visitChildren(element);
    this.#linkedCharacters += textOf(element).trim().length;
    this.#link(element, () => {
      const node: LinkNode = {
        type: 'link',
        target: { kind: 'book', chapter: 0, offset: 0 },
        content: [],
      };
      this.#links.push({ node, target });
      return node;
    });
  }

  #link(element: Element, node: () => LinkNode): void {
    this.#builder.openFormat({ type: 'link', node });
    this.#visitChildren(element);
    this.#builder.closeFormat();
  }

  #formatted(element: Element, type: SpanType | null): void {
    if (type) this.#builder.openFormat({ type });
    this.#visitChildren(element);
    if (type) this.#builder.closeFormat();
  }
}

/** Names of elements within a line; everything else begins and ends a paragraph. */
const INLINE = /^(strong|emphasis|style|a|strikethrough|sub|sup|code|image)$/;

/** An empty line between two paragraphs is a pause in the story; others only set pictures apart. */
function isPause(element: Element): boolean {
  const { parent } = element;
  const isInSection = parent?.local === 'section';
  const before = siblingOf(element, 'before');
  // Of several empty lines the first one stands for all.
  if (!isInSection || !before || before.local !== 'p') return false;
  let after = siblingOf(element, 'next');
  while (after && after.local === 'empty-line') after = siblingOf(after, 'next');
  return after !== null && after.local === 'p';
}
