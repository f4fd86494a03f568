const WORD = /[\p{L}\p{N}\p{M}]+(?:['’\-‐‑.][\p{L}\p{N}\p{M}]+)*/gu;
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}]/gu;

/**
 * Words of a text in any language. Scripts without spaces between words (Chinese, Japanese, Thai…)
 * count two characters as one word, about what a segmenter finds.
 */
export function countWords(text: string): number {
  let unspaced = 0;
  const spaced = text.replace(UNSPACED, () => {
    unspaced += 1;
    return ' ';
  });
  let words = 0;
  for (const _ of spaced.matchAll(WORD)) words += 1;
  return words + Math.ceil(unspaced / 2);
}
