/** One chapter, read by a model: first all of it, then what was passed over. */

import type { DescribeInput, DescribeResult } from '../description.ts';
import type { ModelAddress } from './address.ts';
import type { Conversation } from './call.ts';
import { totalOf, type ModelCall } from './calls.ts';
import { choose, limitFor } from './choose.ts';
import { connect, type OpenedModel } from './connect.ts';
import type { ModelEngineOptions } from './engine.ts';
import { ModelError } from './errors.ts';
import { type Located, locate, reject } from './locate.ts';
import { createPrompt } from './prompt.ts';
import { readWindows, type WindowAnswer } from './read-windows.ts';
import { openModel } from './registry.ts';
import { cutIntoWindows, numberParagraphs, type Paragraph, wordsOf } from './windows.ts';

/** A shorter paragraph that was passed over once hardly holds a description. */
const SECOND_READING_WORDS = 40;
/** Share of the progress that the first reading is. */
const FIRST_SHARE = 0.8;

/** Everything that lasts longer than a chapter. */
interface Reader extends OpenedModel {
  readonly options: ModelEngineOptions;
  readonly engine: string;
}

/** What a {@link modelEngine} does once its libraries are loaded. `engine`: its id and version. */
export function chapterReader(
  options: ModelEngineOptions,
  address: ModelAddress,
  engine: string,
): (input: DescribeInput, report?: (fraction: number) => void) => Promise<DescribeResult> {
  const reader: Reader = { options, address, engine, model: openModel(address, options) };
  return (input, report) => describe(reader, input, report);
}

async function describe(
  reader: Reader,
  input: DescribeInput,
  report: (fraction: number) => void = () => undefined,
): Promise<DescribeResult> {
  const calls: ModelCall[] = [];
  const conversation = converse(reader, input, calls);
  const paragraphs = numberParagraphs(input.text);
  const words = wordsOf(paragraphs);
  const limit = Math.max(0, input.maxDescriptions ?? limitFor(words));
  const answers = await readWindows(
    conversation,
    limit === 0 ? [] : cutIntoWindows(paragraphs),
    'first',
    (read) => report((FIRST_SHARE * read) / words),
  );
  refuseIfAllRefused(conversation, answers);
  const first = await locateAnswers(conversation, answers);
  const second = await readAgain(conversation, answers, first, limit, (fraction) =>
    report(FIRST_SHARE + (1 - FIRST_SHARE) * fraction),
  );
  report(1);
  const { chosen, rejects } = choose(input.text, [...first, ...second], limit);
  return {
    engine: conversation.engine,
    descriptions: chosen.map(({ kind, start, end, confidence }) => ({
      kind,
      quote: input.text.slice(start, end),
      start,
      end,
      confidence,
      evidence: [],
    })),
    rejects,
    usage: { ...totalOf(calls), spent: calls },
  };
}

function converse(reader: Reader, input: DescribeInput, calls: ModelCall[]): Conversation {
  return {
    ...connect(reader, input, calls),
    engine: reader.engine,
    prompt: createPrompt(input.language, reader.options.promptLanguage),
    memo: input.memo,
  };
}

function refuseIfAllRefused({ modelName }: Conversation, answers: readonly WindowAnswer[]): void {
  if (answers.length === 0 || answers.some(({ outcome }) => outcome === 'answered')) return;
  throw new ModelError(
    'llm.refused',
    `${modelName} refused to read this chapter. Choose another model for it.`,
    false,
  );
}

async function locateAnswers(
  { prompt, signal }: Conversation,
  answers: readonly WindowAnswer[],
): Promise<Located[]> {
  const located: Located[] = [];
  for (const answer of answers) {
    signal?.throwIfAborted();
    if (answer.outcome === 'answered') {
      located.push(await locate(answer.window, answer.items, prompt));
    } else {
      const opening = answer.window[0]?.text ?? '';
      located.push({ candidates: [], rejects: [reject(opening, 'refused')] });
    }
  }
  return located;
}

/**
 * One more look, at paragraphs alone in which nothing was found, and only if there was something in others: a chapter
 * without any description would be asked about twice in full.
 */
async function readAgain(
  conversation: Conversation,
  answers: readonly WindowAnswer[],
  first: readonly Located[],
  limit: number,
  report: (fraction: number) => void,
): Promise<Located[]> {
  const found = first.flatMap((located) => located.candidates);
  if (found.length === 0 || found.length >= limit) return [];
  const covered = new Set(found.map((candidate) => candidate.paragraph));
  const left: Paragraph[] = answers
    .filter(({ outcome }) => outcome === 'answered')
    .flatMap(({ window }) => window)
    .filter(({ number, words }) => words >= SECOND_READING_WORDS && !covered.has(number));
  const words = wordsOf(left);
  try {
    const again = await readWindows(conversation, cutIntoWindows(left), 'second', (read) =>
      report(read / words),
    );
    return await locateAnswers(conversation, again);
  } catch (error) {
    // What the first reading found is worth more than an error of the second.
    const isUnreadable = error instanceof ModelError && error.code === 'llm.bad_answer';
    if (!isUnreadable) throw error;
    return [{ candidates: [], rejects: [reject(left[0]?.text ?? '', 'bad_answer')] }];
  }
}
