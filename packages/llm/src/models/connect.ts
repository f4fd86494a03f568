/** From options and hooks to what every call needs. */

import type { LanguageModel } from 'ai';
import type { ModelAddress, ProviderAccess } from './address.ts';
import type { Connection } from './call-model.ts';
import type { CallBudget, ModelCall } from './calls.ts';
import { pricing, type TokenPrice } from './prices.ts';

const DEFAULT_TIMEOUT_MS = 120_000;

/** What engines with a model have in common. */
export interface ModelOptions extends ProviderAccess {
  /** `google/gemini-2.5-flash`, `openai/…`, `anthropic/…`, `openai-compatible/…`. */
  readonly model: string;
  /** US dollars for a million tokens, in place of the list's; both 0 for a model of one's own. */
  readonly price?: TokenPrice;
  /** For one call; 120 seconds by default. */
  readonly timeoutMs?: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

export interface OpenedModel {
  readonly options: ModelOptions;
  readonly address: ModelAddress;
  readonly model: LanguageModel;
}

interface CallHooks {
  readonly signal?: AbortSignal;
  readonly budget?: CallBudget;
  readonly onCall?: (call: ModelCall) => void;
}

/** @param calls gets every call once it is over */
export function connect(
  { options, address, model }: OpenedModel,
  { signal, budget, onCall }: CallHooks,
  calls: ModelCall[],
): Connection {
  const clock = options.clock ?? Date.now;
  return {
    model,
    modelName: options.model,
    pricing: pricing(address, options.price, clock),
    clock,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    signal,
    budget,
    onCall: (call) => {
      calls.push(call);
      onCall?.(call);
    },
  };
}
