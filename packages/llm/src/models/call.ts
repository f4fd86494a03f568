/** One call of a model for one window, or what is remembered of it. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { answerSchema, itemSchema, readItems } from './answer.ts';
import { callModel, type Connection } from './call-model.ts';
import type { CallMemo } from './calls.ts';
import { ModelError } from './errors.ts';
import { PROMPT_VERSION, type Prompt } from './prompt.ts';
import type { Window } from './windows.ts';

/** What stays the same for all calls of one chapter. */
export interface Conversation extends Connection {
  readonly engine: string;
  readonly prompt: Prompt;
  readonly memo: CallMemo | undefined;
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
  const { prompt, modelName } = conversation;
  const text = prompt.question(question.window, question.reading);
  const characters = prompt.instructions.length + text.length;
  const answer = await callModel(conversation, {
    instructions: prompt.instructions,
    prompt: text,
    schema: answerSchema,
    schemaName: 'descriptions',
    expectedTokens: Math.ceil((characters / CHARACTERS_PER_TOKEN) * (1 + ANSWER_SHARE)),
  });
  if (answer.outcome === 'answered') {
    return { outcome: 'answered', items: readItems(answer.output) };
  }
  if (answer.outcome === 'unusable' && question.isRepair) {
    throw new ModelError(
      'llm.bad_answer',
      `${modelName} gave no readable answer, nor when asked for less at a time: ${answer.why}. Try again, or choose another model.`,
      true,
    );
  }
  return { outcome: answer.outcome };
}
