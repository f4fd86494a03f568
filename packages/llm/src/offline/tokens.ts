/**
 * Sentences and words with their offsets. Written by hand rather than with `Intl.Segmenter`: the
 * answer must not change with the ICU version of the Node that runs it, and the boundaries only have
 * to be good enough to score a sentence, not to show one.
 */

export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * A sentence is cut here even without a full stop, so that a text without any punctuation cannot
 * become one endless passage.
 */
const LONGEST_SENTENCE = 1200;

// A run of stops, closing marks (French sets a space before "»"), and the white space after them.
// The look-behind lets only the head of a run match, so that a page of dots stays linear.
const STOP = /(?<![.!?…])[.!?…]+(?:[ \u00a0\u202f]?[»”’"')\]])*\s+/gu;
const STARTS_LOWER = /^[-–—\s]*\p{Ll}/u;
const LAST_WORD = /[\p{L}.]+$/u;

/** Paragraphs of a chapter's text: what stands between blank lines. Empty ones are left out. */
export function* paragraphs(text: string): Generator<Span> {
  let start = 0;
  while (start < text.length) {
    const blank = text.indexOf('\n\n', start);
    const end = blank === -1 ? text.length : blank;
    const span = trim(text, start, end);
    if (span.start < span.end) yield span;
    start = end + 2;
  }
}

/**
 * Sentences of one paragraph, in order, without the white space between them. A stop ends a sentence
 * unless a lower-case letter follows, or the word before it is an abbreviation or a single letter.
 */
export function* sentences(
  text: string,
  paragraph: Span,
  abbreviations: ReadonlySet<string>,
): Generator<Span> {
  let start = paragraph.start;
  while (start < paragraph.end) {
    // Looking no further than this keeps a text without any stop linear.
    const limit = cutNear(text, start + LONGEST_SENTENCE, paragraph.end);
    const end = start + sentenceLength(text.slice(start, limit), abbreviations);
    const span = trim(text, start, end);
    if (span.start < span.end) yield span;
    start = end;
  }
}

/** Length of the first sentence of `window` with the white space after it. */
function sentenceLength(window: string, abbreviations: ReadonlySet<string>): number {
  for (const stop of window.matchAll(STOP)) {
    const after = stop.index + stop[0].length;
    if (STARTS_LOWER.test(window.slice(after, after + 4))) continue;
    const before = LAST_WORD.exec(window.slice(Math.max(0, stop.index - 12), stop.index))?.[0];
    const isStop = !stop[0].startsWith('.') || before === undefined;
    if (isStop || !isShort(before, abbreviations)) return after;
  }
  return window.length;
}

function isShort(word: string, abbreviations: ReadonlySet<string>): boolean {
  if (abbreviations.has(word.toLowerCase())) return true;
  return word.length === 1 && word !== word.toLowerCase() && word !== 'I';
}

/** `offset` if the text ends there, else the last white space shortly before it, if there is one. */
function cutNear(text: string, offset: number, end: number): number {
  if (offset >= end) return end;
  for (let index = offset; index > offset - 200; index--) {
    if (/\s/u.test(text.charAt(index - 1))) return index;
  }
  const splitsPair = /[\udc00-\udfff]/.test(text.charAt(offset));
  return splitsPair ? offset - 1 : offset;
}

function trim(text: string, start: number, end: number): Span {
  let first = start;
  let last = end;
  while (first < last && /\s/u.test(text.charAt(first))) first++;
  while (last > first && /\s/u.test(text.charAt(last - 1))) last--;
  return { start: first, end: last };
}

const WORD = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*|\p{N}+/gu;

/**
 * Words of a sentence, lower-case, composed (NFC), with a straight apostrophe and "е" for "ё". A hyphen
 * separates words ("dark-eyed" is two), and so does the apostrophe of an elision ("l'homme" is
 * "homme"). A capital inside a sentence makes a name, which says nothing about what it names
 * ("Mr. Brown", "Rose"): names count as words and are returned empty.
 */
export function wordsOf(sentence: string, elisions: ReadonlySet<string>): string[] {
  const words: string[] = [];
  for (const [match] of sentence.normalize('NFC').matchAll(WORD)) {
    const lower = match.toLowerCase();
    const folded = lower.replace(/[’ʼ]/gu, "'").replaceAll('ё', 'е');
    const apostrophe = folded.indexOf("'");
    const rest = apostrophe > 0 && elisions.has(folded.slice(0, apostrophe)) ? apostrophe + 1 : 0;
    const isName = words.length > 0 && match.charAt(rest) !== lower.charAt(rest);
    words.push(isName ? '' : folded.slice(rest));
  }
  return words;
}
