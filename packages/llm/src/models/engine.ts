/**
 * The description engine behind which a language model stands. The model reads numbered paragraphs and quotes from them;
 * everything it says is then looked up in the text, and what is not there is returned as rejected, with the reason.
 */

import type { LanguageModel } from 'ai';
import type { DescribeInput, DescribeResult, DescriptionEngine } from '../description.ts';
import type { Conversation } from './call.ts';
import type { ModelCall } from './calls.ts';
import { choose, limitFor } from './choose.ts';
import { ModelError } from './errors.ts';
import { type Located, locate, reject } from './locate.ts';
import { pricing, type TokenPrice } from './prices.ts';
import { createPrompt } from './prompt.ts';
import { readWindows, type WindowAnswer } from './read-windows.ts';
import { type ModelAddress, openModel, parseModel, type ProviderAccess } from './registry.ts';
import { cutIntoWindows, numberParagraphs, type Paragraph, wordsOf } from './windows.ts';

/** Rises whenever the same answers of a model may lead to another result. */
const VERSION = '1';
const DEFAULT_TIMEOUT_MS = 120_000;
/** A shorter paragraph that was passed over once hardly holds a description. */
const SECOND_READING_WORDS = 40;
/** Share of the progress that the first reading is. */
const FIRST_SHARE = 0.8;

export interface ModelEngineOptions extends ProviderAccess {
  /** `google/gemini-2.5-flash`, `openai/…`, `anthropic/…`, `openai-compatible/…`. */
  readonly model: string;
  /** US dollars for a million tokens, in place of the list's; both 0 for a model of one's own. */
  readonly price?: TokenPrice;
  /** Language in which the model is spoken to; by default the book's. */
  readonly promptLanguage?: string;
  /** For one call; 120 seconds by default. */
  readonly timeoutMs?: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** Everything that lasts longer than a chapter. */
interface Engine {
  readonly options: ModelEngineOptions;
  readonly address: ModelAddress;
  readonly model: LanguageModel;
  readonly clock: () => number;
}

/**
 * Creates the engine; no request is made yet. Its `describe` throws ModelError (ModelBusyError when the call is to be
 * made later), and is paid for again by every attempt unless `memo` is given.
 *
 * @throws ModelError `llm.bad_model`, `llm.bad_key` for options that cannot work
 */
export function modelEngine(options: ModelEngineOptions): DescriptionEngine {
  // Warnings about settings that a provider ignores go to the console otherwise; we set none.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  const address = parseModel(options.model);
  const engine: Engine = {
    options,
    address,
    model: openModel(address, options),
    clock: options.clock ?? Date.now,
  };
  return {
    id: options.model,
    version: VERSION,
    languages: 'any',
    provider: address.provider,
    describe: (input, report) => describe(engine, input, report),
  };
}

async function describe(
  engine: Engine,
  input: DescribeInput,
  report: (fraction: number) => void = () => undefined,
): Promise<DescribeResult> {
  input.signal?.throwIfAborted();
  const calls: ModelCall[] = [];
  const conversation = converse(engine, input, calls);
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
  const first = answers.map((answer) => locateAnswer(conversation, answer));
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

function converse(engine: Engine, input: DescribeInput, calls: ModelCall[]): Conversation {
  const { options, address, clock } = engine;
  return {
    model: engine.model,
    modelName: options.model,
    engine: `${options.model}/${VERSION}`,
    prompt: createPrompt(input.language, options.promptLanguage),
    pricing: pricing(address, options.price, clock),
    clock,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    signal: input.signal,
    memo: input.memo,
    budget: input.budget,
    onCall: (call) => {
      calls.push(call);
      input.onCall?.(call);
    },
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

function locateAnswer({ prompt }: Conversation, answer: WindowAnswer): Located {
  if (answer.outcome === 'answered') return locate(answer.window, answer.items, prompt);
  const opening = answer.window[0]?.text ?? '';
  return { candidates: [], rejects: [reject(opening, 'refused')] };
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
    return again.map((answer) => locateAnswer(conversation, answer));
  } catch (error) {
    // What the first reading found is worth more than an error of the second.
    const isUnreadable = error instanceof ModelError && error.code === 'llm.bad_answer';
    if (!isUnreadable) throw error;
    return [{ candidates: [], rejects: [reject(left[0]?.text ?? '', 'bad_answer')] }];
  }
}

function totalOf(calls: readonly ModelCall[]) {
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
