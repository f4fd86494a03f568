/** What a call of a model needs from whoever runs it, and what is known of it afterwards. */

import type { z } from 'zod';

/** One call, successful or not. */
export interface ModelCall {
  /** `provider/model`. */
  readonly model: string;
  readonly outcome: 'answered' | 'refused' | 'unusable' | 'overflow' | 'failed' | 'aborted';
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Millionths of a US dollar; `null` where the price or the use of tokens is not known. */
  readonly costMicros: number | null;
  readonly durationMs: number;
}

/**
 * Remembers what `call` gave under `key`, so that a later attempt does not pay again. Stored values are JSON that
 * `schema` parses.
 */
export type CallMemo = <T>(key: string, schema: z.ZodType<T>, call: () => Promise<T>) => Promise<T>;

/** The provider's budget: asked before every call, corrected after it, and paused when the provider refuses. */
export interface CallBudget {
  /** `correct` never rejects: nobody waits for it. */
  take(need: {
    readonly tokens: number;
  }): Promise<
    | { readonly granted: true; correct(used: { readonly tokens: number }): Promise<void> }
    | { readonly granted: false; readonly seconds: number; readonly reason: string }
  >;
  pause(seconds: number, reason: string): Promise<void>;
}

/** Sums; a cost is unknown as soon as that of one call is. */
export function totalOf(calls: readonly ModelCall[]) {
  let inputTokens = 0;
  let outputTokens = 0;
  let costMicros: number | null = 0;
  for (const call of calls) {
    inputTokens += call.inputTokens;
    outputTokens += call.outputTokens;
    costMicros =
      costMicros === null || call.costMicros === null ? null : costMicros + call.costMicros;
  }
  return { calls: calls.length, inputTokens, outputTokens, costMicros };
}
