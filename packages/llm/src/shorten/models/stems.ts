/**
 * Words of a sentence, and whether two of them are forms of one word: without a dictionary, by their common beginning. Wrong
 * on "Paul" and "Pauline", right on "allait" and "allèrent" or "Пугачёв" and "Пугачёвым".
 */

/** Letters with marks; an apostrophe ends a word, as in "l'homme" and in "Tom's"; a hyphen does, too. */
const WORD = /[\p{L}\p{M}]+/gu;

export interface WordAt {
  readonly word: string;
  readonly index: number;
}

export function wordsIn(text: string): WordAt[] {
  return Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({ word, index }));
}

const PLAIN = /^(?:[a-z]+|[а-я]+)$/u;

/** Lower case without accents; "й" stays apart from "и", "ё" is "е". */
function fold(word: string): string {
  const lower = word.toLowerCase();
  // Most words of most languages here; what follows takes thirty times as long.
  if (PLAIN.test(lower)) return lower;
  return lower
    .normalize('NFD')
    .replace(/[\u0300-\u0305\u0307-\u036f]/gu, '')
    .normalize('NFC')
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae');
}

/** Letters that an ending has at most. */
const LONGEST_ENDING = 4;
const KEY_LETTERS = 3;

/** Letters of the shorter word that may belong to its ending. */
function endingOf(length: number): number {
  if (length <= 3) return 0;
  if (length === 4) return 1;
  return length <= 6 ? 2 : 3;
}

function areForms(a: string, b: string): boolean {
  let common = 0;
  while (common < a.length && a[common] === b[common]) common++;
  const shorter = Math.min(a.length, b.length);
  const longer = Math.max(a.length, b.length);
  return common >= shorter - endingOf(shorter) && longer - common <= LONGEST_ENDING;
}

/** Looks words up by their stem; in the time of the few that begin alike. */
export interface Vocabulary {
  has(word: string): boolean;
}

export function vocabulary(words: Iterable<string>): Vocabulary {
  const byKey = new Map<string, Set<string>>();
  for (const word of words) {
    const folded = fold(word);
    const key = folded.slice(0, KEY_LETTERS);
    const alike = byKey.get(key) ?? new Set();
    byKey.set(key, alike.add(folded));
  }
  return {
    has: (word) => {
      const folded = fold(word);
      const alike = byKey.get(folded.slice(0, KEY_LETTERS));
      if (alike === undefined) return false;
      return alike.has(folded) || [...alike].some((other) => areForms(folded, other));
    },
  };
}
