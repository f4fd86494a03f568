/**
 * Sentences of one batch to what a model makes of them: one call, and at most two more for all that was missing or wrong.
 * What it may use is fixed before the first call, so that no fault of the model can cost more than was said.
 */

import { ModelError } from '../../models/errors.ts';
import { halve } from '../../models/windows.ts';
import { segmentSentences } from '../../sentences/segment.ts';
import { countWords } from '../count-words.ts';
import type { ShortenedSentence } from '../types.ts';
import { ask, type Conversation } from './ask.ts';
import type { Target } from './batches.ts';
import type { Batch } from './draft.ts';
import { type Fault, faultOf } from './faults.ts';
import { boundBatch, MOST_ROUNDS } from './limits.ts';
import type { Asker, ShortenQuestion } from './prompt.ts';

/** A batch of 1,400 words is down to 175 then: a context that is too small for those is of no use. */
const MOST_HALVINGS = 3;
/** What only a model can have made up is asked for again once: it will stand by it. */
const MOST_UNSOUND_ANSWERS = 2;

export interface Task {
  readonly conversation: Conversation;
  readonly ask: Asker;
  /** Subtag. */
  readonly language: string;
  readonly maxWords: number;
  /** Whether any sentence of the request was answered at all. */
  hasAnswer: boolean;
}

/** How far one sentence has come. */
interface State {
  readonly target: Target;
  fault: Fault | undefined;
  isRefused: boolean;
  unsoundAnswers: number;
  /** Within the limit, nothing wrong with it. */
  done: readonly string[] | undefined;
  /** Of those that are only too long, the one with the shortest longest sentence. */
  nearest: { readonly sentences: readonly string[]; readonly words: number } | undefined;
}

interface Allowance {
  tokens: number;
}

/**
 * @returns one item for each target, in order
 * @throws ModelError; the signal's reason
 */
export async function runBatch(
  task: Task,
  { targets, question }: Batch,
  idOf: (target: Target) => string,
): Promise<ShortenedSentence[]> {
  const states = targets.map(begin);
  const first = question();
  const allowance = { tokens: boundBatch(first) };
  let open = states;
  for (let round = 0; round < MOST_ROUNDS && open.length > 0; round++) {
    await runRound(task, open, round === 0 ? first : task.ask(open), {
      round,
      halvings: 0,
      allowance,
    });
    open = states.filter(isOpen);
  }
  return states.map((state) => finish(state, idOf(state.target)));
}

function begin(target: Target): State {
  return {
    target,
    fault: undefined,
    isRefused: false,
    unsoundAnswers: 0,
    done: undefined,
    nearest: undefined,
  };
}

const isOpen = ({ done, isRefused, unsoundAnswers }: State): boolean =>
  done === undefined && !isRefused && unsoundAnswers < MOST_UNSOUND_ANSWERS;

interface Step {
  readonly round: number;
  readonly halvings: number;
  readonly allowance: Allowance;
}

async function runRound(
  task: Task,
  open: readonly State[],
  question: ShortenQuestion,
  step: Step,
): Promise<void> {
  const { round, allowance } = step;
  if (question.bound > allowance.tokens) return;
  const reply = await ask(task.conversation, question, {
    round,
    tags: new Set(open.map(({ target }) => target.tag)),
    mustBeUsable: round === MOST_ROUNDS - 1 && !task.hasAnswer,
  });
  allowance.tokens -= reply.tokens ?? question.expectedTokens;
  switch (reply.outcome) {
    case 'overflow':
      if (!(await runHalves(task, open, step, MOST_HALVINGS))) {
        throw overflow(task, open);
      }
      return;
    case 'refused':
      // One sentence is enough for a refusal; half of the others are saved from it.
      if (!(await runHalves(task, open, step, 1))) {
        for (const state of open) state.isRefused = true;
      }
      return;
    case 'answered':
    case 'unusable': {
      task.hasAnswer ||= reply.items.length > 0;
      const answers = new Map(reply.items.map(({ tag, sentences }) => [tag, sentences]));
      for (const state of open) judge(task, state, answers.get(state.target.tag));
    }
  }
}

/** @returns false if there are no halves to be had any more */
async function runHalves(
  task: Task,
  open: readonly State[],
  step: Step,
  mostHalvings: number,
): Promise<boolean> {
  const halves =
    step.halvings < mostHalvings
      ? halve(open.map((state) => ({ state, words: state.target.words })))
      : undefined;
  if (halves === undefined) return false;
  for (const half of halves) {
    const states = half.map(({ state }) => state);
    await runRound(task, states, task.ask(states), { ...step, halvings: step.halvings + 1 });
  }
  return true;
}

function judge(task: Task, state: State, answer: readonly string[] | undefined): void {
  if (answer === undefined) {
    state.fault = { kind: 'missing' };
    return;
  }
  const sentences = answer.flatMap((one) => cutIfLong(one, task));
  const fault = faultOf(state.target.text, sentences, task);
  state.fault = fault;
  if (fault === undefined) state.done = sentences;
  else if (fault.kind !== 'too_long') state.unsoundAnswers++;
  else if (state.nearest === undefined || fault.words < state.nearest.words) {
    state.nearest = { sentences, words: fault.words };
  }
}

/** Some models put all sentences into one string. */
function cutIfLong(text: string, { language, maxWords }: Task): string[] {
  if (countWords(text) <= maxWords) return [text];
  return segmentSentences(text, language).map((sentence) => sentence.text);
}

function finish(state: State, id: string): ShortenedSentence {
  const { done, nearest, target } = state;
  if (done !== undefined) return { id, label: 'rewritten', sentences: done };
  if (nearest !== undefined && nearest.words < countWords(target.text)) {
    return { id, label: 'over_limit', sentences: nearest.sentences };
  }
  return { id, label: 'over_limit', sentences: [target.text], notes: [noteOn(state)] };
}

function noteOn({ fault, isRefused }: State): string {
  if (isRefused) return 'refused by the model';
  switch (fault?.kind) {
    case 'name':
    case 'number':
      return `invented ${fault.kind}: ${fault.invented.join(', ')}`;
    case 'lost':
      return 'content lost';
    case 'language':
      return 'answered in another language';
    case 'too_long':
      return 'not shortened by the model';
    case 'missing':
    case undefined:
      return 'no answer';
  }
}

function overflow({ conversation }: Task, open: readonly State[]): ModelError {
  const words = open.reduce((sum, { target }) => sum + target.words, 0);
  return new ModelError(
    'llm.context_overflow',
    `${conversation.modelName} cannot read even ${words} words at a time. Choose a model with a larger context.`,
    false,
  );
}
