import { expect, test } from 'vitest';
import { backoffSeconds } from './backoff.ts';

test('the pause doubles with each failure up to five minutes, and half of it is chance', () => {
  const least = [1, 2, 3, 4, 9, 10, 20].map((failures) => backoffSeconds(failures, () => 0));
  const most = [1, 2, 3, 4, 9, 10, 20].map((failures) => backoffSeconds(failures, () => 1));
  expect(least).toEqual([0.5, 1, 2, 4, 128, 150, 150]);
  expect(most).toEqual([1, 2, 4, 8, 256, 300, 300]);
  const pause = backoffSeconds(1);
  expect(pause).toBeGreaterThanOrEqual(0.5);
  expect(pause).toBeLessThanOrEqual(1);
});
