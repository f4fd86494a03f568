import type { Audit, Estimate, Novel } from '@scriptorium/contract';
import { clip, COLUMNS, count, counted, duration, paint, plain } from '../terminal/text.ts';

/** What a novel is. */
export function novelLines(novel: Novel): string[] {
  const { title, author, language, page_count: pages, words, sentences, chapters } = novel;
  const facts = [
    ...(author === null ? [] : [plain(author)]),
    language ?? 'language unknown',
    counted(pages, 'page'),
    counted(words, 'word'),
    counted(sentences, 'sentence'),
    counted(chapters.length, 'chapter'),
  ];
  return [
    `  ${paint.title(clip(plain(title), COLUMNS - 2))}`,
    `  ${paint.faint(facts.join(' · '))}`,
  ];
}

type Row = readonly [name: string, value: string];

/** What a job will take. */
export function estimateLines(estimate: Estimate): string[] {
  const { engine, gemini_model: model } = estimate;
  return rowLines([
    ['engine', model === 'offline' ? `offline rules, no model (${engine})` : `${model}: ${engine}`],
    ['long sentences', `${count(estimate.long_sentences)} of ${count(estimate.sentences)}`],
    ...costRows(estimate),
  ]);
}

/** What doing something again will take: the pages and sentences are those that are done again. */
export function againLines(estimate: Estimate): string[] {
  return rowLines([
    ['engine', estimate.engine],
    ['pages', count(estimate.pages)],
    ['sentences', `${count(estimate.sentences)}, ${count(estimate.long_sentences)} of them long`],
    ...costRows(estimate),
  ]);
}

function costRows(estimate: Estimate): Row[] {
  const { stored_chunks: stored, chunks, cost_usd: cost, seconds, calls } = estimate;
  const rows: Row[] = [
    ['parts', stored === 0 ? count(chunks) : `${count(chunks)}, ${count(stored)} of them stored`],
    ['time', `${duration(seconds.low)} to ${duration(seconds.high)}`],
  ];
  if (estimate.gemini_model === 'offline' && calls.high === 0) return rows;
  return [
    ...rows,
    ['calls', range(calls)],
    ['tokens', range(estimate.tokens)],
    ['credits', range(estimate.credits)],
    ['money', cost === null ? 'unknown: the price of the model is not known' : `$${range(cost)}`],
  ];
}

function rowLines(rows: readonly Row[]): string[] {
  return rows.map(([name, value]) => `  ${paint.faint(name.padEnd(16))}${value}`);
}

/** The audit in one sentence. */
export function auditLine({ expected, missing, labels, share_within_limit: share }: Audit): string {
  const over = labels.over_limit ?? 0;
  const there =
    missing === 0
      ? `All ${count(expected)} sentences present`
      : `${count(expected - missing)} of ${count(expected)} sentences present`;
  return `${there}, ${count(over)} over the limit, ${Math.round(share * 100)} % within it.`;
}

function range({ low, high }: { readonly low: number; readonly high: number }): string {
  return low === high ? count(low) : `${count(low)} to ${count(high)}`;
}
