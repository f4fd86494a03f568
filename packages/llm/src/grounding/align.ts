/**
 * Alignment word by word, for quotes in which a model dropped or changed words: the longest common
 * subsequence of the quote and the windows of the chapter that hold its rare words.
 */

import { type Chapter, type Token, tokenise } from './chapter.ts';

/** Below this, what is found is another passage on the same subject. */
const LEAST_SCORE = 0.72;
const FEWEST_WORDS = 3;
/** A longer "quote" is no quote any more. */
const MOST_WORDS = 1000;
/** Bounds the time for one quote to about 0.1 s; ordinary quotes never come near it. */
const MOST_CELLS = 20_000_000;
const SEEDS = 6;
/** A word more frequent than this does not tell where a quote stands. */
const MOST_OCCURRENCES = 39;

interface Alignment {
  /** Words in common, in order. */
  readonly hits: number;
  /** Position of the first and last of them in the chapter. */
  readonly first: number;
  readonly last: number;
}

interface Aligned {
  /** Range in the normalised chapter, unless nothing was good enough. */
  readonly place?: { readonly start: number; readonly end: number };
  /** The best score, 0 to 1, whether good enough or not. */
  readonly best: number;
}

/**
 * Aligns a normalised quote. Score: harmonic mean of coverage (hits by words of the quote) and density
 * (hits by words of the place). Of equal places, the first one at or after `cursor`.
 */
export function alignWords(chapter: Chapter, needle: string, cursor: number): Aligned {
  const quote = tokenise(needle).map((token) => token.word);
  if (quote.length < FEWEST_WORDS || quote.length > MOST_WORDS) return { best: 0 };
  const { tokens, positions } = chapter.words();
  const isPassed = (place: Alignment): boolean => (tokens[place.first]?.start ?? 0) < cursor;
  let best = 0;
  let bestFound: Alignment | undefined;
  for (const start of windowStarts(quote, positions)) {
    const end = start + windowWidth(quote.length);
    const found = commonSubsequence(quote, tokens, Math.max(0, start), end);
    const score = scoreOf(found, quote.length);
    const isFirstAhead =
      score === best && bestFound !== undefined && isPassed(bestFound) && !isPassed(found);
    if (score > best || isFirstAhead) {
      best = score;
      bestFound = found;
    }
  }
  const first = bestFound && tokens[bestFound.first];
  const last = bestFound && tokens[bestFound.last];
  if (best < LEAST_SCORE || first === undefined || last === undefined) return { best };
  return { place: { start: first.start, end: last.end }, best };
}

/** A window reaches a little further than the quote on both sides, more so after its end. */
const windowLead = (words: number): number => 4 + Math.floor(words / 8);
const windowWidth = (words: number): number =>
  windowLead(words) + words + 4 + Math.floor(words / 4);

/** First position of every window to try, in order: around each place of the quote's rarest words. */
function windowStarts(
  quote: readonly string[],
  positions: ReadonlyMap<string, readonly number[]>,
): number[] {
  const seeds = quote
    .map((word, index) => ({ index, places: positions.get(word) ?? [] }))
    .filter(({ places }) => places.length > 0 && places.length <= MOST_OCCURRENCES)
    .sort((a, b) => a.places.length - b.places.length)
    .slice(0, SEEDS);
  const starts = new Set<number>();
  for (const { index, places } of seeds) {
    for (const place of places) starts.add(place - index - windowLead(quote.length));
  }
  const most = Math.ceil(MOST_CELLS / (quote.length * windowWidth(quote.length)));
  return [...starts].slice(0, most).sort((a, b) => a - b);
}

function scoreOf({ hits, first, last }: Alignment, words: number): number {
  if (hits === 0) return 0;
  const coverage = hits / words;
  const density = hits / (last - first + 1);
  return (2 * coverage * density) / (coverage + density);
}

/**
 * Longest common subsequence, row by row. Only its ends are wanted, so each cell carries them along, and
 * of equally long ones the one that begins last and ends first.
 */
function commonSubsequence(
  quote: readonly string[],
  tokens: readonly Token[],
  start: number,
  end: number,
): Alignment {
  const width = Math.max(0, Math.min(end, tokens.length) - start);
  const none: Alignment = { hits: 0, first: 0, last: 0 };
  let above: Alignment[] = Array.from({ length: width + 1 }, () => none);
  for (const word of quote) {
    const row = [none];
    let left = none;
    for (let column = 1; column <= width; column++) {
      const position = start + column - 1;
      const up = above[column] ?? none;
      left = better(left, up);
      if (tokens[position]?.word === word) {
        const diagonal = above[column - 1] ?? none;
        left = better(left, {
          hits: diagonal.hits + 1,
          first: diagonal.hits === 0 ? position : diagonal.first,
          last: position,
        });
      }
      row.push(left);
    }
    above = row;
  }
  return above[width] ?? none;
}

function better(a: Alignment, b: Alignment): Alignment {
  if (a.hits !== b.hits) return a.hits > b.hits ? a : b;
  if (a.first !== b.first) return a.first > b.first ? a : b;
  return a.last <= b.last ? a : b;
}
