/**
 * Whether two words are forms of one: without a dictionary, by their common beginning. Wrong on "Paul" and "Pauline", right on
 * "allait" and "allèrent" or "Пугачёв" and "Пугачёвым".
 */

import type { Form, Word } from './words.ts';

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
  has(form: Form): boolean;
}

export function vocabulary(words: readonly Word[]): Vocabulary {
  const plain = new Set(words.map(({ form }) => form.plain));
  // Most words of a rewriting are in the sentence as they are: the others' index is made for the first of them.
  let alike: Map<string, string[]> | undefined;
  return {
    has: (form) => {
      if (plain.has(form.plain)) return true;
      alike ??= Map.groupBy(plain, keyOf);
      return alike.get(keyOf(form.plain))?.some((other) => areForms(form.plain, other)) === true;
    },
  };
}

function keyOf(plain: string): string {
  return plain.slice(0, KEY_LETTERS);
}
