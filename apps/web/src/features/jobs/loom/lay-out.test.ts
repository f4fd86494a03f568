import type { Timeline } from '@scriptorium/contract';
import { expect, test } from 'vitest';
import { layOut } from './lay-out.ts';

const at = (second: number) => new Date(1_000_000_000_000 + second * 1000).toISOString();
const run = (from: number, to: number | null, rest: object = {}) => ({
  worker: 'host-1',
  started_at: at(from),
  ended_at: to === null ? null : at(to),
  outcome: to === null ? null : ('done' as const),
  ...rest,
});
const timelineOf = (...chunks: Partial<Timeline['chunks'][number]>[]): Timeline => ({
  now: at(100),
  retried_by: [],
  chunks: chunks.map((chunk, index) => ({
    index,
    label: null,
    status: 'done',
    reused: false,
    attempts: [],
    ...chunk,
  })),
});
const kinds = (loom: ReturnType<typeof layOut>, row = 0) =>
  loom.rows[row]!.segments.map(({ kind, left, width }) => [
    kind,
    Math.round(left),
    Math.round(width),
  ]);

test('time runs to the right from the first beginning to the last end', () => {
  const loom = layOut(
    timelineOf({ attempts: [run(0, 50)] }, { attempts: [run(50, 100)] }),
    undefined,
  );
  expect([kinds(loom, 0), kinds(loom, 1)]).toEqual([[['done', 0, 50]], [['done', 50, 50]]]);
  expect(loom.now).toBeUndefined();
  expect(loom.ticks.map(({ seconds }) => seconds)).toEqual([0, 20, 40, 60, 80, 100]);
});

test('between two tries a part waits; a try that failed is told from one that obeyed a limit', () => {
  const attempts = [
    run(0, 10, { outcome: 'retry' }),
    run(40, 50, { outcome: 'crashed' }),
    run(60, 100),
  ];
  expect(kinds(layOut(timelineOf({ attempts }), undefined))).toEqual([
    ['stopped', 0, 10],
    ['waiting', 10, 30],
    ['failed', 40, 10],
    ['waiting', 50, 10],
    ['done', 60, 40],
  ]);
});

test('what runs and what waits grows until now, which has some room to its right', () => {
  const running = run(0, null);
  const waits = run(0, 50, { outcome: 'retry', code: 'llm.busy' });
  const timeline = timelineOf(
    { status: 'active', attempts: [running] },
    { status: 'active', attempts: [waits] },
    { status: 'waiting' },
  );
  const loom = layOut(timeline, Date.parse(at(100)));
  expect(kinds(loom, 0)).toEqual([['running', 0, 97]]);
  expect(kinds(loom, 1)).toEqual([
    ['failed', 0, 49],
    ['waiting', 49, 49],
  ]);
  expect(kinds(loom, 2)).toEqual([]);
  expect(Math.round(loom.now!)).toBe(97);
});

test('workers have letters in the order in which they came, and what was there already has none', () => {
  const loom = layOut(
    timelineOf(
      { attempts: [run(10, 20, { worker: 'late' })] },
      { attempts: [run(0, 5, { worker: 'early' })] },
      { reused: true },
    ),
    undefined,
  );
  expect(loom.workers).toEqual([
    { initial: 'A', name: 'early' },
    { initial: 'B', name: 'late' },
  ]);
  expect(loom.rows[0]!.segments[0]!.initial).toBe('B');
  expect(loom.rows[2]!.segments).toMatchObject([{ kind: 'reused', initial: undefined }]);
});

test('five hundred parts are five hundred rows', () => {
  const parts = Array.from({ length: 500 }, (_, i) => ({ attempts: [run(i, i + 3)] }));
  const loom = layOut(timelineOf(...parts), undefined);
  expect(loom.rows).toHaveLength(500);
  expect(loom.ticks.length).toBeLessThanOrEqual(7);
});
