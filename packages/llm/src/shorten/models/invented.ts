/** Names and numbers of a rewriting that its source does not have. */

import { kindAt, SPACE } from '../characters.ts';
import { numbersIn } from './numerals.ts';
import type { Vocabulary } from './stems.ts';
import type { Sentence } from './words.ts';

/** After these begins a sentence, a speech, or a line: there a capital names nobody. */
const OPENS = new Set('.!?…:;«»“”„"([—–-');
const CAPITAL = /^\p{Lu}/u;
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
  sentences: readonly Sentence[],
  language: string,
): string[] {
  if (CAPITALISES_NOUNS.has(language)) return [];
  const invented = new Set<string>();
  for (const { text, words } of sentences) {
    for (const { text: word, form, start, end } of words) {
      if (!CAPITAL.test(word) || COURTESY.test(word)) continue;
      if (isOpening(text, start)) continue;
      if (isAbbreviation(word, text.charAt(end))) continue;
      if (!known.has(form)) invented.add(word);
    }
  }
  return [...invented];
}

function isOpening(text: string, start: number): boolean {
  let before = start - 1;
  while (before >= 0 && kindAt(text, before) === SPACE) before--;
  return before < 0 || OPENS.has(text.charAt(before));
}

/** "M. Dupont" for "monsieur Dupont" invents nobody. */
function isAbbreviation(word: string, after: string): boolean {
  return (
    word.length === 1 || (word.length <= 3 && (after === '.' || /^m(?:r|rs|me|lle)$/iu.test(word)))
  );
}

/** One and two in words are articles and pronouns as often ("un", "both" for "the two"). */
const LEAST_IN_WORDS = 3;

/** As they are written in `sentences`. Digits may become words and words digits. */
export function inventedNumbers(
  source: Sentence,
  sentences: readonly Sentence[],
  language: string,
): string[] {
  const named = sentences.flatMap((one) => numbersIn(one, language));
  if (named.length === 0) return [];
  const known = numbersIn(source, language);
  const values = new Set(known.flatMap(({ digits, parts }) => [digits, ...parts]));
  const invented = new Set<string>();
  for (const { text, digits, parts } of named) {
    const isKnown = values.has(digits) || (parts.length > 0 && parts.every(isPartKnown));
    if (!isKnown) invented.add(text);
  }
  return [...invented];

  function isPartKnown(part: string): boolean {
    return Number(part) < LEAST_IN_WORDS || values.has(part);
  }
}
