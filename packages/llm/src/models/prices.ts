/** What a call costs, in millionths of a US dollar. */

import { calcPrice } from '@pydantic/genai-prices';
import type { LanguageModelUsage } from 'ai';
import type { ModelAddress } from './address.ts';

/** US dollars for a million tokens. */
export interface TokenPrice {
  readonly input: number;
  readonly output: number;
}

export type Pricing = (usage: LanguageModelUsage | undefined) => number | null;

/**
 * @param price in place of the list's; `{ input: 0, output: 0 }` for a model of one's own. A model that is in no list has
 *   no price rather than the price 0.
 * @param clock milliseconds since 1970: prices change with time
 */
export function pricing(
  { provider, modelId }: ModelAddress,
  price: TokenPrice | undefined,
  clock: () => number,
): Pricing {
  return (usage) => {
    if (price?.input === 0 && price.output === 0) return 0;
    const input = usage?.inputTokens;
    const output = usage?.outputTokens;
    if (input === undefined || output === undefined) return null;
    if (price !== undefined) return Math.round(input * price.input + output * price.output);
    if (provider === 'openai-compatible') return null;
    const { cacheReadTokens = 0, cacheWriteTokens = 0 } = usage?.inputTokenDetails ?? {};
    const found = calcPrice(
      {
        input_tokens: input,
        output_tokens: output,
        cache_read_tokens: cacheReadTokens,
        cache_write_tokens: cacheWriteTokens,
      },
      modelId,
      { providerId: provider, timestamp: new Date(clock()) },
    );
    return found === null ? null : Math.round(found.total_price * 1e6);
  };
}
