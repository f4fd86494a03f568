/**
 * One request, batch by batch. One call is under way at a time: whoever gives a slot to a request counts on it. Of two batches one is
 * asked about while the answer to the other is written down and looked at, which took 15 to 60 ms between two calls.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import type { ModelAddress } from '../../models/address.ts';
import { type ModelCall, totalOf } from '../../models/calls.ts';
import { connect, type ModelOptions } from '../../models/connect.ts';
import { ModelError } from '../../models/errors.ts';
import { languageSubtag } from '../../models/language.ts';
import { openModel } from '../../models/registry.ts';
import { createTurnstile, type Passage } from '../../models/turnstile.ts';
import { wordsOf } from '../../models/windows.ts';
import type { ShortenedSentence, ShortenHooks, ShortenRequest, ShortenResult } from '../types.ts';
import type { Conversation } from './ask.ts';
import { type Batch, draftOf } from './draft.ts';
import { runBatch, type Task } from './run-batch.ts';

/** What a {@link modelShortener} does once its libraries are loaded. */
export function sentenceShortener(
  options: ModelOptions,
  address: ModelAddress,
): (request: ShortenRequest, hooks: ShortenHooks) => Promise<ShortenResult> {
  const send = options.fetch ?? fetch;
  const open = createTurnstile();
  const passages = new AsyncLocalStorage<Passage>();
  // Once: opening it for every request, each with a way of its own, took 0.4 ms while its slot waited.
  const model = openModel(address, {
    ...options,
    fetch: (input, init) => (passages.getStore()?.fetch ?? send)(input, init),
  });
  return async (request, hooks) => {
    const calls: ModelCall[] = [];
    const stop = new AbortController();
    const passage = open(send);
    const conversation: Conversation = {
      ...connect({ options, address, model }, hooks, calls),
      memo: hooks.memo,
      inTurn: createTurns(stop.signal, passage),
      // Compatible servers answer 400 to a setting that they do not know.
      isThoughtless: address.provider !== 'openai-compatible',
    };
    const items = await passages
      .run(passage, () => shorten(conversation, request, { report: hooks.report, stop }))
      .finally(() => passage.close());
    const { inputTokens, outputTokens, costMicros } = totalOf(calls);
    return {
      items,
      calls: calls.length,
      tokens: inputTokens + outputTokens,
      costUsd: costMicros === null ? null : costMicros / 1e6,
    };
  };
}

async function shorten(
  conversation: Conversation,
  request: ShortenRequest,
  { report, stop }: { readonly report: ShortenHooks['report']; readonly stop: AbortController },
): Promise<ShortenedSentence[]> {
  const { sentences, maxWords } = request;
  const items: ShortenedSentence[] = sentences.map(({ id, text }) => ({
    id,
    label: 'kept',
    sentences: [text],
  }));
  const { ask, batches } = draftOf(request);
  const task: Task = {
    conversation,
    ask,
    language: languageSubtag(request.language) ?? request.language,
    maxWords,
    hasAnswer: false,
  };
  const total = batches.reduce((sum, { targets }) => sum + wordsOf(targets), 0);
  let read = 0;
  const run = async (batch: Batch) => {
    const rewritten = await runBatch(task, batch, ({ index }) => sentences[index]?.id ?? '');
    batch.targets.forEach(({ index }, place) => {
      const item = rewritten[place];
      if (item !== undefined) items[index] = item;
    });
    read += wordsOf(batch.targets);
    report?.(read / total);
  };
  const next = batches.values();
  const lane = async () => {
    try {
      for (const batch of next) await run(batch);
    } catch (error) {
      stop.abort(error);
    }
  };
  const first = lane();
  // The first question is on its way before the second one is made.
  await setImmediate();
  await Promise.all([first, lane()]);
  stop.signal.throwIfAborted();
  if (batches.length > 0 && !task.hasAnswer) throw unanswered(conversation, items);
  report?.(1);
  return items;
}

/**
 * One call after the other; none any more after one that failed, or after `stop`. What is under way then ends, and is remembered: it
 * is paid for.
 */
function createTurns(stop: AbortSignal, passage: Passage): Conversation['inTurn'] {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (call) => {
    waiting += 1;
    const turn = last.then(async () => {
      stop.throwIfAborted();
      waiting -= 1;
      const answer = await call();
      if (waiting === 0) passage.leave();
      return answer;
    });
    last = turn;
    return await turn;
  };
}

function unanswered({ modelName }: Conversation, items: readonly ShortenedSentence[]): ModelError {
  const isRefused = items.some(({ notes }) => notes?.includes('refused by the model') === true);
  return isRefused
    ? new ModelError(
        'llm.refused',
        `${modelName} refused to rewrite these sentences. Choose another model for them.`,
        false,
      )
    : new ModelError(
        'llm.bad_answer',
        `${modelName} gave no answer that could be used. Try again, or choose another model.`,
        true,
      );
}
