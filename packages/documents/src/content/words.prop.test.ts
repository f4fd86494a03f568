import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countWords } from './words.ts';

/** The same as patterns, which are a sixth as fast: a letter that goes on with no word, in the text without the unspaced ones. */
const WORD_START = /(?<![\p{L}\p{N}\p{M}]|[\p{L}\p{N}\p{M}]['’\-‐‑.])[\p{L}\p{N}\p{M}]/gu;
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}]/gu;

const CHARACTERS = [...Array.from(`aé\u0301ё1 \n.'’-‐‑,漢かไ่𝒜𠀀\u{1f600}`), '\ud800', '\udc00'];

test('counts what starts a word and half of what stands in a script without spaces', () => {
  const texts = fc.array(fc.constantFrom(...CHARACTERS)).map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      const unspaced = [...text.matchAll(UNSPACED)].length;
      const words = [...text.replace(UNSPACED, ' ').matchAll(WORD_START)].length;
      expect(countWords(text)).toBe(words + Math.ceil(unspaced / 2));
    }),
  );
});
