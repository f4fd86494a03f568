import { expect, it } from 'vitest';
import { withFigures } from './performance-doc.ts';

it('docs/performance.md shows what the benchmarks have left (else: node scripts/performance-doc.ts)', async () => {
  const { before, after } = await withFigures();
  expect(before).toBe(after);
  expect(after).toMatch(/\| what \| measured \| held against \| met \|/u);
});
