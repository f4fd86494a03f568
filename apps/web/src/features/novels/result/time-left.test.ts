import type { Job } from '@scriptorium/contract';
import { expect, it } from 'vitest';
import { pagesOf } from './page-span.ts';
import { secondsLeft } from './time-left.ts';

const START = '2026-11-22T12:00:00.000Z';
const NOW = Date.parse(START) + 60_000;

function jobWith(chunks: Job['chunk_results']) {
  return { started_at: START, chunk_results: chunks };
}

it('forecasts from how long the share that is done has taken', () => {
  const job = jobWith([
    { index: 0, status: 'done' },
    { index: 1, status: 'active', progress: 0.5 },
    { index: 2, status: 'waiting' },
    { index: 3, status: 'waiting' },
  ]);
  // 1.5 of 4 parts took 60 seconds; the whole takes 160.
  expect(secondsLeft(job, NOW)).toBeCloseTo(100);
});

it('does not count parts whose results were there already, and says nothing while nothing is done', () => {
  const job = jobWith([
    { index: 0, status: 'done', reused: true },
    { index: 1, status: 'active', progress: 0 },
  ]);
  expect(secondsLeft(job, NOW)).toBeUndefined();
});

it('reads the pages of a part from its label', () => {
  expect(pagesOf('Pages 61–75')).toBe('61–75');
  expect(pagesOf('Page 1')).toBe('1');
  expect(pagesOf('Chapter I')).toBeUndefined();
  expect(pagesOf(undefined)).toBeUndefined();
});
