import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CLASSES, leastWaitingPriority, priorityOf } from './priority.ts';

const MINUTE = 60_000;
const now = Date.UTC(2026, 10, 22);
const moment = fc.integer({ min: 0, max: 365 * 24 * 60 }).map((minutes) => now + minutes * MINUTE);
const member = (each: (typeof CLASSES)[number]) => ({ class: each, isPremium: false });

test('of tasks that come together the more urgent class goes first, and premium first within a class', () => {
  const ranks = CLASSES.flatMap((each) =>
    [false, true].map((isPremium) => priorityOf({ class: each, isPremium }, now)),
  );
  expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  expect(new Set(ranks).size).toBe(ranks.length);
});

test('whoever has waited two minutes has risen by a class, so nothing starves', () => {
  expect(priorityOf(member('bulk'), now - 2 * MINUTE)).toBe(priorityOf(member('preload'), now));
  expect(priorityOf(member('bulk'), now - 4 * MINUTE)).toBe(priorityOf(member('interactive'), now));
  expect(priorityOf(member('bulk'), now - 5 * MINUTE)).toBeGreaterThan(
    priorityOf({ class: 'interactive', isPremium: false }, now),
  );
});

test('a person who waits goes before an hour of everybody else, and the place kept for persons knows them', () => {
  const person = priorityOf(member('waiting'), now);
  expect(person).toBeGreaterThan(
    priorityOf({ class: 'interactive', isPremium: true }, now - 58 * MINUTE),
  );
  expect(leastWaitingPriority(now)).toBeLessThanOrEqual(person);
  expect(leastWaitingPriority(now + 10 * MINUTE)).toBeLessThanOrEqual(person);
  expect(leastWaitingPriority(now)).toBeGreaterThan(
    priorityOf({ class: 'interactive', isPremium: true }, now),
  );
});

test('two tasks compare the same whenever they are looked at, and fit the queue’s integer', () => {
  const task = fc.record({ class: fc.constantFrom(...CLASSES), isPremium: fc.boolean() });
  fc.assert(
    fc.property(task, task, moment, moment, fc.nat(), (a, b, fromA, fromB, later) => {
      const before = priorityOf(a, fromA) - priorityOf(b, fromB);
      const after = priorityOf(a, fromA + later * 1000) - priorityOf(b, fromB + later * 1000);
      expect(after).toBe(before);
      expect(Math.abs(priorityOf(a, fromA))).toBeLessThan(2 ** 31);
    }),
  );
});
