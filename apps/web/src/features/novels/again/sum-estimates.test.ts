import type { Estimate } from '@scriptorium/contract';
import { expect, test } from 'vitest';
import { sumOf } from './sum-estimates.ts';

const ONE: Estimate = {
  pages: 10,
  chunks: 1,
  sentences: 100,
  long_sentences: 40,
  calls: { low: 2, high: 6 },
  tokens: { low: 3000, high: 9000 },
  credits: { low: 3, high: 9 },
  seconds: { low: 20, high: 60 },
  cost_usd: { low: 0.01, high: 0.03 },
  gemini_model: 'balanced',
  engine: 'google/gemini-2.5-flash',
  stored_chunks: 0,
};

test('what several jobs take is told as one: all sums, every engine once', () => {
  const other = { ...ONE, pages: 5, stored_chunks: 2, engine: 'google/gemini-2.5-pro' };
  expect(sumOf([ONE, other, ONE])).toMatchObject({
    pages: 25,
    sentences: 300,
    credits: { low: 9, high: 27 },
    cost_usd: { low: 0.03, high: 0.09 },
    engine: 'google/gemini-2.5-flash, google/gemini-2.5-pro',
    stored_chunks: 2,
  });
});

test('money is unknown where that of one job is, and rules beside a model are not all that is asked', () => {
  const rules: Estimate = {
    ...ONE,
    credits: { low: 0, high: 0 },
    cost_usd: { low: 0, high: 0 },
    gemini_model: 'offline',
  };
  expect(sumOf([ONE, { ...ONE, cost_usd: null }])?.cost_usd).toBeNull();
  expect(sumOf([rules, ONE])?.gemini_model).toBe('balanced');
  expect(sumOf([rules, rules])?.gemini_model).toBe('offline');
  expect(sumOf([])).toBeUndefined();
});
