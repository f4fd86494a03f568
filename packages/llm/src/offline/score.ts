/**
 * How descriptive a sentence is: a weighted share of its words, as in a bag-of-words classifier whose
 * weights were set by hand on real novels. Words one can see, touch, hear or smell count for it, the
 * more so with a quality beside them; events, speech, reasoning and address count against it.
 */

import type { DescriptionKind } from '../description.ts';
import { bitOf, CATEGORIES, type Category, type Lexicon } from './lexicon.ts';
import { wordsOf } from './tokens.ts';

/** How many words of a text are on each list. */
export type CategoryCounts = Readonly<Record<Category, number>>;

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

/** What a word of each list adds to the score of a sentence, before dividing by its length. */
const WEIGHTS = {
  /** Once a word, however many of the four lists it is on. */
  concrete: 10,
  quality: 11,
  spatial: 5,
  stative: 7,
  event: -6,
  speech: -22,
  mental: -9,
  person: -7,
} as const;
/** A sentence shorter than this is worth less, in proportion. */
const FULL_SENTENCE_WORDS = 12;
/** Left of the score when nothing concrete, or no quality, is named. */
const ONE_SIDED = 0.55;
/** Taken off when a sentence is spoken by somebody rather than told. */
const SPOKEN_PENALTY = 1.2;
const SPOKEN = /[«“„]|(?:^|\s)["‘]/u;
/** A shorter quotation is a name or a single word, not speech. */
const SPOKEN_LENGTH = 25;

const WEIGHTED = ['quality', 'spatial', 'stative', 'event', 'speech', 'mental', 'person'] as const;

const emptyCounts = (): Record<Category, number> => ({
  place: 0,
  body: 0,
  atmosphere: 0,
  object: 0,
  quality: 0,
  spatial: 0,
  stative: 0,
  event: 0,
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
  let sum = WEIGHTS.concrete * concrete;
  for (const category of WEIGHTED) sum += WEIGHTS[category] * counts[category];
  let value = sum / Math.max(words.length, 8);
  value *= Math.min(1, words.length / FULL_SENTENCE_WORDS);
  if (concrete === 0 || counts.quality === 0) value *= ONE_SIDED;
  if (isSpoken || holdsSpeech(sentence)) value -= SPOKEN_PENALTY;
  return { value, words: words.length, counts, evidence: [...evidence] };
}

const holdsSpeech = (sentence: string): boolean => {
  const opening = sentence.search(SPOKEN);
  return opening !== -1 && sentence.length - opening > SPOKEN_LENGTH;
};

/**
 * The kind most of a passage's words speak for, place before the others if they tie. Counting the
 * first words more, as what a passage is about, was tried: of nine passages whose kind it changed, six
 * became wrong.
 */
export function kindOf(parts: readonly CategoryCounts[]): DescriptionKind {
  const total = (category: Category): number =>
    parts.reduce((sum, counts) => sum + counts[category], 0);
  const weights: [DescriptionKind, number][] = [
    ['place', total('place') + 0.35 * total('spatial')],
    ['character', 1.25 * total('body')],
    ['atmosphere', 1.15 * total('atmosphere')],
    ['object', total('object')],
  ];
  return weights.reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}
