/**
 * What every description engine promises, whether rules or a model stand behind it.
 *
 * A chapter's text is a string whose paragraphs are separated by a blank line ("\n\n"). All offsets
 * count UTF-16 code units of that string, as JavaScript's `slice` does.
 */

import type { CallBudget, CallMemo, ModelCall } from './models/calls.ts';

export type DescriptionKind = 'place' | 'character' | 'atmosphere' | 'object';

/**
 * One passage that lets a reader see something. Always true: `text.slice(start, end) === quote`, the
 * passage lies inside one paragraph, and no two passages of a chapter overlap.
 */
export interface Description {
  readonly kind: DescriptionKind;
  readonly quote: string;
  /** UTF-16 offset of the first code unit in the chapter's text. */
  readonly start: number;
  /** UTF-16 offset after the last code unit. */
  readonly end: number;
  /** 0 to 1; how sure the engine is that this is a description at all. */
  readonly confidence: number;
  /** Words of the passage that spoke for it, lower-case, at most 12. */
  readonly evidence: readonly string[];
}

/** A passage that was looked at and not returned. */
export interface RejectedDescription {
  readonly quote: string;
  readonly reason: string;
  readonly score: number;
}

export interface DescribeInput {
  readonly text: string;
  /** BCP-47 tag; only its language subtag matters ("en-GB" is read as "en"). */
  readonly language: string;
  /** Upper bound on `descriptions`; without it, the bound grows with the length of the text. */
  readonly maxDescriptions?: number;
  readonly signal?: AbortSignal;
  /** Keeps answers of a model for later attempts. Rules have no use for it, nor for what follows. */
  readonly memo?: CallMemo;
  /** The budget of the engine's `provider`. */
  readonly budget?: CallBudget;
  /** Told of every call of a model once it is over, also if `describe` fails later. */
  readonly onCall?: (call: ModelCall) => void;
}

export interface DescribeResult {
  /** Id and version of the engine, shown wherever the result is shown: "offline-rules/1". */
  readonly engine: string;
  /** In order of `start`. */
  readonly descriptions: readonly Description[];
  /** The best of what was not returned, best first. */
  readonly rejects: readonly RejectedDescription[];
  /** What the call cost; all zero for rules. */
  readonly usage: {
    readonly calls: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    /** Millionths of a US dollar; `null` if a price is not known, absent for rules. */
    readonly costMicros?: number | null;
    /** The calls one by one, absent for rules. */
    readonly spent?: readonly ModelCall[];
  };
}

export interface EngineLanguage {
  /** Language subtag: "en". */
  readonly language: string;
  /** `best-effort`: the rules exist, but nobody has measured them on real books. */
  readonly support: 'measured' | 'best-effort';
}

export interface DescriptionEngine {
  readonly id: string;
  readonly version: string;
  /** `any`: the engine leaves the language to its model. */
  readonly languages: readonly EngineLanguage[] | 'any';
  /** Whose budget the calls draw on, such as "google"; absent for rules. */
  readonly provider?: string;
  /** Loads what the first call would wait for; absent where that is nothing. */
  prepare?(): Promise<void>;
  /**
   * Finds the descriptive passages of one chapter.
   *
   * @param report called with the fraction done, 0 to 1, never falling
   * @throws UnsupportedLanguageError before any work
   * @throws ModelError if a model stands behind it
   * @throws the signal's reason once `input.signal` is aborted
   */
  describe(input: DescribeInput, report?: (fraction: number) => void): Promise<DescribeResult>;
}

/** The offline engine has no word lists for this language; guessing would look like a result. */
export class UnsupportedLanguageError extends Error {
  readonly code = 'llm.no_offline_lexicon';
  readonly language: string;
  readonly supported: readonly string[];

  constructor(language: string, supported: readonly string[]) {
    super(
      `The offline engine has no word lists for the language "${language}"; it knows ${supported.join(', ')}. ` +
        'Set MODEL to a language model (for example google/gemini-2.5-flash), or correct the language of the book.',
    );
    this.name = 'UnsupportedLanguageError';
    this.language = language;
    this.supported = supported;
  }
}
