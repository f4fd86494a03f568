/** One HTTP request to a model: budget before, usage after, and every way it can end. */

import {
  type FlexibleSchema,
  generateText,
  type LanguageModel,
  type LanguageModelUsage,
  Output,
} from 'ai';
import type { CallBudget, ModelCall } from './calls.ts';
import { classify, type Setback, setbackIn } from './classify.ts';
import { ModelBusyError, ModelError } from './errors.ts';
import type { Pricing } from './prices.ts';

/** What stays the same for all calls of one task. */
export interface Connection {
  readonly model: LanguageModel;
  /** `provider/model`. */
  readonly modelName: string;
  readonly pricing: Pricing;
  readonly clock: () => number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly budget: CallBudget | undefined;
  readonly onCall: (call: ModelCall) => void;
}

export interface ModelQuestion<T> {
  readonly instructions: string;
  readonly prompt: string;
  readonly schema: FlexibleSchema<T>;
  readonly schemaName: string;
  /** What is taken from the budget until the true number is known. */
  readonly expectedTokens: number;
  /** Where the provider cuts the answer, its thoughts included; without it, where the provider always does. */
  readonly maxOutputTokens?: number;
  /** Whether a model that thinks before it answers is told not to. */
  readonly isThoughtless?: boolean;
}

interface Spent {
  /** Tokens in and out, 0 for a call that was turned away; `null` if the provider does not say. */
  readonly tokens: number | null;
}

export type ModelAnswer<T> =
  | ({ readonly outcome: 'answered'; readonly output: T } & Spent)
  | (Exclude<Setback, { readonly outcome: 'failed' }> & Spent);

/** @throws ModelError and, from it, ModelBusyError; the signal's reason once it is aborted */
export async function callModel<T>(
  connection: Connection,
  question: ModelQuestion<T>,
): Promise<ModelAnswer<T>> {
  const { signal, timeoutMs, clock } = connection;
  const charge = await reserve(connection, question.expectedTokens);
  const startedAt = clock();
  const timeout = AbortSignal.timeout(timeoutMs);
  const finish = (
    outcome: ModelCall['outcome'],
    usage: LanguageModelUsage | 'nothing' | undefined,
  ) => account(connection, charge, { outcome, usage, durationMs: clock() - startedAt });
  let result: Awaited<ReturnType<typeof generate<T>>>;
  try {
    const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    result = await generate(connection, question, either);
  } catch (error) {
    if (signal?.aborted === true) {
      finish('aborted', undefined);
      throw signal.reason;
    }
    if (timeout.aborted) {
      finish('failed', undefined);
      throw timedOut(connection);
    }
    const classified = classify(error, { model: connection.modelName, now: clock() });
    finish(classified?.setback.outcome ?? 'failed', classified?.usage);
    if (classified === undefined) throw error;
    const { setback, usage } = classified;
    return { ...(await orThrow(connection, setback)), tokens: tokensOf(usage) };
  }
  const setback = setbackIn(result);
  finish(setback?.outcome ?? 'answered', result.usage);
  const tokens = tokensOf(result.usage);
  if (setback !== undefined) return { ...(await orThrow(connection, setback)), tokens };
  return { outcome: 'answered', output: result.output, tokens };
}

function generate<T>({ model }: Connection, question: ModelQuestion<T>, abortSignal: AbortSignal) {
  const { instructions, prompt, schema, schemaName, maxOutputTokens, isThoughtless } = question;
  return generateText({
    model,
    instructions,
    prompt,
    output: Output.object({ schema, name: schemaName }),
    // The kernel tries again: it knows who else waits for this provider.
    maxRetries: 0,
    abortSignal,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(isThoughtless === true ? { reasoning: 'none' as const } : {}),
  });
}

async function orThrow({ budget }: Connection, setback: Setback) {
  if (setback.outcome !== 'failed') return setback;
  const { error } = setback;
  if (error instanceof ModelBusyError) {
    await budget?.pause(error.retryAfterSeconds, error.message);
  }
  throw error;
}

function timedOut({ modelName, timeoutMs }: Connection): ModelError {
  return new ModelError(
    'llm.timeout',
    `${modelName} gave no answer within ${timeoutMs / 1000} s. It is tried again; if this goes on, choose a faster model.`,
    true,
  );
}

interface Charge {
  correct(used: { readonly tokens: number }): Promise<void>;
}

async function reserve({ budget }: Connection, tokens: number): Promise<Charge | undefined> {
  if (budget === undefined) return undefined;
  const taken = await budget.take({ tokens });
  if (taken.granted) return taken;
  throw new ModelBusyError(
    `No call is made now: ${taken.reason}; next try in ${taken.seconds} s.`,
    taken.seconds,
  );
}

interface Ending {
  readonly outcome: ModelCall['outcome'];
  readonly usage: LanguageModelUsage | 'nothing' | undefined;
  readonly durationMs: number;
}

function account(
  { modelName, onCall, pricing }: Connection,
  charge: Charge | undefined,
  { outcome, usage, durationMs }: Ending,
): void {
  const isFree = usage === 'nothing';
  const known = isFree ? undefined : usage;
  const inputTokens = known?.inputTokens ?? 0;
  const outputTokens = known?.outputTokens ?? 0;
  onCall({
    model: modelName,
    outcome,
    inputTokens,
    outputTokens,
    costMicros: isFree ? 0 : pricing(known),
    durationMs,
  });
  // Without a word of the provider the estimate stays charged: the call may have cost as much.
  if (isFree || inputTokens + outputTokens > 0) {
    void charge?.correct({ tokens: inputTokens + outputTokens });
  }
}

function tokensOf(usage: LanguageModelUsage | 'nothing' | undefined): number | null {
  if (usage === 'nothing') return 0;
  const { inputTokens, outputTokens } = usage ?? {};
  return inputTokens === undefined || outputTokens === undefined
    ? null
    : inputTokens + outputTokens;
}
