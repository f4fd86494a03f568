import type { Job } from '@scriptorium/contract';

export interface Estimate {
  readonly seconds: number;
  readonly calls: number;
  readonly tokens: number;
  /** Chapters of the job that the figures come from. */
  readonly measuredOn: number;
}

type Measured = Pick<
  Job,
  'chunk_results' | 'processing_time_seconds' | 'llm_calls' | 'tokens_used'
>;

/**
 * What `chapters` more will take, from what the last job of the book has taken for those that it did itself; undefined when it did
 * none. Chapters differ in length and models in mood, so it is a measure and not a promise.
 */
export function estimateFrom(last: Measured, chapters: number): Estimate | undefined {
  const measuredOn = last.chunk_results.filter(
    ({ status, reused }) => status === 'done' && reused !== true,
  ).length;
  if (measuredOn === 0) return undefined;
  const each = (total: number) => (total / measuredOn) * chapters;
  return {
    seconds: each(last.processing_time_seconds),
    calls: Math.ceil(each(last.llm_calls)),
    tokens: Math.round(each(last.tokens_used)),
    measuredOn,
  };
}
