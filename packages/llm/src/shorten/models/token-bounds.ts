/**
 * How many tokens a text may be, without the tokenizer of whoever counts them: every provider has its own, and most do not
 * publish it. The bound is about 1.5 times what OpenAI's o200k counts in French and Russian prose, 1.25 times what Gemini
 * and Claude do, which count a fifth more.
 */

import { kindsOfUnits } from '../characters.ts';

const LATIN_LETTERS = 2.5;
const CYRILLIC_LETTERS = 1.8;
/** What providers add around a question: roles, the form of the answer said in their own words. */
const FRAME_TOKENS = 600;
/** A model that was told not to think thinks a little all the same: 128 tokens at least in gemini-2.5-pro. */
const THOUGHT_TOKENS = 1024;
/** Short sentences repeat their subjects. */
const GROWTH = 1.5;
/** Of an item beside its words: braces, id, quotes, commas. */
const ITEM_TOKENS = 16;

const LATIN = 1;
const CYRILLIC = 2;
const SPACE = 3;
const OTHER = 4;

/** Asking a regular expression every time took 3 ms a call. */
const kindOfUnit = kindsOfUnits(kindOf);

function kindOf(character: string): number {
  if (/\p{Script=Latin}/u.test(character)) return LATIN;
  if (/\p{Script=Cyrillic}/u.test(character)) return CYRILLIC;
  return /[^\S\n]/u.test(character) ? SPACE : OTHER;
}

/** An upper bound for prose of any script. */
export function boundTokens(text: string): number {
  let tokens = 0;
  for (let start = 0; start < text.length;) {
    const kind = kindAt(text, start);
    let end = start + 1;
    if (kind !== OTHER) while (end < text.length && kindAt(text, end) === kind) end++;
    tokens += boundPiece(kind, text.charCodeAt(start), end - start);
    start = end;
  }
  return tokens;
}

function kindAt(text: string, index: number): number {
  return kindOfUnit(text.charCodeAt(index));
}

function boundPiece(kind: number, unit: number, length: number): number {
  if (kind === LATIN) return Math.ceil(length / LATIN_LETTERS);
  if (kind === CYRILLIC) return Math.ceil(length / CYRILLIC_LETTERS);
  // A single space belongs to the token of the word that follows.
  if (kind === SPACE) return Math.floor(length / 2);
  return bytesOf(unit);
}

/** In UTF-8; of a surrogate pair, each half has two of its four. */
function bytesOf(unit: number): number {
  if (unit < 0x80) return 1;
  const isHalf = unit >= 0xd800 && unit <= 0xdfff;
  return unit < 0x800 || isHalf ? 2 : 3;
}

/** Where an answer about `targets` sentences of together `tokens` tokens is cut by the provider. */
export function boundOutput(targets: number, tokens: number): number {
  return THOUGHT_TOKENS + Math.ceil(GROWTH * tokens) + ITEM_TOKENS * targets;
}

/** In and out together. `textTokens`: of all that is sent. */
export function boundCall(textTokens: number, maxOutputTokens: number): number {
  return FRAME_TOKENS + textTokens + maxOutputTokens;
}
