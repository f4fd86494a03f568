/** Windows to what a model finds in them, by as many calls as that takes. */

import type { Item } from './answer.ts';
import { ask, type Conversation, type Question } from './call.ts';
import { ModelError } from './errors.ts';
import { halve, type Window, wordsOf } from './windows.ts';

/** A window that was asked about as a whole, and what came of it. */
export type WindowAnswer =
  | { readonly window: Window; readonly outcome: 'answered'; readonly items: readonly Item[] }
  | { readonly window: Window; readonly outcome: 'refused' };

/** A window of 4,000 words is down to 250 then: a context that is too small for those is of no use. */
const MOST_HALVINGS = 4;

/**
 * Asks about windows one after another: a chapter has few, and the worker runs several chapters at a time.
 *
 * @param onRead called after each window with the number of words read so far
 * @throws ModelError, the signal's reason
 */
export async function readWindows(
  conversation: Conversation,
  windows: readonly Window[],
  reading: Question['reading'],
  onRead: (words: number) => void,
): Promise<WindowAnswer[]> {
  const answers: WindowAnswer[] = [];
  let words = 0;
  for (const window of windows) {
    const question = { window, reading, isRepair: false };
    answers.push(...(await readWindow(conversation, question, 0)));
    words += wordsOf(window);
    onRead(words);
  }
  return answers;
}

async function readWindow(
  conversation: Conversation,
  question: Question,
  halvings: number,
): Promise<WindowAnswer[]> {
  const { window } = question;
  const reply = await ask(conversation, question);
  switch (reply.outcome) {
    case 'answered':
      return [{ window, outcome: 'answered', items: reply.items }];
    case 'refused':
      return [{ window, outcome: 'refused' }];
    case 'overflow': {
      const parts = halvings < MOST_HALVINGS ? halve(window) : undefined;
      if (parts === undefined) throw overflow(conversation, window);
      return await readParts(conversation, parts, question, halvings + 1);
    }
    case 'unusable':
      // A single paragraph cannot be made smaller; models vary, so it is asked for once more.
      return await readParts(
        conversation,
        halve(window) ?? [window],
        { ...question, isRepair: true },
        halvings,
      );
  }
}

async function readParts(
  conversation: Conversation,
  parts: readonly Window[],
  question: Question,
  halvings: number,
): Promise<WindowAnswer[]> {
  const answers: WindowAnswer[] = [];
  for (const window of parts) {
    answers.push(...(await readWindow(conversation, { ...question, window }, halvings)));
  }
  return answers;
}

function overflow({ modelName }: Conversation, window: Window): ModelError {
  return new ModelError(
    'llm.context_overflow',
    `${modelName} cannot read even ${wordsOf(window)} words at a time. Choose a model with a larger context.`,
    false,
  );
}
