/** Which quotations and brackets are open at a place of a paragraph. Walks forward only, so a paragraph is read once. */

interface Opening {
  readonly mark: string;
  readonly at: number;
}

/** A quotation of up to this many characters stays in the sentence that holds it; a longer one is cut inside. */
const LONGEST_WHOLE_QUOTE = 80;
const LONGEST_WHOLE_BRACKET = 120;
/** Deeper nesting is an error of the text; a bound keeps a page of opening marks linear. */
const DEEPEST = 8;

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
const SPACE = /\s/u;

export class OpenQuotes {
  readonly #text: string;
  readonly #closers: ReadonlyMap<string, string>;
  readonly #openers: string;
  readonly #marks: ReadonlySet<string>;
  #position = 0;
  #stack: Opening[] = [];

  constructor(text: string, closers: ReadonlyMap<string, string>) {
    this.#text = text;
    this.#closers = closers;
    this.#openers = `${[...closers.values()].join('')}([`;
    this.#marks = new Set(`${this.#openers}${[...closers.keys()].join('')})]"'`.split(''));
  }

  /**
   * Whether the place `end` lies inside a quotation or bracket that began at `start` or later and is short enough to
   * stay whole. Places must not go backwards.
   */
  isInsideShort(start: number, end: number): boolean {
    for (; this.#position < end; this.#position++) this.#read(this.#position);
    return this.#stack.some(({ mark, at }) => {
      if (at < start) return false;
      const isBracket = mark === '(' || mark === '[';
      // A bracket that holds whole sentences is cut like any text.
      if (isBracket && at === start) return false;
      const limit = at + (isBracket ? LONGEST_WHOLE_BRACKET : LONGEST_WHOLE_QUOTE);
      if (limit < end) return false;
      return this.#closesWithin(mark, end, limit);
    });
  }

  #closesWithin(mark: string, from: number, limit: number): boolean {
    for (let i = from; i <= limit && i < this.#text.length; i++) {
      if (this.#closes(this.#text.charAt(i), i, mark)) return true;
    }
    // A quotation that goes on in the next paragraph; an apostrophe never does.
    return this.#text.length <= limit && mark !== "'" && mark !== '‘';
  }

  #read(at: number): void {
    const mark = this.#text.charAt(at);
    if (!this.#marks.has(mark)) return;
    const depth = this.#stack.findLastIndex((opening) => this.#closes(mark, at, opening.mark));
    if (depth !== -1) {
      this.#stack.length = depth;
      return;
    }
    if (!this.#opens(mark, at)) return;
    if (this.#stack.length === DEEPEST) this.#stack.shift();
    this.#stack.push({ mark, at });
  }

  #opens(mark: string, at: number): boolean {
    if (mark === '"' || mark === "'") return this.#looksOpening(at);
    return mark !== '' && this.#openers.includes(mark);
  }

  #closes(mark: string, at: number, opening: string): boolean {
    if (mark === ')') return opening === '(';
    if (mark === ']') return opening === '[';
    if (mark === '"') return opening === '"' && !this.#looksOpening(at);
    const isApostrophe = LETTER_OR_DIGIT.test(this.#text.charAt(at + 1));
    if (mark === "'") return opening === "'" && !isApostrophe && !this.#looksOpening(at);
    if (mark === '’' && isApostrophe) return false;
    return this.#closers.get(mark)?.includes(opening) ?? false;
  }

  /** A straight mark opens after a space (or at the beginning) and before none. */
  #looksOpening(at: number): boolean {
    const before = this.#text.charAt(at - 1);
    const after = this.#text.charAt(at + 1);
    const opensHere = before === '' || SPACE.test(before) || '([—–-«“'.includes(before);
    return opensHere && after !== '' && !SPACE.test(after);
  }
}
