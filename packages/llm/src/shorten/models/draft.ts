/** What will be asked about a request. */

import type { ShortenRequest } from '../types.ts';
import { batchesOf, type Target, targetsOf } from './batches.ts';
import { type Asker, createAsker, type ShortenQuestion } from './prompt.ts';

/** One call of a model that makes no mistake. */
export interface Batch {
  readonly targets: readonly Target[];
  /** The first one about it, made when somebody asks. */
  readonly question: () => ShortenQuestion;
}

export interface Draft {
  /** For questions after the first ones. */
  readonly ask: Asker;
  readonly batches: readonly Batch[];
}

/** Whoever says what a request may cost has made its questions, and the same request is often shortened soon after. */
const drafts = new WeakMap<ShortenRequest, Draft>();

/** Made once for each request, and kept for as long as that is. */
export function draftOf(request: ShortenRequest): Draft {
  const known = drafts.get(request);
  if (known !== undefined) return known;
  const ask = createAsker(request);
  const batches = batchesOf(targetsOf(request)).map((targets): Batch => {
    let made: ShortenQuestion | undefined;
    return { targets, question: () => (made ??= ask(targets.map((target) => ({ target })))) };
  });
  const draft = { ask, batches };
  drafts.set(request, draft);
  return draft;
}
