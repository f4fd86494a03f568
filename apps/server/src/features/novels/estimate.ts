import type { Estimate } from '@scriptorium/contract';
import type { Queryable } from '@scriptorium/kernel';
import { boundShortening, countWords, estimateShortening } from '@scriptorium/llm';
import { planNovel, type Layer, type PlannedNovel, type PlannedPart } from './plan-novel.ts';
import type { ShortenerChoice } from './shorteners.ts';
import { divisionOf } from './windows.ts';

/** A call of a model takes so many seconds: the fast ones, and the slow ones on a bad day. */
const CALL_SECONDS = { low: 2, high: 15 };
/** Rules manage so many words a second, and more on a better machine. */
const RULE_WORDS_PER_SECOND = { low: 20_000, high: 200_000 };

/** What a job takes, at least and at most. The most is a bound: a job that would pass it is stopped there. */
export async function estimateNovel(
  db: Queryable,
  novel: PlannedNovel & { readonly sentence_count: number },
  { maxWords, layers }: { readonly maxWords: number; readonly layers: readonly Layer[] },
  choice: ShortenerChoice,
): Promise<Estimate> {
  const parts = await planNovel(db, novel, { maxWords, layers });
  const sizes = parts.map(sizeOf);
  const sum = (of: (size: Size) => number) => sizes.reduce((total, size) => total + of(size), 0);
  const calls = { low: sum((size) => size.batches), high: sum((size) => size.calls) };
  const tokens = { low: sum((size) => size.leastTokens), high: sum((size) => size.tokens) };
  const { parallel } = divisionOf(novel.page_count);
  const seconds = choice.shortener.isOffline
    ? secondsByRules(sum((size) => size.words))
    : {
        low: Math.ceil((calls.low / parallel) * CALL_SECONDS.low),
        high: Math.ceil((calls.high / parallel) * CALL_SECONDS.high),
      };
  return {
    pages: novel.page_count,
    chunks: parts.length,
    sentences: novel.sentence_count,
    long_sentences: sum((size) => size.long),
    calls,
    tokens,
    credits: { low: sum((size) => size.leastCredits), high: sum((size) => size.credits) },
    seconds,
    cost_usd: choice.shortener.isOffline ? { low: 0, high: 0 } : null,
    gemini_model: choice.model,
    engine: choice.shortener.name,
    stored_chunks: 0,
  };
}

interface Size {
  readonly words: number;
  readonly long: number;
  readonly batches: number;
  readonly calls: number;
  readonly leastTokens: number;
  readonly tokens: number;
  readonly leastCredits: number;
  readonly credits: number;
}

function sizeOf(part: PlannedPart): Size {
  const { request, layer } = part;
  const counts = request.sentences.map(({ text }) => countWords(text));
  const words = counts.reduce((total, count) => total + count, 0);
  const long = counts.filter((count) => count > request.maxWords).length;
  if (layer.creditFactor === 0) {
    return { ...NOTHING, words, long };
  }
  const { batches, calls, tokens } = boundShortening(request);
  const { tokensLow } = estimateShortening({
    words,
    language: request.language,
    maxWords: request.maxWords,
    requests: 1,
  });
  const leastTokens = batches === 0 ? 0 : Math.min(tokensLow, tokens);
  return {
    words,
    long,
    batches,
    calls,
    leastTokens,
    tokens,
    leastCredits: creditsFor(leastTokens, layer),
    credits: ceilingOf(part),
  };
}

const NOTHING = { batches: 0, calls: 0, leastTokens: 0, tokens: 0, leastCredits: 0, credits: 0 };

/** Credits that a part cannot exceed. A credit has three decimals, and a part is never charged less than it uses. */
export function ceilingOf({ request, layer }: PlannedPart): number {
  return layer.creditFactor === 0 ? 0 : creditsFor(boundShortening(request).tokens, layer);
}

function creditsFor(tokens: number, { creditFactor }: Layer): number {
  return Math.ceil(tokens * creditFactor) / 1000;
}

function secondsByRules(words: number) {
  return {
    low: Math.ceil(words / RULE_WORDS_PER_SECOND.high),
    high: Math.ceil(words / RULE_WORDS_PER_SECOND.low) + 1,
  };
}
