import type { Fault } from '../faults.ts';

/**
 * All that a prompt needs in one language. `{language}` stands for the name of the book's language, `{n}` for the limit of
 * words.
 */
export interface PromptPack {
  /** Language subtag: "en". */
  readonly language: string;
  readonly task: string;
  readonly exampleHeading: string;
  /** Ours and in no book; its short sentences have at most six words. */
  readonly example: { readonly source: string; readonly sentences: readonly string[] };
  /** Said before sentences that are asked for again. */
  readonly again: string;
  /** What was wrong; `{words}` stands for the words of the longest sentence, `{invented}` for what was invented. */
  readonly faults: Readonly<Record<Fault['kind'], string>>;
}
