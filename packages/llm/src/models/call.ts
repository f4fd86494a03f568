/** One call of a model for one window: budget before, usage after, and every way it can end. */

import { createHash } from 'node:crypto';
import { generateText, Output, type LanguageModel, type LanguageModelUsage } from 'ai';
import { z } from 'zod';
import { answerSchema, itemSchema, readItems } from './answer.ts';
import type { CallBudget, CallMemo, ModelCall } from './calls.ts';
import { classify, type Setback, setbackIn } from './classify.ts';
import { ModelBusyError, ModelError } from './errors.ts';
import type { Pricing } from './prices.ts';
import { PROMPT_VERSION, type Prompt } from './prompt.ts';
import type { Window } from './windows.ts';

/** What stays the same for all calls of one chapter. */
export interface Conversation {
  readonly model: LanguageModel;
  /** `provider/model`. */
  readonly modelName: string;
  readonly engine: string;
  readonly prompt: Prompt;
  readonly pricing: Pricing;
  readonly clock: () => number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly memo: CallMemo | undefined;
  readonly budget: CallBudget | undefined;
  readonly onCall: (call: ModelCall) => void;
}

/** `repair`: the window is a part of one whose answer could not be used. */
export interface Question {
  readonly window: Window;
  readonly reading: 'first' | 'second';
  readonly isRepair: boolean;
}

const replySchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('answered'), items: z.array(itemSchema) }),
  z.object({ outcome: z.enum(['refused', 'overflow', 'unusable']) }),
]);

export type Reply = z.infer<typeof replySchema>;

/** Characters per token: 3.2 in Russian, more in English and French, fewer nowhere we measured. */
const CHARACTERS_PER_TOKEN = 3;
/** An answer quotes a part of what was read; this is more than it ever should. */
const ANSWER_SHARE = 0.5;

/**
 * Asks about a window, or remembers what was answered. What is unusable is remembered too, so that a later attempt goes
 * straight to the parts; an unusable repair is not, as the model may do better next time.
 *
 * @throws ModelError and, from it, ModelBusyError; the signal's reason once it is aborted
 */
export async function ask(conversation: Conversation, question: Question): Promise<Reply> {
  const { memo, signal } = conversation;
  signal?.throwIfAborted();
  const call = () => send(conversation, question);
  return await (memo === undefined
    ? call()
    : memo(memoKey(conversation, question), replySchema, call));
}

/** Everything the answer depends on. */
function memoKey(
  { engine, prompt }: Conversation,
  { window, reading, isRepair }: Question,
): string {
  const parts = [
    engine,
    PROMPT_VERSION,
    prompt.instructions,
    prompt.question(window, reading),
    isRepair,
  ];
  return `describe:${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`;
}

async function send(conversation: Conversation, question: Question): Promise<Reply> {
  const { prompt, signal, timeoutMs, clock } = conversation;
  const text = prompt.question(question.window, question.reading);
  const charge = await reserve(conversation, prompt.instructions.length + text.length);
  const startedAt = clock();
  const timeout = AbortSignal.timeout(timeoutMs);
  const finish = (
    outcome: ModelCall['outcome'],
    usage: LanguageModelUsage | 'nothing' | undefined,
  ) => account(conversation, charge, { outcome, usage, durationMs: clock() - startedAt });
  let result: Awaited<ReturnType<typeof generate>>;
  try {
    const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    result = await generate(conversation, text, either);
  } catch (error) {
    if (signal?.aborted === true) {
      await finish('aborted', undefined);
      throw signal.reason;
    }
    if (timeout.aborted) {
      await finish('failed', undefined);
      throw timedOut(conversation);
    }
    const classified = classify(error, { model: conversation.modelName, now: clock() });
    await finish(classified?.setback.outcome ?? 'failed', classified?.usage);
    if (classified === undefined) throw error;
    return await settle(conversation, question, classified.setback);
  }
  const setback = setbackIn(result);
  await finish(setback?.outcome ?? 'answered', result.usage);
  if (setback !== undefined) return await settle(conversation, question, setback);
  return { outcome: 'answered', items: readItems(result.output) };
}

function generate({ model, prompt }: Conversation, text: string, abortSignal: AbortSignal) {
  return generateText({
    model,
    instructions: prompt.instructions,
    prompt: text,
    output: Output.object({ schema: answerSchema, name: 'descriptions' }),
    // The kernel tries again: it knows who else waits for this provider.
    maxRetries: 0,
    abortSignal,
  });
}

async function settle(
  { budget, modelName }: Conversation,
  { isRepair }: Question,
  setback: Setback,
): Promise<Reply> {
  if (setback.outcome === 'failed') {
    const { error } = setback;
    if (error instanceof ModelBusyError) {
      await budget?.pause(error.retryAfterSeconds, error.message);
    }
    throw error;
  }
  if (setback.outcome === 'unusable' && isRepair) {
    throw new ModelError(
      'llm.bad_answer',
      `${modelName} gave no readable answer, nor when asked for less at a time: ${setback.why}. Try again, or choose another model.`,
      true,
    );
  }
  return { outcome: setback.outcome };
}

function timedOut({ modelName, timeoutMs }: Conversation): ModelError {
  return new ModelError(
    'llm.timeout',
    `${modelName} gave no answer within ${timeoutMs / 1000} s. It is tried again; if this goes on, choose a faster model.`,
    true,
  );
}

interface Charge {
  correct(used: { readonly tokens: number }): Promise<void>;
}

async function reserve({ budget }: Conversation, characters: number): Promise<Charge | undefined> {
  if (budget === undefined) return undefined;
  const tokens = Math.ceil((characters / CHARACTERS_PER_TOKEN) * (1 + ANSWER_SHARE));
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

async function account(
  { modelName, onCall, pricing }: Conversation,
  charge: Charge | undefined,
  { outcome, usage, durationMs }: Ending,
): Promise<void> {
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
    await charge?.correct({ tokens: inputTokens + outputTokens });
  }
}
