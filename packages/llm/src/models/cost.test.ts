import { expect, test } from 'vitest';
import { costOfTokens } from './cost.ts';

const NOVEMBER_2026 = () => Date.UTC(2026, 10, 22);

test('tokens of a model on the price list cost half its price in and half its price out', () => {
  const cost = costOfTokens('google/gemini-2.5-flash', 2_000_000, NOVEMBER_2026);
  expect(cost).toBeCloseTo(0.3 + 2.5);
});

test('the price of a model of one’s own is not known, which is not nothing', () => {
  expect(costOfTokens('openai-compatible/tiny', 2_000_000, NOVEMBER_2026)).toBeNull();
});
