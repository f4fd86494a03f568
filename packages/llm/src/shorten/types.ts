/**
 * What every shortener promises, whether rules or a model stand behind it: sentences go in under ids, short sentences
 * come out under the same ids, and each item says honestly what became of it.
 */

import type { CallBudget, CallMemo, ModelCall } from '../models/calls.ts';

export interface ShortenRequest {
  /** BCP-47 tag; only its language subtag matters ("fr-CA" is read as "fr"). */
  readonly language: string;
  /** How many words a sentence may have, as `countWords` counts them; at least 1. */
  readonly maxWords: number;
  /** Sentences that stand before and after, to be read and not rewritten. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** In the order of the book. Ids are unique within a request. */
  readonly sentences: readonly { readonly id: string; readonly text: string }[];
}

/**
 * - `kept`: was within the limit and is returned as it was.
 * - `split`: cut by rules into sentences within the limit.
 * - `rewritten`: written anew by a model, within the limit.
 * - `over_limit`: at least one of its sentences is still too long.
 * - `fragment`: within the limit and returned as it was, but no complete sentence: a heading, a line of verse, a text
 *   that breaks off.
 */
export type Label = 'kept' | 'split' | 'rewritten' | 'over_limit' | 'fragment';

export interface ShortenedSentence {
  readonly id: string;
  readonly label: Label;
  /** What to show, in order; at least one, none empty unless the source was. */
  readonly sentences: readonly string[];
  /** Names of the rules that changed the sentence, each once. Absent where none did. */
  readonly rules?: readonly string[];
  /**
   * Sense groups of an `over_limit` item: `sentences` once more, with line breaks inside them. Each group is within the
   * limit, and is a part of a sentence, never to be counted or shown as one.
   */
  readonly groups?: readonly string[];
  /** What a reader should know, in English: "invented name: Paul". */
  readonly notes?: readonly string[];
}

export interface ShortenResult {
  /** The ids of the request, in its order, each once. */
  readonly items: readonly ShortenedSentence[];
  /** Calls of a model, and their tokens in and out together; 0 for rules. */
  readonly calls: number;
  readonly tokens: number;
  /** US dollars; `null` if the price of a call is not known; 0 for rules. */
  readonly costUsd: number | null;
}

/** What a shortener may use of whoever runs it. Rules have no use for `memo`, `budget` and `onCall`. */
export interface ShortenHooks {
  readonly signal?: AbortSignal;
  /** Keeps answers of a model for later attempts. */
  readonly memo?: CallMemo;
  /** The budget of the shortener's `provider`. */
  readonly budget?: CallBudget;
  /** Told of every call of a model once it is over, also if `shorten` fails later. */
  readonly onCall?: (call: ModelCall) => void;
  /** Told the fraction done, 0 to 1, never falling. */
  readonly report?: (fraction: number) => void;
}

export interface Shortener {
  /** Engine and version, shown wherever its output is: "offline-rules-fr/1", "google/gemini-2.5-flash". */
  readonly name: string;
  readonly isOffline: boolean;
  /** Whose budget the calls draw on, such as "google"; absent for rules. */
  readonly provider?: string;
  /** Loads what the first call would wait for; absent where that is nothing. */
  prepare?(): Promise<void>;
  /**
   * @throws RangeError if `maxWords` is no whole number from 1 on, or an id occurs twice
   * @throws ModelError if a model stands behind it
   * @throws the signal's reason once `hooks.signal` is aborted
   */
  shorten(request: ShortenRequest, hooks: ShortenHooks): Promise<ShortenResult>;
}
