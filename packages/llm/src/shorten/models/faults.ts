/** What is wrong with a rewriting, found in code: a model that is asked whether it did well says yes. */

import { detectLanguage } from '../../sentences/detect-language.ts';
import { countWords } from '../count-words.ts';
import { inventedNames, inventedNumbers } from './invented.ts';
import { isNumeral } from './numerals.ts';
import { vocabulary, type Vocabulary } from './stems.ts';
import { readSentence, type Form, type Word } from './words.ts';

export type Fault =
  | { readonly kind: 'missing' }
  | { readonly kind: 'language' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'name' | 'number'; readonly invented: readonly string[] }
  | { readonly kind: 'too_long'; readonly words: number };

/** Shorter words hardly carry a content ("avec" is worth its place here, "de" is not). */
const CONTENT_LETTERS = 4;
/** A sentence of fewer content words may well be said with others. */
const LEAST_CONTENT_WORDS = 4;
const LEAST_KEPT_SHARE = 0.35;
/** Below, a language is guessed wrong too often. */
const LEAST_CHARACTERS_FOR_LANGUAGE = 60;
/** An answer that takes so many of its words from the sentence is in its language, and nobody has to guess it. */
const SHARED_SHARE = 0.5;

/**
 * The first of: another language, content lost, names or numbers invented, too long. Only the last leaves a rewriting
 * that can be shown.
 *
 * @param language subtag
 */
export function faultOf(
  source: string,
  sentences: readonly string[],
  { language, maxWords }: { readonly language: string; readonly maxWords: number },
): Fault | undefined {
  const asked = readSentence(source);
  const answers = sentences.map(readSentence);
  const answerWords = answers.flatMap(({ words }) => words);
  const known = vocabulary(asked.words);
  if (!areMostKnown(answerWords, known) && areInOtherLanguages(source, sentences.join(' '))) {
    return { kind: 'language' };
  }
  if (isContentLost(asked.words, answerWords, language)) return { kind: 'lost' };
  const names = inventedNames(known, answers, language);
  if (names.length > 0) return { kind: 'name', invented: names };
  const numbers = inventedNumbers(asked, answers, language);
  if (numbers.length > 0) return { kind: 'number', invented: numbers };
  const words = Math.max(...sentences.map(countWords));
  return words > maxWords ? { kind: 'too_long', words } : undefined;
}

/** Whether so many words of an answer are of its source that both are in one language. Names are the same in every one. */
function areMostKnown(answerWords: readonly Word[], known: Vocabulary): boolean {
  const words = answerWords.filter(({ text, form }) => text === form.lower);
  const shared = words.filter(({ form }) => known.has(form)).length;
  return words.length > 0 && shared / words.length >= SHARED_SHARE;
}

/**
 * Against the language of the sentence, not of the book: a Latin quotation stays Latin. Detecting both took 11 ms of the 23 ms that
 * a batch of 45 sentences cost, and five answers that come together wait for each other.
 */
function areInOtherLanguages(source: string, answer: string): boolean {
  if (Math.min(source.length, answer.length) < LEAST_CHARACTERS_FOR_LANGUAGE) return false;
  const [before, after] = [detectLanguage(source), detectLanguage(answer)];
  return before !== null && after !== null && before !== after;
}

function isContentLost(
  sourceWords: readonly Word[],
  answerWords: readonly Word[],
  language: string,
): boolean {
  const content = new Map<string, Form>();
  for (const { form } of sourceWords) {
    const { lower } = form;
    if (lower.length >= CONTENT_LETTERS && !isNumeral(lower, language)) content.set(lower, form);
  }
  if (content.size < LEAST_CONTENT_WORDS) return false;
  const known = vocabulary(answerWords);
  const kept = [...content.values()].filter((form) => known.has(form)).length;
  return kept / content.size < LEAST_KEPT_SHARE;
}
