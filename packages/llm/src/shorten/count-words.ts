// No flag `g`: a regular expression with it remembers where it stopped.
const HOLDS_LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/**
 * Words as the limit counts them: what stands between white space and holds a letter or a digit. "l'homme" is one, a
 * dash between spaces is none, and so is a "»" that French sets apart with a no-break space.
 */
export function countWords(text: string): number {
  let count = 0;
  for (const token of text.split(/\s+/u)) if (HOLDS_LETTER_OR_DIGIT.test(token)) count++;
  return count;
}
