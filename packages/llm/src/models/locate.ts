/** From the items of an answer to places in the chapter, or to the reason why there is none. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DescriptionKind, RejectedDescription } from '../description.ts';
import { ground, type Grounding } from '../grounding/ground.ts';
import type { Item } from './answer.ts';
import type { Prompt } from './prompt.ts';
import type { Paragraph, Window } from './windows.ts';

/** A quote found in one paragraph; offsets are UTF-16 code units of the chapter's text. */
export interface Candidate {
  readonly kind: DescriptionKind;
  readonly start: number;
  readonly end: number;
  readonly confidence: number;
  readonly paragraph: number;
}

/** Why an item is no description of this chapter. */
export type RejectReason =
  | 'malformed'
  | 'too_short'
  | 'too_long'
  | 'from_example'
  | 'elided_too_far'
  | 'not_in_text'
  | 'below_threshold'
  | 'overlap'
  | 'beyond_limit'
  | 'refused'
  | 'bad_answer';

export interface Reject extends RejectedDescription {
  readonly reason: RejectReason;
}

export interface Located {
  readonly candidates: Candidate[];
  readonly rejects: Reject[];
}

/** A model that does not say how sure it is. */
const DEFAULT_CONFIDENCE = 0.7;
/** The model itself doubts what is below. */
const LEAST_CONFIDENCE = 0.3;
/** Nobody sees anything in fewer characters ("It rained."). */
const SHORTEST = 12;
/**
 * About five long sentences were asked for; whole pages are no passage. Longer quotes are not even looked for: 400 of
 * 4,000 characters with their words in disorder took 11 seconds.
 */
const LONGEST = 2000;
const LONGEST_SHOWN = 300;
/** Others get their turn of the event loop after so many that are hard to find. */
const QUOTES_AT_A_TIME = 10;
/** Of an elided quote; more are dots, and no quote. */
const MOST_PARTS = 6;
const ELLIPSIS = /\[?(?:\.{3,}|…)\]?/u;

/** Finds each item in the window it was asked about: nowhere else, since the model has seen nothing else. */
export async function locate(
  window: Window,
  items: readonly Item[],
  prompt: Prompt,
): Promise<Located> {
  const located: Located = { candidates: [], rejects: [] };
  const places = await groundItems(window, items);
  for (const [index, item] of items.entries()) {
    const place = places[index];
    const kind = prompt.kindNames.get(item.kind);
    const reason = reasonAgainst(item, kind, place, window, prompt);
    const score = confidenceOf(item) * (place?.score ?? 0);
    if (reason === undefined && place !== undefined && kind !== undefined) {
      const { start, end, paragraph } = place;
      located.candidates.push({ kind, start, end, paragraph, confidence: rounded(score) });
    } else {
      located.rejects.push(reject(item.quote, reason ?? 'malformed', score));
    }
  }
  return located;
}

export function reject(quote: string, reason: RejectReason, score = 0): Reject {
  const isLong = quote.length > LONGEST_SHOWN;
  const shown = isLong ? `${quote.slice(0, LONGEST_SHOWN).toWellFormed()}…` : quote;
  return { quote: shown, reason, score: rounded(score) };
}

const rounded = (score: number): number => Math.round(score * 100) / 100;

const confidenceOf = ({ confidence }: Item): number => confidence ?? DEFAULT_CONFIDENCE;

interface Place {
  readonly start: number;
  readonly end: number;
  readonly paragraph: number;
  readonly score: number;
  readonly status: Exclude<Grounding['status'], 'unaligned'>;
}

function reasonAgainst(
  item: Item,
  kind: DescriptionKind | undefined,
  place: Place | undefined,
  window: Window,
  prompt: Prompt,
): RejectReason | undefined {
  if (item.isMalformed) return 'malformed';
  if (item.quote.length > LONGEST) return 'too_long';
  const isDoubtful = place === undefined || place.status === 'fuzzy';
  if (isDoubtful && isFromExample(item.quote, prompt)) return 'from_example';
  if (place === undefined) return isElided(item.quote, window) ? 'elided_too_far' : 'not_in_text';
  if (kind === undefined) return 'malformed';
  if (place.end - place.start < SHORTEST) return 'too_short';
  return confidenceOf(item) < LEAST_CONFIDENCE ? 'below_threshold' : undefined;
}

function isFromExample(quote: string, { example }: Prompt): boolean {
  const [found] = ground(example, [quote]);
  return found !== undefined && found.status !== 'unaligned';
}

/** Its parts are all there, but too far from each other to be one passage, or in several paragraphs. */
function isElided(quote: string, window: Window): boolean {
  const parts = quote.split(ELLIPSIS).filter((part) => part.trim().length >= SHORTEST);
  if (parts.length < 2 || parts.length > MOST_PARTS) return false;
  return ground(joined(window), parts).every(({ status }) => status !== 'unaligned');
}

const joined = (window: Window): string => window.map(({ text }) => text).join('\n\n');

/** First in the paragraph the model names; what is not there word for word, in the whole window. */
async function groundItems(window: Window, items: readonly Item[]): Promise<(Place | undefined)[]> {
  const places: (Place | undefined)[] = Array.from({ length: items.length });
  const all = Array.from(items, (item, index) => ({ ...item, index })).filter(
    ({ isMalformed, quote }) => !isMalformed && quote.length <= LONGEST,
  );
  for (const paragraph of window) {
    const own = all.filter((item) => item.paragraph === paragraph.number);
    const quotes = own.map(({ quote }) => quote);
    const found = ground(paragraph.text, quotes);
    for (const [order, { index }] of own.entries()) {
      const grounding = found[order];
      places[index] = grounding && placeIn(paragraph, grounding, 0);
    }
    await nextTurn();
  }
  const text = joined(window);
  const lost = all.filter(({ index }) => (places[index]?.status ?? 'fuzzy') === 'fuzzy');
  for (let first = 0; first < lost.length; first += QUOTES_AT_A_TIME) {
    const some = lost.slice(first, first + QUOTES_AT_A_TIME);
    const found = ground(
      text,
      some.map(({ quote, paragraph }) => ({ quote, from: offsetOf(window, paragraph) })),
    );
    for (const [order, { index }] of some.entries()) {
      const grounding = found[order];
      const place = grounding && placeInWindow(window, grounding);
      // Two places that only resemble the quote: the one the model named is the likelier.
      if (place?.status !== 'fuzzy') places[index] = place ?? places[index];
      else places[index] ??= place;
    }
    await nextTurn();
  }
  return places;
}

/** Where a paragraph begins in the joined window; 0 for one that is not in it. */
function offsetOf(window: Window, number: number | null): number {
  let offset = 0;
  for (const paragraph of window) {
    if (paragraph.number === number) return offset;
    offset += paragraph.text.length + 2;
  }
  return 0;
}

/**
 * The paragraph that holds most of the place; the rest of it is cut off. An elided quote that goes beyond one paragraph
 * stands for more than was quoted, so it has no place.
 */
function placeInWindow(window: Window, grounding: Grounding): Place | undefined {
  if (grounding.status === 'unaligned') return undefined;
  let offset = 0;
  let best: { paragraph: Paragraph; offset: number; length: number } | undefined;
  for (const paragraph of window) {
    const until = Math.min(grounding.end, offset + paragraph.text.length);
    const length = until - Math.max(grounding.start, offset);
    if (length > (best?.length ?? 0)) best = { paragraph, offset, length };
    offset += paragraph.text.length + 2;
  }
  if (best === undefined) return undefined;
  const isWhole = best.length === grounding.end - grounding.start;
  if (grounding.status === 'ellipsis' && !isWhole) return undefined;
  return placeIn(best.paragraph, grounding, best.offset);
}

/** @param offset where the paragraph begins in the text that was searched */
function placeIn(paragraph: Paragraph, grounding: Grounding, offset: number): Place | undefined {
  if (grounding.status === 'unaligned') return undefined;
  const start = Math.max(0, grounding.start - offset);
  const end = Math.min(paragraph.text.length, grounding.end - offset);
  return {
    start: paragraph.start + start,
    end: paragraph.start + end,
    paragraph: paragraph.number,
    score: grounding.score,
    status: grounding.status,
  };
}
