/** Names and numbers of a rewriting that its source does not have. */

import { numbersIn } from './numerals.ts';
import type { Vocabulary } from './stems.ts';

/** What comes before a word that begins a sentence, a speech, or a line: there a capital names nobody. */
const OPENS = /(?:^|[.!?…:;«»“”„"([—–-])[\s\u00a0\u202f]*$/u;
const WITH_CAPITAL = /(?<![\p{L}\p{M}])\p{Lu}[\p{L}\p{M}]*/gu;
/** Written with a capital out of habit or courtesy. */
const COURTESY = /^(?:I|Вы|Вас|Вам|Вами|Ваш\p{Ll}*|Ви|Вами)$/u;
/** Every noun has a capital there. */
const CAPITALISES_NOUNS = new Set(['de', 'lb']);

/**
 * Words with a capital inside a sentence of `sentences`, no form of which is known. A name at the beginning of a
 * sentence looks like any word there and is not seen.
 *
 * @param known the words of the source
 */
export function inventedNames(
  known: Vocabulary,
  sentences: readonly string[],
  language: string,
): string[] {
  if (CAPITALISES_NOUNS.has(language)) return [];
  const invented = new Set<string>();
  for (const sentence of sentences) {
    for (const { 0: word, index } of sentence.matchAll(WITH_CAPITAL)) {
      if (COURTESY.test(word)) continue;
      if (OPENS.test(sentence.slice(0, index))) continue;
      if (isAbbreviation(word, sentence.slice(index + word.length))) continue;
      if (!known.has(word)) invented.add(word);
    }
  }
  return [...invented];
}

/** "M. Dupont" for "monsieur Dupont" invents nobody. */
function isAbbreviation(word: string, after: string): boolean {
  return (
    word.length === 1 ||
    (word.length <= 3 && (after.startsWith('.') || /^m(?:r|rs|me|lle)$/iu.test(word)))
  );
}

/** One and two in words are articles and pronouns as often ("un", "both" for "the two"). */
const LEAST_IN_WORDS = 3;

/** As they are written in `sentences`. Digits may become words and words digits. */
export function inventedNumbers(
  source: string,
  sentences: readonly string[],
  language: string,
): string[] {
  const known = numbersIn(source, language);
  const values = new Set(known.flatMap(({ digits, parts }) => [digits, ...parts]));
  const invented = new Set<string>();
  for (const { text, digits, parts } of sentences.flatMap((one) => numbersIn(one, language))) {
    const isKnown = values.has(digits) || (parts.length > 0 && parts.every(isPartKnown));
    if (!isKnown) invented.add(text);
  }
  return [...invented];

  function isPartKnown(part: string): boolean {
    return Number(part) < LEAST_IN_WORDS || values.has(part);
  }
}
