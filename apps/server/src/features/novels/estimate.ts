import type { Estimate } from '@scriptorium/contract';
import { priceOf, toCredits, type Kernel, type Queryable } from '@scriptorium/kernel';
import { boundShortening, costOfTokens, countWords, estimateShortening } from '@scriptorium/llm';
import { layerOf } from './choose-model.ts';
import { NOVELS_PIPELINE } from './pipeline-name.ts';
import { planNovel, type PlannedNovel, type PlannedPart } from './plan-novel.ts';
import type { ShortenerChoice } from './shorteners.ts';
import { divisionOf } from './windows.ts';

/** A call of a model takes so many seconds: the fast ones, and the slow ones on a bad day. */
const CALL_SECONDS = { low: 2, high: 15 };
/** Rules manage so many words a second, on a busy machine and on an idle one. */
const RULE_WORDS_PER_SECOND = { low: 20_000, high: 200_000 };

type StoredResults = Pick<Kernel, 'storedResults'>;

export interface EstimateRequest {
  readonly novel: PlannedNovel & { readonly sentence_count: number };
  readonly ownerId: number;
  readonly maxWords: number;
  readonly choice: ShortenerChoice;
}

/** What a job takes, at least and at most. */
export interface NovelEstimate {
  readonly estimate: Estimate;
  /** Millicredits to hold. It is a bound: a part that might pass it is not started. */
  readonly amount: number;
}

export async function estimateNovel(
  { db, kernel }: { readonly db: Queryable; readonly kernel: StoredResults },
  { novel, ownerId, maxWords, choice }: EstimateRequest,
): Promise<NovelEstimate> {
  const parts = await planNovel(db, novel, { maxWords, layers: [layerOf(choice)] });
  const stored = await storedOf(kernel, ownerId, parts);
  const sizes = parts.map((part, index) => sizeOf(part, stored[index] === true));
  const sum = (of: (size: Size) => number) => sizes.reduce((total, size) => total + of(size), 0);
  const calls = { low: sum((size) => size.batches), high: sum((size) => size.calls) };
  const tokens = { low: sum((size) => size.leastTokens), high: sum((size) => size.mostTokens) };
  const { parallel } = divisionOf(novel.page_count);
  const { isOffline, name } = choice.shortener;
  const amount = sum((size) => size.most);
  const estimate = {
    pages: novel.page_count,
    chunks: parts.length,
    sentences: novel.sentence_count,
    long_sentences: sum((size) => size.long),
    calls,
    tokens,
    credits: {
      low: toCredits(sum((size) => size.least)),
      high: toCredits(amount),
    },
    seconds: isOffline
      ? secondsByRules(sum((size) => size.words))
      : {
          low: Math.ceil((calls.low / parallel) * CALL_SECONDS.low),
          high: Math.ceil((calls.high / parallel) * CALL_SECONDS.high),
        },
    cost_usd: isOffline ? { low: 0, high: 0 } : costRange(name, tokens),
    gemini_model: choice.model,
    engine: name,
    stored_chunks: stored.filter((isStored) => isStored).length,
  };
  return { estimate, amount };
}

/** Millicredits that a job of these parts may need at most: those of the parts whose results are not stored. */
export async function creditsNeeded(
  kernel: StoredResults,
  ownerId: number,
  parts: readonly PlannedPart[],
): Promise<number> {
  if (parts.every(({ layer }) => layer.creditFactor === 0)) return 0;
  const stored = await storedOf(kernel, ownerId, parts);
  return parts.reduce((sum, part, index) => sum + (stored[index] ? 0 : ceilingOf(part)), 0);
}

async function storedOf(
  kernel: StoredResults,
  ownerId: number,
  parts: readonly PlannedPart[],
): Promise<boolean[]> {
  const inputs = parts.map(({ input }) => input);
  return await kernel.storedResults({ pipeline: NOVELS_PIPELINE, ownerId, inputs });
}

/** Credits in thousandths, which is one token of a model whose factor is 1. */
interface Size {
  readonly words: number;
  readonly long: number;
  readonly batches: number;
  readonly calls: number;
  readonly leastTokens: number;
  readonly mostTokens: number;
  readonly least: number;
  readonly most: number;
}

const FREE = { batches: 0, calls: 0, leastTokens: 0, mostTokens: 0, least: 0, most: 0 };

function sizeOf({ request, layer }: PlannedPart, isStored: boolean): Size {
  const { language, maxWords } = request;
  const counts = request.sentences.map(({ text }) => countWords(text));
  const words = counts.reduce((total, count) => total + count, 0);
  const long = counts.filter((count) => count > maxWords).length;
  if (isStored || layer.creditFactor === 0) return { ...FREE, words: isStored ? 0 : words, long };
  const { batches, calls, tokens } = boundShortening(request);
  const { tokensLow } = estimateShortening({ words, language, maxWords, requests: 1 });
  const leastTokens = batches === 0 ? 0 : Math.min(tokensLow, tokens);
  return {
    words,
    long,
    batches,
    calls,
    leastTokens,
    mostTokens: tokens,
    least: priceOf(leastTokens, layer.creditFactor),
    most: priceOf(tokens, layer.creditFactor),
  };
}

/** Millicredits that a part cannot exceed; 0 for rules. */
export function ceilingOf({ request, layer }: PlannedPart): number {
  return layer.creditFactor === 0
    ? 0
    : priceOf(boundShortening(request).tokens, layer.creditFactor);
}

/** Null where the price of the model is not known. */
function costRange(model: string, tokens: { readonly low: number; readonly high: number }) {
  const [low, high] = [costOfTokens(model, tokens.low), costOfTokens(model, tokens.high)];
  return low === null || high === null ? null : { low, high };
}

function secondsByRules(words: number) {
  return {
    low: Math.ceil(words / RULE_WORDS_PER_SECOND.high),
    high: Math.ceil(words / RULE_WORDS_PER_SECOND.low) + 1,
  };
}
