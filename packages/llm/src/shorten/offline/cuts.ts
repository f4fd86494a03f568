/** Cutting a sentence again and again until it is within the limit, whatever the language. */

import { countWords } from '../count-words.ts';

/** A place where a sentence may be cut in two, and how the second one begins then. */
export interface Cut {
  readonly rule: string;
  /** End of the first sentence, without its closing punctuation. */
  readonly end: number;
  /** Where the second goes on in the source; what stands between is dropped: a conjunction, a relative pronoun. */
  readonly next: number;
  /** Put before the second: the repeated subject, and a verb in another form. */
  readonly insert: string;
  /** Semicolons come first: they cut where the author did. */
  readonly isStrong: boolean;
}

export interface Split {
  readonly sentences: readonly string[];
  readonly rules: readonly string[];
}

/** Four halves of halves leave sixteenths; eight leave room for uneven ones. */
const DEEPEST = 8;
const LEAST_WORDS = 3;
/** Rules look at every pair of words: what is longer than any author's sentence is no sentence. */
const LONGEST_SENTENCE = 400;

/** Words that a cut may drop; any other must come back in `insert`, a present participle as an imperfect. */
const DROPPABLE = new Set(['et', 'and', 'и', 'qui', 'où', 'en']);

/** Sentences within the limit where cuts are found; what cannot be cut is left as it is. */
export function splitSentence(
  sentence: string,
  maxWords: number,
  findCuts: (sentence: string) => readonly Cut[],
  depth = 0,
): Split {
  const length = countWords(sentence);
  if (length <= maxWords || length > LONGEST_SENTENCE || depth === DEEPEST) {
    return { sentences: [sentence], rules: [] };
  }
  const best = findCuts(sentence)
    .filter((cut) => losesNothing(sentence, cut))
    .map((cut) => ({ cut, parts: apply(sentence, cut) }))
    .map((option) => ({ ...option, counts: option.parts.map(countWords) }))
    .filter(({ counts }) => Math.min(...counts) >= LEAST_WORDS)
    .map((option) => ({ ...option, longest: Math.max(...option.counts) }))
    .sort((a, b) => rank(a.cut) - rank(b.cut) || a.longest - b.longest)
    .at(0);
  if (best === undefined) return { sentences: [sentence], rules: [] };
  const halves = best.parts.map((part) => splitSentence(part, maxWords, findCuts, depth + 1));
  return {
    sentences: halves.flatMap((half) => half.sentences),
    rules: [...new Set([best.cut.rule, ...halves.flatMap((half) => half.rules)])],
  };
}

const rank = ({ isStrong }: Cut): number => (isStrong ? 0 : 1);

function apply(sentence: string, { end, next, insert }: Cut): [string, string] {
  const left = sentence.slice(0, end).trimEnd();
  const right = `${insert}${sentence.slice(next).trimStart()}`;
  return [`${left}.`, right.charAt(0).toUpperCase() + right.slice(1)];
}

/** Holds every rule to the promise that no word gets lost, whatever it thinks of the sentence. */
function losesNothing(sentence: string, { end, next, insert, rule }: Cut): boolean {
  const dropped =
    sentence
      .slice(end, next)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const inserted: readonly string[] = insert.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const changes = rule === 'participle' || rule === 'gerund';
  return dropped.every(
    (word) => DROPPABLE.has(word) || inserted.includes(word) || (changes && word.endsWith('ant')),
  );
}
