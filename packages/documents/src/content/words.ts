/** What a character is to the count. 0 is "not asked yet" in the table below. */
const NO_WORD = 1;
const OF_WORD = 2;
const JOINER = 3;
const UNSPACED = 4;

const LETTER = /[\p{L}\p{N}\p{M}]/u;
/** Scripts without spaces between words. */
const UNSPACED_SCRIPT =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}]/u;
/** Between two letters these do not end a word: "it’s", "to-day", "U.S.A". */
const JOINERS = "'’-‐‑.";

/**
 * One byte for each UTF-16 code unit, filled by what texts contain. A pattern over the whole text (a letter with no letter before
 * it) took a quarter of the time in which a novel is read: this takes a sixth of that.
 */
const kinds = new Uint8Array(0x1_0000);

/**
 * Words of a text in any language. Scripts without spaces between words (Chinese, Japanese, Thai…)
 * count two characters as one word, about what a segmenter finds.
 */
export function countWords(text: string): number {
  let words = 0;
  let unspaced = 0;
  let isInWord = false;
  // A joiner is a part of the word only if a letter follows it.
  let isJoined = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    let kind = kinds[unit];
    if (unit >= 0xd8_00 && unit < 0xdc_00) {
      const point = text.codePointAt(at) ?? unit;
      if (point > 0xff_ff) at += 1;
      kind = kindOf(point);
    } else if (kind === 0) {
      kind = kindOf(unit);
      kinds[unit] = kind;
    }
    if (kind === OF_WORD) {
      if (!isInWord && !isJoined) words += 1;
      isInWord = true;
      isJoined = false;
      continue;
    }
    isJoined = isInWord && kind === JOINER;
    isInWord = false;
    if (kind === UNSPACED) unspaced += 1;
  }
  return words + Math.ceil(unspaced / 2);
}

function kindOf(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  if (UNSPACED_SCRIPT.test(character)) return UNSPACED;
  if (LETTER.test(character)) return OF_WORD;
  return JOINERS.includes(character) ? JOINER : NO_WORD;
}
