import type { Estimate } from '@scriptorium/contract';
import { priceOf, toCredits, type Kernel, type Queryable } from '@scriptorium/kernel';
import { boundShortening, costOfTokens, countWords, estimateShortening } from '@scriptorium/llm';
import { NOVELS_PIPELINE } from './pipeline-name.ts';
import { planNovel, type Layer, type PlannedNovel, type PlannedPart } from './plan-novel.ts';
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
  /** The passes of the job, as it will be started. */
  readonly layers: readonly [Layer, ...Layer[]];
  /** Tells of the whole novel, or of what is done again alone. */
  readonly scope: 'novel' | 'again';
}

/** What a job takes, at least and at most. */
export interface NovelEstimate {
  readonly estimate: Estimate;
  /** Millicredits to hold. It is a bound: a part that might pass it is not started. */
  readonly amount: number;
}

/** Plans a job as its start does, and adds up what is not stored of it. */
export async function estimateNovel(
  { db, kernel }: { readonly db: Queryable; readonly kernel: StoredResults },
  { novel, ownerId, maxWords, layers, scope }: EstimateRequest,
): Promise<NovelEstimate> {
  const parts = await planNovel(db, novel, { maxWords, layers });
  const stored = await storedOf(kernel, ownerId, parts);
  const sizes = parts.map((part, index) => sizeOf(part, stored[index] === true));
  const sum = (of: (size: Size) => number) => sizes.reduce((total, size) => total + of(size), 0);
  const left = parts.filter((_, index) => stored[index] !== true);
  const again = {
    pages: new Set(left.flatMap(({ pages }) => pages)).size,
    sentences: left.reduce((total, { request }) => total + request.sentences.length, 0),
    long_sentences: sum((size) => (size.isStored ? 0 : size.long)),
  };
  const whole = {
    pages: novel.page_count,
    sentences: novel.sentence_count,
    long_sentences: sum((size) => size.long),
  };
  const calls = { low: sum((size) => size.batches), high: sum((size) => size.calls) };
  const amount = sum((size) => size.most);
  const estimate = {
    ...(scope === 'novel' ? whole : again),
    chunks: parts.length,
    calls,
    tokens: { low: sum((size) => size.leastTokens), high: sum((size) => size.mostTokens) },
    credits: {
      low: toCredits(sum((size) => size.least)),
      high: toCredits(amount),
    },
    seconds: secondsOf(
      sum((size) => size.ruleWords),
      calls,
      divisionOf(novel.page_count).parallel,
    ),
    cost_usd: costRange(sizes),
    gemini_model: (layers.at(-1) ?? layers[0]).model,
    engine: [...new Set((left.length > 0 ? left : parts).map(({ layer }) => layer.engine))].join(
      ' + ',
    ),
    stored_chunks: parts.length - left.length,
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
  readonly engine: string;
  readonly isStored: boolean;
  readonly long: number;
  /** Words that rules will look at. */
  readonly ruleWords: number;
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
  const { engine, creditFactor } = layer;
  const counts = request.sentences.map(({ text }) => countWords(text));
  const words = counts.reduce((total, count) => total + count, 0);
  const long = counts.filter((count) => count > maxWords).length;
  const isByRules = layer.model === 'offline';
  const known = { engine, isStored, long, ruleWords: isStored || !isByRules ? 0 : words };
  if (isStored || isByRules) return { ...FREE, ...known };
  const { batches, calls, tokens } = boundShortening(request);
  const { tokensLow } = estimateShortening({ words, language, maxWords, requests: 1 });
  const leastTokens = batches === 0 ? 0 : Math.min(tokensLow, tokens);
  return {
    ...known,
    batches,
    calls,
    leastTokens,
    mostTokens: tokens,
    least: priceOf(leastTokens, creditFactor),
    most: priceOf(tokens, creditFactor),
  };
}

/** Millicredits that a part cannot exceed; 0 for rules. */
export function ceilingOf({ request, layer }: PlannedPart): number {
  return layer.creditFactor === 0
    ? 0
    : priceOf(boundShortening(request).tokens, layer.creditFactor);
}

/** Null where the price of a model that will be asked is not known. */
function costRange(sizes: readonly Size[]): Estimate['cost_usd'] {
  const range = { low: 0, high: 0 };
  for (const { engine, leastTokens, mostTokens } of sizes) {
    if (mostTokens === 0) continue;
    const [low, high] = [costOfTokens(engine, leastTokens), costOfTokens(engine, mostTokens)];
    if (low === null || high === null) return null;
    range.low += low;
    range.high += high;
  }
  return range;
}

function secondsOf(ruleWords: number, calls: Estimate['calls'], parallel: number) {
  // Whatever is found done still has to be put together.
  const least = calls.high === 0 || ruleWords > 0 ? 1 : 0;
  return {
    low: Math.ceil(
      ruleWords / RULE_WORDS_PER_SECOND.high + (calls.low / parallel) * CALL_SECONDS.low,
    ),
    high:
      Math.ceil(
        ruleWords / RULE_WORDS_PER_SECOND.low + (calls.high / parallel) * CALL_SECONDS.high,
      ) + least,
  };
}
