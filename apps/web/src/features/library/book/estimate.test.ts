import { expect, test } from 'vitest';
import { estimateFrom } from './estimate.ts';

const done = (index: number, reused = false) => ({ index, status: 'done', reused }) as const;

test('what is left is measured on the chapters that the last job did itself', () => {
  const last = {
    chunk_results: [done(0), done(1), done(2, true), { index: 3, status: 'failed' } as const],
    processing_time_seconds: 10,
    llm_calls: 3,
    tokens_used: 4000,
  };
  expect(estimateFrom(last, 10)).toEqual({ seconds: 50, calls: 15, tokens: 20_000, measuredOn: 2 });
});

test('nothing is said of what was never measured', () => {
  const last = {
    chunk_results: [done(0, true)],
    processing_time_seconds: 0,
    llm_calls: 0,
    tokens_used: 0,
  };
  expect(estimateFrom(last, 10)).toBeUndefined();
});
