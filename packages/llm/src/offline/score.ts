/**
 * How descriptive a sentence is: a weighted share of its words, as in a bag-of-words classifier whose
 * weights were set by hand on real novels. Words one can see, touch, hear or smell count for it, the
 * more so with a quality beside them; speech, reasoning and address count against it.
 */

import type { DescriptionKind } from '../description.ts';
import { bitOf, CATEGORIES, type Category, type Lexicon } from './lexicon.ts';
import { wordsOf } from './tokens.ts';

export type CategoryCounts = Record<Category, number>;

export interface SentenceScore {
  readonly value: number;
  readonly words: number;
  readonly counts: CategoryCounts;
  /** Words that speak for a description, in order, each once. */
  readonly evidence: readonly string[];
}

const CONCRETE = bitOf('place') | bitOf('body') | bitOf('atmosphere') | bitOf('object');
const EVIDENCE = CONCRETE | bitOf('quality');
const BITS = CATEGORIES.map((category) => [category, bitOf(category)] as const);

/** Taken off when a sentence is spoken by somebody rather than told. */
const SPOKEN_PENALTY = 1.2;
const SPOKEN = /[«“„]|(?:^|\s)["‘]/u;
/** A shorter quotation is a name or a single word, not speech. */
const SPOKEN_LENGTH = 25;

export const emptyCounts = (): CategoryCounts => ({
  place: 0,
  body: 0,
  atmosphere: 0,
  object: 0,
  quality: 0,
  spatial: 0,
  stative: 0,
  speech: 0,
  mental: 0,
  person: 0,
});

/**
 * Scores one sentence; above 1.2 it may open a description, below 0 it is none.
 *
 * @param isSpoken the paragraph opens as dialogue (a dash or a quotation mark)
 */
export function scoreSentence(
  sentence: string,
  lexicon: Lexicon,
  isSpoken: boolean,
): SentenceScore {
  const words = wordsOf(sentence, lexicon.elisions);
  const counts = emptyCounts();
  const evidence = new Set<string>();
  let concrete = 0;
  for (const word of words) {
    const bits = lexicon.lookup(word);
    if (bits === 0) continue;
    for (const [category, bit] of BITS) if ((bits & bit) !== 0) counts[category]++;
    if ((bits & CONCRETE) !== 0) concrete++;
    if ((bits & EVIDENCE) !== 0) evidence.add(word);
  }
  let value =
    (10 * (concrete + 1.1 * counts.quality + 0.5 * counts.spatial + 0.7 * counts.stative) -
      22 * counts.speech -
      9 * counts.mental -
      7 * counts.person) /
    Math.max(words.length, 8);
  value *= Math.min(1, words.length / 12);
  if (concrete === 0 || counts.quality === 0) value *= 0.55;
  if (isSpoken || holdsSpeech(sentence)) value -= SPOKEN_PENALTY;
  return { value, words: words.length, counts, evidence: [...evidence] };
}

const holdsSpeech = (sentence: string): boolean => {
  const opening = sentence.search(SPOKEN);
  return opening !== -1 && sentence.length - opening > SPOKEN_LENGTH;
};

/** The kind most of the passage's words speak for; a tie goes to the first in this order. */
export function kindOf(counts: CategoryCounts): DescriptionKind {
  const weights: [DescriptionKind, number][] = [
    ['place', counts.place + 0.35 * counts.spatial],
    ['character', 1.25 * counts.body],
    ['atmosphere', 1.15 * counts.atmosphere],
    ['object', counts.object],
  ];
  return weights.reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}
