// The first character of a word. No repetition in it: over a text without a space of 90 MB, one would
// overflow the stack of the regular expression engine.
const WORD_START = /(?<![\p{L}\p{N}\p{M}]|[\p{L}\p{N}\p{M}]['’\-‐‑.])[\p{L}\p{N}\p{M}]/gu;
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}]/gu;

/**
 * Words of a text in any language. Scripts without spaces between words (Chinese, Japanese, Thai…)
 * count two characters as one word, about what a segmenter finds.
 */
export function countWords(text: string): number {
  const unspaced = countMatches(text, UNSPACED);
  const spaced = unspaced > 0 ? text.replace(UNSPACED, ' ') : text;
  return countMatches(spaced, WORD_START) + Math.ceil(unspaced / 2);
}

/** Matches of a global pattern, without making a list of them: a novel has 350,000 words. */
export function countMatches(text: string, pattern: RegExp): number {
  let count = 0;
  pattern.lastIndex = 0;
  while (pattern.test(text)) count += 1;
  return count;
}
