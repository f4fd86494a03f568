/**
 * Cuts a paragraph into sentences: places from `Intl.Segmenter` and places of our own, each of which a list of rules
 * keeps or drops (`boundary.ts`).
 *
 * `Intl.Segmenter` alone gets 21 of the 60 hard passages that the rules were made on entirely right: it cuts after
 * abbreviations and before the tag of « Viens ! » dit-il, and never after "…". The best libraries (sentencex, sbd,
 * compromise) get 26 to 31. With the rules all 60 are right, and 131 of 132 others in fr, en and ru that were written
 * afterwards (`hard-cases.jsonl`), by the same person; both are figures of development. 1 MB/s or more.
 *
 * Every rule looks at no more than a few hundred characters around a place, so that time is linear in the text.
 */

import { isBoundary } from './boundary.ts';
import { rulesOf } from './languages.ts';
import { OpenQuotes } from './quotes.ts';

/** Always true: `paragraph.slice(start, end) === text`, and between two sentences stands white space only. */
export interface Sentence {
  /** UTF-16 offset of the first code unit in the paragraph. */
  readonly start: number;
  /** UTF-16 offset after the last code unit. */
  readonly end: number;
  readonly text: string;
}

/** A place where a sentence may end: what stands between `end` and `next` is white space. */
export interface Place {
  readonly end: number;
  readonly next: number;
}

// A number in brackets is a note's. The look-behind lets only the head of a run match, and the closing marks are optional one by one: a page of dots,
// quotes or both is read once.
const STOP = /(?<![.!?…])[.!?…]+(?:[ \u00a0\u202f]?[»”“’‘"')\]]|\[\d{1,4}\])*(?=\s)/gu;
const SPACE = /\s/u;

/**
 * Sentences of one paragraph, in order, trimmed. A speech tag stays with its quotation, a new speaker begins a new
 * sentence, a quotation of up to 80 characters inside a sentence is not cut, a line break always cuts.
 *
 * @param language BCP-47 tag; any is accepted, `segmentationQuality` tells what it is worth
 */
export function segmentSentences(paragraph: string, language: string): Sentence[] {
  const rules = rulesOf(language);
  const quotes = new OpenQuotes(paragraph, rules.closers);
  const sentences: Sentence[] = [];
  let start = skipSpace(paragraph, 0);
  for (const place of places(paragraph, rules.language)) {
    if (place.end <= start || place.next >= paragraph.length) continue;
    if (!isBoundary({ text: paragraph, start, ...place, rules, quotes })) continue;
    sentences.push({ start, end: place.end, text: paragraph.slice(start, place.end) });
    start = place.next;
  }
  const end = trimmedEnd(paragraph, paragraph.length);
  if (end > start) sentences.push({ start, end, text: paragraph.slice(start, end) });
  return sentences;
}

/** Places of both kinds, in order, each once. */
function places(text: string, language: string): Place[] {
  const found = new Map<number, Place>();
  const collect = (offsets: Iterable<number>) => {
    let reached = 0;
    for (const offset of offsets) {
      // Inside white space that was looked at: without this, a page of line breaks is read once a line.
      if (offset <= reached) continue;
      reached = skipSpace(text, offset);
      found.set(reached, { end: trimmedEnd(text, offset), next: reached });
    }
  };
  collect(offsetsOf(segmenterOf(language).segment(text)));
  collect(text.matchAll(STOP).map((stop) => stop.index + stop[0].length));
  return [...found.values()].sort((a, b) => a.next - b.next);
}

function* offsetsOf(segments: Intl.Segments): Generator<number> {
  for (const { index } of segments) yield index;
}

const segmenters = new Map<string, Intl.Segmenter>();

/** Making one costs a millisecond, which is more than most paragraphs do. */
function segmenterOf(language: string): Intl.Segmenter {
  const known = segmenters.get(language);
  if (known !== undefined) return known;
  const made = new Intl.Segmenter(language, { granularity: 'sentence' });
  segmenters.set(language, made);
  return made;
}

function skipSpace(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && SPACE.test(text.charAt(at))) at++;
  return at;
}

function trimmedEnd(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && SPACE.test(text.charAt(at - 1))) at--;
  return at;
}
