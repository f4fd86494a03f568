/**
 * Words of a sentence, and whether two of them are forms of one word: without a dictionary, by their common beginning. Wrong
 * on "Paul" and "Pauline", right on "allait" and "allèrent" or "Пугачёв" and "Пугачёвым".
 */

/** Letters with marks; an apostrophe ends a word, as in "l'homme" and in "Tom's"; a hyphen does, too. */
const WORD = /[\p{L}\p{M}]+/gu;

export function wordsIn(text: string): string[] {
  return text.match(WORD) ?? [];
}

const PLAIN = /^(?:[a-z]+|[а-я]+)$/u;

const MOST_FOLDED = 20_000;
const folded = new Map<string, string>();

/** Lower case without accents; "й" stays apart from "и", "ё" is "е". */
function fold(word: string): string {
  const known = folded.get(word);
  if (known !== undefined) return known;
  // A novel has some ten thousand words, over and over.
  if (folded.size >= MOST_FOLDED) folded.clear();
  const lower = word.toLowerCase();
  const plain = PLAIN.test(lower) ? lower : withoutAccents(lower);
  folded.set(word, plain);
  return plain;
}

function withoutAccents(lower: string): string {
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
    const plain = fold(word);
    const key = plain.slice(0, KEY_LETTERS);
    const alike = byKey.get(key) ?? new Set();
    byKey.set(key, alike.add(plain));
  }
  return {
    has: (word) => {
      const plain = fold(word);
      const alike = byKey.get(plain.slice(0, KEY_LETTERS));
      if (alike === undefined) return false;
      return alike.has(plain) || [...alike].some((other) => areForms(plain, other));
    },
  };
}
