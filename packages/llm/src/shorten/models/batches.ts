/** Which sentences are sent, and in which calls. */

import { cutEvenly, wordsOf } from '../../models/windows.ts';
import { singleSpaced } from '../characters.ts';
import { countWords } from '../count-words.ts';
import type { ShortenRequest } from '../types.ts';
import { boundTokens } from './token-bounds.ts';

/** A sentence to be rewritten. */
export interface Target {
  /** Its place among the sentences of the request, from 0. */
  readonly index: number;
  /** What it is called in prompt and answer: 12 for "s12". The ids of the request may be long, and cost at every place. */
  readonly tag: number;
  readonly text: string;
  /** Where words are not set apart by spaces, so many as its tokens are worth. */
  readonly words: number;
  /** An upper bound. */
  readonly tokens: number;
}

/**
 * An answer is about as long as what it rewrites, and models lose ids in long ones. Batches are of equal length, so that
 * those of a longer text have 700 to 1,400 words.
 */
export const BATCH_WORDS = 1400;
const TOKENS_PER_WORD = 4;

/** Sentences over the limit; the others are kept as they are, and cost nothing. */
export function targetsOf({ sentences, maxWords }: ShortenRequest): Target[] {
  return sentences.flatMap(({ text }, index) => {
    const counted = countWords(text);
    if (counted <= maxWords) return [];
    const tokens = boundTokens(text);
    const words = Math.max(counted, Math.ceil(tokens / TOKENS_PER_WORD));
    return [{ index, tag: index + 1, text: singleSpaced(text), words, tokens }];
  });
}

/** Each is one call if the model makes no mistake. */
export function batchesOf(targets: readonly Target[]): Target[][] {
  return cutEvenly(targets, Math.ceil(wordsOf(targets) / BATCH_WORDS));
}
