/** One call about some sentences, or what is remembered of it. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { callModel, type Connection, type ModelAnswer } from '../../models/call-model.ts';
import type { CallMemo } from '../../models/calls.ts';
import { ModelError } from '../../models/errors.ts';
import type { LooseAnswer } from '../../models/loose-answer.ts';
import { answerSchema, itemSchema, readItems, salvage } from './answer.ts';
import { PROMPT_VERSION, type ShortenQuestion } from './prompt.ts';

/** What stays the same for all calls of one request. */
export interface Conversation extends Connection {
  readonly memo: CallMemo | undefined;
  /** Waits until nothing else of the request is asked. */
  readonly inTurn: <T>(call: () => Promise<T>) => Promise<T>;
  /** Whether the provider knows how to keep a model from thinking. */
  readonly isThoughtless: boolean;
}

interface Attempt {
  /** What was asked before in the same words is asked, not remembered, in another round. */
  readonly round: number;
  readonly tags: ReadonlySet<number>;
  /** An answer without any use is an error then, and not remembered: the model may do better next time. */
  readonly mustBeUsable: boolean;
}

const replySchema = z.object({
  outcome: z.enum(['answered', 'refused', 'overflow', 'unusable']),
  items: z.array(itemSchema),
  /** In and out; `null` if the provider does not say. */
  tokens: z.number().nullable(),
});

export type Reply = z.infer<typeof replySchema>;

/** @throws ModelError and, from it, ModelBusyError; the signal's reason once it is aborted */
export async function ask(
  conversation: Conversation,
  question: ShortenQuestion,
  attempt: Attempt,
): Promise<Reply> {
  const { memo, inTurn, signal, modelName } = conversation;
  signal?.throwIfAborted();
  const call = () => inTurn(() => send(conversation, question, attempt));
  if (memo === undefined) return await call();
  const { instructions, prompt } = question;
  const parts = [modelName, PROMPT_VERSION, instructions, prompt, attempt.round];
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  return await memo(`shorten:${hash}`, replySchema, call);
}

async function send(
  conversation: Conversation,
  { instructions, prompt, maxOutputTokens, expectedTokens }: ShortenQuestion,
  { tags, mustBeUsable }: Attempt,
): Promise<Reply> {
  const answer = await callModel(conversation, {
    instructions,
    prompt,
    schema: answerSchema,
    schemaName: 'short_sentences',
    maxOutputTokens,
    expectedTokens,
    isThoughtless: conversation.isThoughtless,
  });
  const { outcome, tokens } = answer;
  if (outcome === 'refused' || outcome === 'overflow') return { outcome, items: [], tokens };
  const { items: found, why } = foundIn(answer);
  const items = readItems(found, tags);
  if (items.length > 0) return { outcome: 'answered', items, tokens };
  if (mustBeUsable) {
    throw new ModelError(
      'llm.bad_answer',
      `${conversation.modelName} gave no answer that could be used, nor when asked again: ${why}. Try again, or choose another model.`,
      true,
    );
  }
  return { outcome: 'unusable', items, tokens };
}

/** All items, or of an answer that cannot be read as a whole those that can. `why`: what to say if none is of use. */
function foundIn(answer: ModelAnswer<LooseAnswer>): {
  readonly items: readonly unknown[];
  readonly why: string;
} {
  switch (answer.outcome) {
    case 'answered':
      return { items: answer.output.items, why: 'it has none of the sentences asked for' };
    case 'unusable':
      return { items: salvage(answer.text), why: answer.why };
    case 'refused':
    case 'overflow':
      return { items: [], why: answer.outcome };
  }
}
