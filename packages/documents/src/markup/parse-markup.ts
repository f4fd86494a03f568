import type { Handler, Parser, ParserOptions } from 'htmlparser2';
import { WritableStream as ParserStream } from 'htmlparser2/WritableStream';
import { DocumentError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { Element, Node } from './dom.ts';
import { textOf } from './dom.ts';
import { checkEntities } from './entities.ts';

/**
 * Parses well-formed and less well-formed XML: package documents, NCX, nav, FB2. DTD entities are
 * never expanded and nothing is ever loaded, whatever the DTD says.
 */
export function parseXml(source: string, limits: Limits): Element {
  return parse(expandNamedEntities(source, limits), limits, { xmlMode: true });
}

/** What XML itself defines: the parser knows those. */
const XML_ENTITIES: ReadonlySet<string> = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);

/**
 * Books use the named entities of HTML without a DTD, and the parser leaves those alone in XML mode.
 * They become character references; names that HTML does not know (those of a DTD) stay as they are.
 */
function expandNamedEntities(source: string, limits: Limits): string {
  const known = new Map<string, string>();
  return source.replace(/&([a-z][a-z0-9]{1,31});/gi, (entity, name: string) => {
    if (XML_ENTITIES.has(name)) return entity;
    let expanded = known.get(name);
    if (expanded === undefined) {
      const decoded = textOf(parse(entity, limits, {}));
      expanded = decoded === entity ? entity : references(decoded);
      known.set(name, expanded);
    }
    return expanded;
  });
}

function references(text: string): string {
  return Array.from(text, (character) => `&#${character.codePointAt(0)};`).join('');
}

/**
 * Parses a content document of an EPUB. HTML mode, because books use named entities (`&nbsp;`)
 * without a DTD; self-closing tags and CDATA are honoured, or `<title/>` would swallow the rest.
 */
export function parseXhtml(source: string, limits: Limits, budget?: ElementBudget): Element {
  return parse(source, limits, { recognizeSelfClosing: true, recognizeCDATA: true }, budget);
}

/** Elements that may still be read; shared by the documents of a book. */
export interface ElementBudget {
  left: number;
}

function parse(
  source: string,
  limits: Limits,
  options: ParserOptions,
  budget: ElementBudget = { left: limits.elements },
): Element {
  checkEntities(source, limits);
  const builder = new TreeBuilder(limits, budget);
  // Without an entity to look for, the parser skips to the end of a text or an attribute: a third of its time.
  parserFor(builder, { ...options, decodeEntities: source.includes('&') }).end(source);
  return builder.root;
}

/**
 * The parser by way of a stream, which hands it to its handler and is not used otherwise: the main entry of the package loads
 * twenty modules more, which are 10 ms and 5 MB of a process.
 */
function parserFor(builder: TreeBuilder, options: ParserOptions): Parser {
  const parsers: Parser[] = [];
  builder.onparserinit = (parser) => parsers.push(parser);
  const stream = new ParserStream(builder, options);
  const [parser] = parsers;
  if (parser === undefined) throw new TypeError(`${stream.constructor.name} has made no parser.`);
  return parser;
}

interface GrowingElement extends Element {
  children: Node[];
  readonly parent: GrowingElement | null;
}

/** What an element is called, once for all of that name in a document: comparing names is most of what readers do. */
type Names = Pick<Element, 'name' | 'local'>;

/**
 * Makes the tree. Parsing nested tags is quadratic (500,000 deep take minutes) and every walk of the result would
 * overflow the stack, so depth is refused at the door; so is a document of nothing but tags, which
 * takes a hundred times its size in memory.
 */
class TreeBuilder implements Partial<Handler> {
  readonly root = createElement({ name: '', local: '' }, {}, null);
  readonly #limits: Limits;
  readonly #budget: ElementBudget;
  readonly #names = new Map<string, Names>();
  #current = this.root;
  #depth = 0;
  /** The last node, if it is text that further text belongs to: nothing came between. */
  #text: string | null = null;
  onparserinit?: (parser: Parser) => void;

  constructor(limits: Limits, budget: ElementBudget) {
    this.#limits = limits;
    this.#budget = budget;
  }

  onopentag(tag: string, attribs: Record<string, string>): void {
    const { elementDepth, elements } = this.#limits;
    if (this.#depth >= elementDepth) throw tooDeep(tag, elementDepth);
    this.#budget.left -= 1;
    if (this.#budget.left < 0) throw tooComplex(elements);
    const element = createElement(this.#namesOf(tag), attribs, this.#current);
    this.#add(element);
    this.#current = element;
    this.#depth += 1;
    this.#text = null;
  }

  onclosetag(): void {
    this.#current = this.#current.parent ?? this.root;
    this.#depth -= 1;
    this.#text = null;
  }

  ontext(text: string): void {
    if (this.#text !== null) this.#current.children.pop();
    this.#text = this.#text === null ? text : this.#text + text;
    this.#add(this.#text);
  }

  oncomment(): void {
    this.#text = null;
  }

  onprocessinginstruction(): void {
    this.#text = null;
  }

  oncdatastart(): void {
    this.#text = null;
  }

  oncdataend(): void {
    this.#text = null;
  }

  /** Most elements have one child, and a list that has grown holds room for 17. */
  #add(node: Node): void {
    const { children } = this.#current;
    if (children.length === 0) this.#current.children = [node];
    else children.push(node);
  }

  #namesOf(tag: string): Names {
    const known = this.#names.get(tag);
    if (known !== undefined) return known;
    const names = { name: tag, local: tag.slice(tag.indexOf(':') + 1).toLowerCase() };
    this.#names.set(tag, names);
    return names;
  }
}

function createElement(
  { name, local }: Names,
  attribs: Record<string, string>,
  parent: GrowingElement | null,
): GrowingElement {
  return { name, local, attribs, children: [], parent, place: parent?.children.length ?? 0 };
}

function tooDeep(tag: string, limit: number): DocumentError {
  return new DocumentError(
    'document.too_deep',
    `Elements are nested more than ${limit} deep (at <${tag.slice(0, 40)}>). ` +
      'Convert the book with another program, such as calibre, and send the result.',
    { limit },
  );
}

export function tooComplex(limit: number): DocumentError {
  return new DocumentError(
    'document.too_complex',
    `The book has more than ${limit} elements or lines. ` +
      'Convert it with another program, such as calibre, or send it in volumes.',
    { limit },
  );
}
