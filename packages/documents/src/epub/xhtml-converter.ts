import { shortLine } from '../content/clean.ts';
import type { Flow, Place } from '../content/flow-builder.ts';
import { FlowBuilder } from '../content/flow-builder.ts';
import type { LeafKind } from '../content/open-leaf.ts';
import type { LinkNode, NoteRefNode, SpanType } from '../content/tree.ts';
import type { Limits } from '../limits.ts';
import type { Element } from '../markup/dom.ts';
import {
  attribute,
  childElements,
  firstNamed,
  isElement,
  semanticTypes,
  textOf,
} from '../markup/dom.ts';
import type { ElementBudget } from '../markup/parse-markup.ts';
import { CONTAINERS, LEAVES, SECTIONING, SKIPPED, SPANS, TRANSPARENT } from './elements.ts';
import { isBacklink, isNoteRef, noteLabel } from './note-marks.ts';
import type { Reference } from './paths.ts';
import { resolveHref } from './paths.ts';

/** A link inside the book whose chapter and offset are known only when all files are read. */
export interface PendingLink {
  node: LinkNode;
  target: Reference;
}

/** The mark of a note, tied to its note when all files are read. */
export interface PendingNoteRef {
  node: NoteRefNode;
  target: Reference;
  place: Place;
}

/** Leaves `from` up to but without `to`. */
export interface LeafRange {
  from: number;
  to: number;
}

/** A footnote taken out of the flow. */
export interface Aside {
  id: string;
  flow: Flow;
  place: Place;
}

/** One content document of the spine, converted. */
export interface ContentFile {
  path: string;
  /** Content of `title` in the head. */
  title: string;
  language: string | null;
  direction: string | null;
  flow: Flow;
  links: PendingLink[];
  noteRefs: PendingNoteRef[];
  asides: Aside[];
  /** What the block elements with an identifier enclose. */
  extents: Map<string, LeafRange>;
  /** What the elements with `epub:type` or a DPUB role enclose. */
  typed: (LeafRange & { types: readonly string[] })[];
  /** Links into the book and the characters in them. */
  linked: { leaf: number; characters: number }[];
}

export interface ConvertContext {
  limits: Limits;
  /** The name of the file of the spine that a link leads to; null when there is none. */
  findFile: (path: string) => string | null;
  /** The picture's id, or null when the archive has no such picture. */
  imageId: (path: string) => string | null;
  budget: ElementBudget;
  /** Identifiers at which a chapter begins: containers that hold one are opened up. */
  boundaries: ReadonlySet<string>;
}

/** Typed elements of a file that are looked at: each is compared with each chapter. */
const MAX_TYPED = 5_000;

type Converted = Omit<ContentFile, 'path' | 'title' | 'language' | 'direction'>;

/** One walk over the DOM of a content document; recursive, since the parser bounds its depth. */
export class XhtmlConverter {
  readonly #path: string;
  readonly #context: ConvertContext;
  readonly #asidesInFlow: boolean;
  readonly #opened = new Set<Element>();
  readonly #result: Omit<Converted, 'flow'> = {
    links: [],
    noteRefs: [],
    asides: [],
    extents: new Map(),
    typed: [],
    linked: [],
  };
  #builder = new FlowBuilder();
  #verse = 0;
  #notePages = 0;

  constructor(path: string, context: ConvertContext, asidesInFlow: boolean) {
    this.#path = path;
    this.#context = context;
    this.#asidesInFlow = asidesInFlow;
  }

  convert(root: Element): Converted {
    if (this.#context.boundaries.size > 0) this.#findOpened(root);
    if (root.parent === null) this.#visitChildren(root);
    else this.#element(root);
    return { ...this.#result, flow: this.#builder.finish() };
  }

  /** Containers around a chapter boundary: a chapter cannot begin inside of a table. */
  #findOpened(parent: Element): boolean {
    let found = false;
    for (const child of childElements(parent)) {
      const id = identifierOf(child);
      const inside = this.#findOpened(child);
      if (inside) this.#opened.add(child);
      if (inside || (id !== null && this.#context.boundaries.has(id))) found = true;
    }
    return found;
  }

  #visitChildren(parent: Element): void {
    for (const child of parent.children) {
      if (isElement(child)) this.#element(child);
      else this.#builder.text(child);
    }
  }

  #element(element: Element): void {
    const name = element.local;
    if (SKIPPED.has(name)) return;
    const types = semanticTypes(element);
    const id = identifierOf(element);
    if (types.length > 0) {
      if (types.includes('pagebreak')) {
        // The number of a page in print, in the middle of a sentence: a place, not text.
        if (id !== null) this.#builder.anchor(id);
        return;
      }
      if (this.#isAside(name, types)) return this.#aside(element, id);
    }
    if (LEAVES.has(name) || TRANSPARENT.has(name) || CONTAINERS.has(name)) {
      return this.#block(element, id, types);
    }
    if (id !== null) this.#builder.anchor(id);
    this.#content(element, name, types);
  }

  #block(element: Element, id: string | null, types: readonly string[]): void {
    const name = element.local;
    this.#builder.endLeaf();
    if (id !== null) this.#builder.anchor(id);
    const { from } = this.#builder.place();
    this.#content(element, name, types);
    this.#builder.endLeaf();
    const range = { from, to: this.#builder.place().from };
    if (id !== null && !this.#result.extents.has(id)) this.#result.extents.set(id, range);
    const isTyped = types.length > 0 && SECTIONING.has(name);
    if (isTyped && this.#result.typed.length < MAX_TYPED)
      this.#result.typed.push({ ...range, types });
  }

  #content(element: Element, name: string, types: readonly string[]): void {
    if (types.length === 0) return this.#convert(element, name, types);
    const isVerse = types.some((type) => /(^|:)(verse|poem|song|hymn)$/.test(type));
    const isNotes = types.some((type) => /^(endnotes|rearnotes|notes)$/.test(type));
    this.#verse += isVerse ? 1 : 0;
    this.#notePages += isNotes ? 1 : 0;
    this.#convert(element, name, types);
    this.#verse -= isVerse ? 1 : 0;
    this.#notePages -= isNotes ? 1 : 0;
  }

  #convert(element: Element, name: string, types: readonly string[]): void {
    const builder = this.#builder;
    const leaf = LEAVES.get(name);
    if (leaf !== undefined) this.#leaf(element, name, leaf);
    else if (TRANSPARENT.has(name)) this.#visitChildren(element);
    else if (this.#opened.has(element)) this.#visitChildren(element);
    else {
      switch (name) {
        case 'br':
          builder.lineBreak();
          break;
        case 'hr':
          builder.rule();
          break;
        case 'blockquote':
          this.#inside(element, () => builder.openQuote());
          break;
        case 'ul':
        case 'ol':
          this.#inside(element, () => builder.openList(name === 'ol', startOf(element)));
          break;
        case 'li':
          this.#inside(element, () => builder.openItem());
          break;
        case 'table':
          this.#inside(element, () => builder.openTable());
          break;
        case 'tr':
          this.#inside(element, () => builder.openRow());
          break;
        case 'td':
        case 'th':
          this.#inside(element, () => builder.openCell(name === 'th'));
          break;
        default:
          this.#inline(element, name, types);
      }
    }
  }

  #inside(element: Element, open: () => void): void {
    open();
    this.#visitChildren(element);
    this.#builder.close();
  }

  #leaf(element: Element, name: string, kind: LeafKind): void {
    const { parent } = element;
    const isSubtitle = parent?.local === 'hgroup';
    // In a poem a paragraph without line ends is prose: the argument above a canto.
    const isStanza = this.#verse > 0 && firstNamed(element, 'br') !== null;
    if (name === 'p' && isSubtitle) this.#builder.beginLeaf({ type: 'heading', level: 4 });
    else if (name === 'p' && isStanza) this.#builder.beginLeaf({ type: 'verse' });
    else this.#builder.beginLeaf(kind);
    this.#formatted(SPANS.get(name) ?? null, element);
    this.#builder.endLeaf();
  }

  #inline(element: Element, name: string, types: readonly string[]): void {
    switch (name) {
      case 'a':
        return this.#anchorElement(element, types);
      case 'img':
      case 'image':
        return this.#image(element, attribute(element, 'src') ?? attribute(element, 'href'));
      case 'object':
        if ((attribute(element, 'type') ?? '').startsWith('image/')) {
          return this.#image(element, attribute(element, 'data'));
        }
        return this.#visitChildren(element);
      case 'math': {
        const spoken = attribute(element, 'alttext');
        return spoken ? this.#builder.text(spoken) : this.#visitChildren(element);
      }
      default:
        return this.#formatted(SPANS.get(name) ?? styleOf(element), element);
    }
  }

  #formatted(type: SpanType | null, element: Element): void {
    if (type) this.#builder.openFormat({ type });
    this.#visitChildren(element);
    if (type) this.#builder.closeFormat();
  }

  #anchorElement(element: Element, types: readonly string[]): void {
    const href = attribute(element, 'href');
    if (href === null || this.#builder.isInLink()) return this.#visitChildren(element);
    if (isBacklink(element, types)) return;
    if (/^https?:\/\/\S/i.test(href.trim())) {
      return this.#link(element, () => ({
        type: 'link',
        target: { kind: 'web', href: shortHref(href) },
        content: [],
      }));
    }
    const reference = resolveHref(href, this.#path);
    const name = reference && this.#context.findFile(reference.path);
    if (!reference || name === null) return this.#visitChildren(element);
    const target = { path: name, fragment: reference.fragment };
    if (target.fragment !== null && isNoteRef(element, types)) {
      const node: NoteRefNode = { type: 'noteRef', note: null, label: noteLabel(element) };
      this.#result.noteRefs.push({ node, target, place: this.#builder.place() });
      return this.#builder.noteRef(node);
    }
    this.#result.linked.push({
      leaf: this.#builder.place().from,
      characters: textOf(element).trim().length,
    });
    this.#link(element, () => {
      const node: LinkNode = {
        type: 'link',
        target: { kind: 'book', chapter: 0, offset: 0 },
        content: [],
      };
      this.#result.links.push({ node, target });
      return node;
    });
  }

  #link(element: Element, node: () => LinkNode): void {
    this.#builder.openFormat({ type: 'link', node });
    this.#visitChildren(element);
    this.#builder.closeFormat();
  }

  #image(element: Element, source: string | null): void {
    const alt = shortLine(attribute(element, 'alt') ?? '', 300);
    const target = source === null ? null : resolveHref(source, this.#path);
    const image = target && this.#context.imageId(target.path);
    // A drop capital drawn as a picture: without it the chapter would begin "nce upon a time".
    if (/^\p{Lu}$/u.test(alt)) this.#builder.text(alt);
    else if (image) this.#builder.image(image, isCaption(alt) ? alt : '');
  }

  #isAside(name: string, types: readonly string[]): boolean {
    if (this.#asidesInFlow || this.#notePages > 0) return false;
    return types.includes('footnote') || (name === 'aside' && /note/.test(types.join(' ')));
  }

  #aside(element: Element, id: string | null): void {
    const outer = this.#builder;
    const place = outer.place();
    this.#builder = new FlowBuilder();
    const { extents, typed, linked, noteRefs } = this.#result;
    // Places count leaves of the flow they are in; those of an aside are of no use to anyone.
    Object.assign(this.#result, { extents: new Map(), typed: [], linked: [], noteRefs: [] });
    this.#notePages += 1;
    this.#visitChildren(element);
    this.#notePages -= 1;
    const flow = this.#builder.finish();
    Object.assign(this.#result, { extents, typed, linked, noteRefs });
    this.#builder = outer;
    const name = id ?? `aside-${this.#result.asides.length + 1}`;
    if (flow.leaves.length > 0) this.#result.asides.push({ id: name, flow, place });
  }
}

function identifierOf(element: Element): string | null {
  const id = element.attribs['id'] ?? element.attribs['xml:id'];
  return id ?? (element.local === 'a' ? (element.attribs['name'] ?? null) : null);
}

function startOf(list: Element): number {
  const start = Number.parseInt(attribute(list, 'start') ?? '1', 10);
  return Number.isSafeInteger(start) ? start : 1;
}

function shortHref(href: string): string {
  return href.trim().replace(/\s/g, '').slice(0, 2000).toWellFormed();
}

/** Words, not a file name or a number. */
function isCaption(alt: string): boolean {
  return /\p{L}{2}/u.test(alt) && !/\.(jpe?g|png|gif|svg|webp)$/i.test(alt);
}

/** Formats that converters write as classes and styles of `span`. */
function styleOf(element: Element): SpanType | null {
  const style = element.attribs['style'];
  const className = element.attribs['class'];
  if (style === undefined && className === undefined) return null;
  const said = `${className ?? ''} ${style ?? ''}`;
  if (/\bsmall-?caps?\b/i.test(said)) return 'smallCaps';
  if (/(^|\s)(italics?|ital)(\s|$)|font-style:\s*(italic|oblique)/i.test(said)) return 'emphasis';
  if (/(^|\s)bold(\s|$)|font-weight:\s*(bold|[6-9]00)/i.test(said)) return 'strong';
  return null;
}
