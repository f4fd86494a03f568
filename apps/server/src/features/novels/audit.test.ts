import { offlineShortener } from '@scriptorium/llm';
import { expect, test } from 'vitest';
import { auditedSchema, auditOf, chunkResultSchema, overlay, type ChunkResult } from './audit.ts';
import { createNovelsPipeline } from './novels.pipeline.ts';
import { createShorteners } from './shorteners.ts';

function chunk(items: [id: number, label: ChunkResult['items'][number]['label']][]): ChunkResult {
  return {
    engine: 'test',
    asked: items.length,
    calls: 0,
    tokens: 0,
    costUsd: 0,
    items: items.map(([id, label]) => ({ id, label, sentences: [`${label} ${id}.`] })),
  };
}

test('a whole result has every sentence once and in order', () => {
  const audit = auditOf(
    [
      chunk([
        [1, 'kept'],
        [2, 'split'],
      ]),
      chunk([[3, 'over_limit']]),
    ],
    3,
  );
  expect(audit).toEqual({
    expected: 3,
    present: 3,
    missing: 0,
    doubled: 0,
    in_order: true,
    labels: { kept: 1, split: 1, over_limit: 1 },
    share_within_limit: 2 / 3,
  });
});

test('a sentence that no part answers is missing and does not count as within the limit', () => {
  const audit = auditOf(
    [
      chunk([
        [1, 'kept'],
        [3, 'kept'],
      ]),
    ],
    4,
  );
  expect(audit).toMatchObject({ present: 2, missing: 2, share_within_limit: 0.5 });
  expect(audit.labels).toEqual({ kept: 2, missing: 2 });
});

test('a part that answers a sentence twice, or out of order, is found out', () => {
  expect(
    auditOf(
      [
        chunk([
          [1, 'kept'],
          [1, 'kept'],
        ]),
      ],
      1,
    ),
  ).toMatchObject({
    doubled: 1,
    in_order: false,
  });
  expect(
    auditOf(
      [
        chunk([
          [2, 'kept'],
          [1, 'kept'],
        ]),
      ],
      2,
    ).in_order,
  ).toBe(false);
});

test('a redo lies over what was there and doubles nothing', () => {
  const results = [
    chunk([
      [1, 'kept'],
      [2, 'over_limit'],
    ]),
    chunk([[2, 'rewritten']]),
  ];
  expect(auditOf(results, 2)).toMatchObject({ doubled: 0, labels: { kept: 1, rewritten: 1 } });
  expect(overlay(results).get(2)?.label).toBe('rewritten');
});

test('an empty novel is whole', () => {
  expect(auditOf([], 0)).toMatchObject({ present: 0, missing: 0, share_within_limit: 1 });
});

test('what is told of a part for the audit is read like an older part, which has only its sentences', () => {
  const items = [
    { id: 4, label: 'kept' },
    { id: 5, label: 'over_limit' },
  ];
  const told = { asked: 3, ids: [4, 5], labels: ['kept', 'over_limit'] };
  const older = { asked: 3, items: items.map((item) => ({ ...item, sentences: ['…'] })) };
  expect(auditedSchema.parse(told)).toEqual({ asked: 3, items });
  expect(auditedSchema.parse(older)).toEqual({ asked: 3, items });
});

test('what the merge reads is a member of what a part leaves', () => {
  const db = { query: () => Promise.reject(new Error('Nothing is to be read.')) };
  const shorteners = createShorteners(offlineShortener(), []);
  const { mergedMember = '' } = createNovelsPipeline({ db, shorteners });
  expect(Object.keys(chunkResultSchema.shape)).toContain(mergedMember);
});
