import { kindAt, LETTER, NUMBER, SPACE } from './characters.ts';

/**
 * Words as the limit counts them: what stands between white space and holds a letter or a digit. "l'homme" is one, a
 * dash between spaces is none, and so is a "»" that French sets apart with a no-break space.
 */
export function countWords(text: string): number {
  let count = 0;
  let isCounted = false;
  for (let index = 0; index < text.length; index++) {
    const kind = kindAt(text, index);
    if (kind === SPACE) isCounted = false;
    else if (!isCounted && (kind === LETTER || kind === NUMBER)) {
      isCounted = true;
      count++;
    }
  }
  return count;
}
