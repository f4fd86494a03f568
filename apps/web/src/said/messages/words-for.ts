import { saidParams } from '@scriptorium/contract';
import type { Plural } from '../../i18n/index.ts';

/** English words for every code of a table of the contract: one that has none is an error of the compiler. */
export type WordsFor<Params> = { readonly [Code in keyof Params]: string | Plural };

export const { problems: problemParams, documents: documentParams } = saidParams;

export const sentenceParams = {
  ...saidParams.failures,
  ...saidParams.warnings,
  ...saidParams.pageReasons,
  ...saidParams.waits,
  ...saidParams.parts,
  ...saidParams.mistakes,
} as const;
