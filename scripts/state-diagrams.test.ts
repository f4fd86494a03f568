import { expect, test } from 'vitest';
import { withDiagrams } from './state-diagrams.ts';

test('the state diagrams in ARCHITECTURE.md are those of the transition table', async () => {
  const { before, after } = await withDiagrams();
  expect(before).toBe(after);
});
