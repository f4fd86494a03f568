/** What tokens cost before they are used: for estimates. */

import { parseModel } from './address.ts';
import { pricing } from './prices.ts';

/**
 * US dollars for so many tokens, half of them in and half out, as rewriting uses them; null for a model whose price is not known.
 *
 * @throws ModelError for a name that is no model's
 */
export function costOfTokens(
  model: string,
  tokens: number,
  clock: () => number = Date.now,
): number | null {
  const half = Math.round(tokens / 2);
  const micros = pricing(
    parseModel(model),
    undefined,
    clock,
  )({
    inputTokens: half,
    inputTokenDetails: { noCacheTokens: half, cacheReadTokens: 0, cacheWriteTokens: 0 },
    outputTokens: tokens - half,
    outputTokenDetails: { textTokens: tokens - half, reasoningTokens: 0 },
    totalTokens: tokens,
  });
  return micros === null ? null : micros / 1_000_000;
}
