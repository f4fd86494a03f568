/**
 * Grounding: from what a model says it quoted to where that stands in the text. A model's own offsets
 * are never used, and what cannot be found is said to be `unaligned`, never dropped or guessed.
 */

import { alignWords } from './align.ts';
import { type Chapter, indexChapter, offsetInNormalised } from './chapter.ts';
import { normalise } from './normalise.ts';

/** Where a quote stands; offsets are UTF-16 code units of the chapter's text, as `slice` counts. */
export interface GroundedQuote {
  readonly status: 'exact' | 'normalised' | 'ellipsis' | 'fuzzy';
  readonly quote: string;
  readonly start: number;
  readonly end: number;
  /** 0 to 1: how much of the quote and of the place agree. */
  readonly score: number;
  /** The chapter's own words: `text.slice(start, end)`. */
  readonly slice: string;
}

/** A quote that stands nowhere in the chapter; `score` is the best that was found. */
export interface UnalignedQuote {
  readonly status: 'unaligned';
  readonly quote: string;
  readonly start: null;
  readonly end: null;
  readonly score: number;
  readonly slice: null;
}

export type Grounding = GroundedQuote | UnalignedQuote;

/** A quote, or a quote with the offset of the paragraph in which the model claims to have found it. */
export type QuoteToGround = string | { readonly quote: string; readonly from: number };

/** Half-open range of the normalised chapter, how it was found, and how well it agrees. */
interface Match {
  readonly by: 'text' | 'ellipsis' | 'words';
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/** Longest stretch of text an ellipsis may stand for, in characters. */
const LONGEST_GAP = 600;
/** Shorter parts of an elided quote are everywhere. */
const SHORTEST_PART = 4;
const ELLIPSIS = /\[(?:\.{3,}|…)\]|\.{3,}|…/u;
const OUTER_MARKS = /^[\s"“”„«»‹›‘’']+|[\s"“”„«»‹›‘’']+$/gu;

/**
 * Grounds quotes in the order the model gave them: of several places, a quote gets the first one that
 * no other quote has taken, looking from its paragraph if the model named one, else from the end of
 * the quote before it.
 *
 * @returns one grounding for each quote, in the same order
 */
export function ground(chapterText: string, quotes: readonly QuoteToGround[]): Grounding[] {
  const chapter = indexChapter(chapterText);
  const taken = new Set<number>();
  let cursor = 0;
  return quotes.map((item) => {
    const isPlain = typeof item === 'string';
    const quote = isPlain ? item : item.quote;
    const from = isPlain ? cursor : offsetInNormalised(chapter, item.from);
    const { match, best } = locate(chapter, quote, from, taken);
    if (match === undefined) {
      return { status: 'unaligned', quote, start: null, end: null, score: best, slice: null };
    }
    taken.add(match.start);
    cursor = match.end;
    return groundedQuote(chapter, quote, match);
  });
}

const withoutOuterMarks = (quote: string): string => quote.replace(OUTER_MARKS, '');

/** From the surest method to the last resort; `best` is the score of the last one. */
function locate(
  chapter: Chapter,
  quote: string,
  cursor: number,
  taken: ReadonlySet<number>,
): { match?: Match | undefined; best: number } {
  const bare = withoutOuterMarks(quote);
  const needle = normalise(bare).out;
  if (!WORD_UNIT.test(needle)) return { best: 0 };
  const match =
    findExact(chapter.out, needle, cursor, taken) ?? findElided(chapter.out, bare, cursor, taken);
  if (match !== undefined) return { match, best: match.score };
  const { place, best } = alignWords(chapter, needle, cursor);
  return { match: place && { by: 'words', ...place, score: best }, best };
}

function groundedQuote(chapter: Chapter, quote: string, match: Match): GroundedQuote {
  const { start, end } = sourceRange(chapter, match);
  const slice = chapter.text.slice(start, end);
  const isVerbatim = slice === quote || slice === withoutOuterMarks(quote);
  const status = {
    text: isVerbatim ? ('exact' as const) : ('normalised' as const),
    ellipsis: 'ellipsis' as const,
    words: 'fuzzy' as const,
  }[match.by];
  return { status, quote, start, end, score: match.score, slice };
}

function findExact(
  out: string,
  needle: string,
  cursor: number,
  taken: ReadonlySet<number>,
): Match | undefined {
  const start = choose(occurrences(out, needle), cursor, taken);
  return start === undefined
    ? undefined
    : { by: 'text', start, end: start + needle.length, score: 1 };
}

/** Of places in order: the first free one from `cursor` on, else the first free one, else the first. */
function choose(
  places: Iterable<number>,
  cursor: number,
  taken: ReadonlySet<number>,
): number | undefined {
  let first: number | undefined;
  let firstFree: number | undefined;
  for (const place of places) {
    first ??= place;
    if (taken.has(place)) continue;
    if (place >= cursor) return place;
    firstFree ??= place;
  }
  return firstFree ?? first;
}

/** Where `needle` stands as whole words, in order. */
function* occurrences(out: string, needle: string): Generator<number> {
  for (let at = out.indexOf(needle); at !== -1; at = out.indexOf(needle, at + 1)) {
    if (isBorder(out, at) && isBorder(out, at + needle.length)) yield at;
  }
}

const WORD_UNIT = /[\p{L}\p{N}]/u;

/** No word runs across `offset`. */
function isBorder(out: string, offset: number): boolean {
  return !WORD_UNIT.test(out.charAt(offset - 1)) || !WORD_UNIT.test(out.charAt(offset));
}

/** "The hall was long … upon the black floor": parts in order, with little left out between them. */
function findElided(
  out: string,
  quote: string,
  cursor: number,
  taken: ReadonlySet<number>,
): Match | undefined {
  const pieces = quote.split(ELLIPSIS).map((piece) => normalise(withoutOuterMarks(piece)).out);
  const parts = pieces.filter((part) => part.length >= SHORTEST_PART);
  const [head, ...tail] = parts;
  if (head === undefined || tail.length === 0) return undefined;
  // By end, so that of several heads before the same tail the nearest one stays.
  const starts = new Map<number, number>();
  for (const place of occurrences(out, head)) {
    const tailEnd = endOfChain(out, place + head.length, tail);
    if (tailEnd !== undefined) starts.set(tailEnd, place);
  }
  const start = choose(starts.values(), cursor, taken);
  if (start === undefined) return undefined;
  const end = endOfChain(out, start + head.length, tail) ?? start;
  const matched = parts.reduce((sum, part) => sum + part.length, 0);
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return { by: 'ellipsis', start, end, score: matched / total };
}

function endOfChain(out: string, from: number, parts: readonly string[]): number | undefined {
  let end = from;
  for (const part of parts) {
    const window = out.slice(end, end + LONGEST_GAP + part.length + 1);
    const [at] = occurrences(window, part);
    if (at === undefined) return undefined;
    end += at + part.length;
  }
  return end;
}

const IGNORABLE = /[\s\u00ad\u200b-\u200d\u2060\ufeff]/u;

/** Back to the source, without the spaces and soft hyphens that normalising had dropped at the end. */
function sourceRange(chapter: Chapter, match: Match): { start: number; end: number } {
  const start = chapter.map[match.start] ?? chapter.text.length;
  let end = chapter.map[match.end] ?? chapter.text.length;
  while (end > start && IGNORABLE.test(chapter.text.charAt(end - 1))) end--;
  return { start, end };
}
