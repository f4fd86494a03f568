import type { Estimate } from '@scriptorium/contract';

/** What several starts will take together, one after the other; undefined of none. Money is unknown as soon as that of one is. */
export function sumOf(estimates: readonly Estimate[]): Estimate | undefined {
  return estimates.reduce<Estimate | undefined>(
    (sum, next) => (sum === undefined ? next : plus(sum, next)),
    undefined,
  );
}

function plus(a: Estimate, b: Estimate): Estimate {
  const engines = new Set([...a.engine.split(', '), b.engine]);
  return {
    pages: a.pages + b.pages,
    chunks: a.chunks + b.chunks,
    sentences: a.sentences + b.sentences,
    long_sentences: a.long_sentences + b.long_sentences,
    stored_chunks: a.stored_chunks + b.stored_chunks,
    calls: range(a.calls, b.calls),
    tokens: range(a.tokens, b.tokens),
    credits: range(a.credits, b.credits),
    seconds: range(a.seconds, b.seconds),
    cost_usd: a.cost_usd === null || b.cost_usd === null ? null : range(a.cost_usd, b.cost_usd),
    gemini_model: a.gemini_model === 'offline' ? b.gemini_model : a.gemini_model,
    engine: [...engines].join(', '),
  };
}

interface Range {
  readonly low: number;
  readonly high: number;
}

function range(a: Range, b: Range): Range {
  return { low: a.low + b.low, high: a.high + b.high };
}
