import type { ReadingPosition } from '@scriptorium/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { chooseOffer, readAnswered, rememberAnswer, type OfferOptions } from './offer.ts';
import { openStorage } from './testing.ts';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const HOUR = 3_600_000;

function position(
  id: string,
  chapter: number,
  hoursAgo: number,
  { offset = 0, share = 0.5 } = {},
): ReadingPosition {
  const at = new Date(NOW - hoursAgo * HOUR).toISOString();
  return { device: { id, label: id }, chapter, offset, share, at };
}

const place = (chapter: number, hoursAgo: number, offset = 0) => ({
  chapter,
  offset,
  at: NOW - hoursAgo * HOUR,
});

const choose = (options: Partial<OfferOptions>) =>
  chooseOffer({
    positions: [],
    deviceId: 'desk',
    here: undefined,
    answered: new Map(),
    ...options,
  });

describe('what is offered', () => {
  it('is another device that is further on, also when it was read long ago', () => {
    const phone = position('phone', 7, 100);
    expect(choose({ positions: [phone], here: place(3, 1) })).toBe(phone);
  });

  it('is another device that was read later and elsewhere, also when that is further back', () => {
    const phone = position('phone', 2, 1);
    expect(choose({ positions: [phone], here: place(5, 2) })).toBe(phone);
  });

  it('is nothing that was read earlier and further back', () => {
    expect(choose({ positions: [position('phone', 2, 3)], here: place(5, 2) })).toBeUndefined();
  });

  it('is not where the reader is already, give or take a screen', () => {
    const near = position('phone', 5, 1, { offset: 1400 });
    const far = position('phone', 5, 1, { offset: 1500 });
    expect(choose({ positions: [near], here: place(5, 2) })).toBeUndefined();
    expect(choose({ positions: [far], here: place(5, 2) })).toBe(far);
  });

  it('is not what this device has told the server itself', () => {
    expect(choose({ positions: [position('desk', 9, 0)], here: place(1, 1) })).toBeUndefined();
  });

  it('is any position to a device that has never been in the book, but for the beginning', () => {
    const phone = position('phone', 4, 1000);
    const opened = position('tablet', 1, 0, { share: 0 });
    expect(choose({ positions: [opened, phone] })).toBe(phone);
    expect(choose({ positions: [opened], here: place(5, 9) })).toBeUndefined();
  });

  it('is the newest of several', () => {
    const [phone, tablet] = [position('phone', 4, 1), position('tablet', 9, 50)];
    expect(choose({ positions: [phone, tablet], here: place(2, 3) })).toBe(phone);
  });

  it('is not asked a second time, until that device has read on', () => {
    const [phone, tablet] = [position('phone', 4, 1), position('tablet', 9, 50)];
    const answered = new Map([['phone', phone.at]]);
    const positions = [phone, tablet];
    expect(choose({ positions, here: place(2, 3), answered })).toBe(tablet);
    const later = position('phone', 5, 0);
    expect(choose({ positions: [later, tablet], here: place(2, 3), answered })).toBe(later);
  });
});

describe('what was answered', () => {
  beforeEach(openStorage);

  it('is kept for each user, book and device', () => {
    const log = { userId: 1, bookId: 7 };
    const [phone, later, tablet] = [
      position('phone', 4, 2),
      position('phone', 5, 1),
      position('tablet', 9, 50),
    ];
    for (const each of [phone, tablet, later]) rememberAnswer(log, each);
    const answers = [
      ['phone', later.at],
      ['tablet', tablet.at],
    ];
    expect([...readAnswered(log)]).toEqual(answers);
    expect(readAnswered({ userId: 1, bookId: 8 }).size).toBe(0);
    expect(readAnswered({ userId: 2, bookId: 7 }).size).toBe(0);
  });
});
