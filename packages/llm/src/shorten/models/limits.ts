/** How often a batch is asked about, and what that may cost. */

import type { ShortenQuestion } from './prompt.ts';

/** The first call, and two repairs. */
export const MOST_ROUNDS = 3;

/**
 * Tokens that a batch cannot exceed: the first call, and as much again for repairs. Calls use about half of their bound, so
 * that two repairs of everything fit in.
 */
export function boundBatch(first: ShortenQuestion): number {
  return 2 * first.bound;
}
