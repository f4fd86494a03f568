/** What a rewriting will use, before it is begun. */

import { languageSubtag } from '../../models/language.ts';
import type { ShortenRequest } from '../types.ts';
import { BATCH_WORDS } from './batches.ts';
import { draftOf } from './draft.ts';
import { boundBatch, MOST_ROUNDS } from './limits.ts';
import { createAsker } from './prompt.ts';
import { boundOutput } from './token-bounds.ts';

export interface ShorteningBound {
  /** Calls of a model that makes no mistake. */
  readonly batches: number;
  /** With all repairs. Only a model that refuses, or whose context is too small, is called more often. */
  readonly calls: number;
  /** In and out together, with all repairs, refusals and small contexts: `shorten` stops before it would use more. */
  readonly tokens: number;
}

/**
 * What one attempt of `shorten` cannot exceed for this very request. An attempt that fails may have used a part of it,
 * which comes on top of what the next one uses.
 */
export function boundShortening(request: ShortenRequest): ShorteningBound {
  const { batches } = draftOf(request);
  const tokens = batches.reduce((sum, { question }) => sum + boundBatch(question()), 0);
  return { batches: batches.length, calls: MOST_ROUNDS * batches.length, tokens };
}

export interface ShorteningSize {
  readonly words: number;
  /** BCP-47 tag. */
  readonly language: string;
  readonly maxWords: number;
  /** Words of an average sentence, if known. */
  readonly sentenceWords?: number;
  /** Requests that the text will be cut into, if known. */
  readonly requests?: number;
}

export interface ShorteningEstimate {
  /** Of a model that makes no mistake. */
  readonly calls: number;
  /** In and out together, of a model that makes no mistake. */
  readonly tokensLow: number;
  /** Above the sum of `boundShortening` over all requests, for prose with words of ordinary length. */
  readonly tokensHigh: number;
}

/**
 * Mean of 4,748 sentences of three novels. Their lengths are spread exponentially: with this mean, 59.7 % are predicted to
 * have more than 8 words and 59.5 % have, 46.1 and 46.0 % more than 12, 38.0 and 38.5 % more than 15, 27.5 and 27.4 %
 * more than 20.
 */
const SENTENCE_WORDS = 15.5;
/** A window of fifteen pages. */
const REQUEST_WORDS = 4500;
/**
 * Tokens of a word with the mark that follows it: as o200k counts, and a fifth more for Gemini and Claude; and as
 * `boundTokens` bounds them.
 */
const WORD_TOKENS: ReadonlyMap<string, readonly [usual: number, bound: number]> = new Map([
  ['en', [1.6, 2.6]],
  ['fr', [1.9, 2.9]],
  ['ru', [2.5, 4.2]],
  ['uk', [2.8, 4.2]],
]);
const OTHER_WORD_TOKENS = [2.5, 4.5] as const;
/** Of an item: its tag in the question, its braces in the answer. */
const USUAL_ITEM_TOKENS = 20;
const TAG_TOKENS = 9;
const USUAL_GROWTH = 1.15;
/** Of the text, in sentences to be understood by around those that are rewritten. */
const CONTEXT_SHARE = 0.1;
/** Of the sentences that are read before and after a batch. */
const CONTEXT_WORDS = 400;
/** Words of a sentence are not spread evenly over batches, nor tokens over words. */
const UNEVENNESS = 1.1;

/** From the number of words alone, before the text is cut into sentences. */
export function estimateShortening(size: ShorteningSize): ShorteningEstimate {
  const { words, language, maxWords, sentenceWords = SENTENCE_WORDS } = size;
  if (words <= 0) return { calls: 0, tokensLow: 0, tokensHigh: 0 };
  const requests = size.requests ?? Math.ceil(words / REQUEST_WORDS);
  const [usual, bound] = WORD_TOKENS.get(languageSubtag(language) ?? '') ?? OTHER_WORD_TOKENS;
  // What every call costs before the first sentence.
  const fixed = createAsker({ language, maxWords, before: [], sentences: [], after: [] })([]);

  const shareOfSentences = Math.exp(-maxWords / sentenceWords);
  const sent = words * (1 + maxWords / sentenceWords) * shareOfSentences;
  const items = (words / sentenceWords) * shareOfSentences;
  const calls = Math.max(1, requests * Math.ceil(sent / requests / BATCH_WORDS));
  const read = sent + CONTEXT_SHARE * words;
  const tokensLow =
    calls * (fixed.bound - fixed.maxOutputTokens) * 0.5 +
    usual * (read + USUAL_GROWTH * sent) +
    USUAL_ITEM_TOKENS * items;

  // At worst every sentence is sent, and every one is just too long.
  const mostItems = Math.ceil(words / (maxWords + 1));
  const mostCalls = Math.ceil(words / BATCH_WORDS) + requests;
  const text = bound * words;
  const tokensHigh =
    2 *
    (mostCalls * (fixed.bound + bound * CONTEXT_WORDS) +
      UNEVENNESS * (text + TAG_TOKENS * mostItems + boundOutput(mostItems, text)));
  return { calls, tokensLow: Math.ceil(tokensLow), tokensHigh: Math.ceil(tokensHigh) };
}
