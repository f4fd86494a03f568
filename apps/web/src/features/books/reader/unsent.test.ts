import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deviceLabel, thisDevice } from './device.ts';
import { addPlace, placesName, type Place } from './places.ts';
import { openStorage } from './testing.ts';
import {
  PlaceSender,
  sendAllUnsent,
  sendUnsent,
  unsentPlaces,
  type Log,
  type Sent,
} from './unsent.ts';

const LOG: Log = { userId: 1, bookId: 7 };
beforeEach(openStorage);

function read({ userId, bookId }: Log, chapter: number, at: number): void {
  addPlace(placesName(userId, bookId), { chapter, offset: at, at });
}

/** A server that answers one after the other, and then takes everything. */
function server(...answers: Sent[]) {
  const batches: { log: Log; places: readonly Place[] }[] = [];
  const send = async (log: Log, places: readonly Place[]) => {
    batches.push({ log, places });
    return answers.shift() ?? 'taken';
  };
  return { batches, send };
}

describe('what the server does not have', () => {
  it('is sent once, oldest first and a hundred at a time', async () => {
    for (let at = 1; at <= 120; at += 1) read(LOG, 1, at);
    const { batches, send } = server();
    await sendUnsent(LOG, send);
    expect(batches.map(({ places }) => places.length)).toEqual([100, 20]);
    expect(batches.flatMap(({ places }) => places.map(({ at }) => at))).toEqual(
      Array.from({ length: 120 }, (_, i) => i + 1),
    );
    await sendUnsent(LOG, send);
    expect(batches).toHaveLength(2);
    read(LOG, 2, 121);
    await sendUnsent(LOG, send);
    expect(batches[2]!.places).toMatchObject([{ chapter: 2 }]);
  });

  it('stays here for as long as nobody answers, and goes with what comes later', async () => {
    read(LOG, 1, 1);
    const { batches, send } = server('later');
    await sendUnsent(LOG, send);
    expect(unsentPlaces(LOG)).toHaveLength(1);
    read(LOG, 2, 2);
    await sendUnsent(LOG, send);
    expect(batches[1]!.places).toMatchObject([{ chapter: 1 }, { chapter: 2 }]);
    expect(unsentPlaces(LOG)).toEqual([]);
  });

  it('is not offered for ever to a server that will never take it', async () => {
    read(LOG, 1, 1);
    const { batches, send } = server('refused');
    await sendUnsent(LOG, send);
    await sendUnsent(LOG, send);
    expect(batches).toHaveLength(1);
  });

  it('is found in all books of the user, and in nobody else’s', async () => {
    read(LOG, 1, 1);
    read({ userId: 1, bookId: 8 }, 2, 2);
    read({ userId: 11, bookId: 7 }, 3, 3);
    const { batches, send } = server();
    await sendAllUnsent(1, send);
    expect(batches.map(({ log }) => log.bookId).toSorted((a, b) => a - b)).toEqual([7, 8]);
    expect(unsentPlaces({ userId: 11, bookId: 7 })).toHaveLength(1);
  });

  it('misses nothing when the clock of the device goes back', async () => {
    read(LOG, 1, 1000);
    const { batches, send } = server();
    await sendUnsent(LOG, send);
    read(LOG, 2, 500);
    await sendUnsent(LOG, send);
    expect(batches[1]!.places).toMatchObject([{ chapter: 2, at: 1001 }]);
  });
});

describe('while somebody reads', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('one request goes out every five seconds at most', () => {
    const sent: boolean[] = [];
    const sender = new PlaceSender((isLeaving) => sent.push(isLeaving));
    for (let i = 0; i < 100; i += 1) {
      sender.later();
      vi.advanceTimersByTime(100);
    }
    expect(sent).toEqual([false, false]);
  });

  it('whoever leaves sends at once, and leaves no timer behind', () => {
    const sent: boolean[] = [];
    const sender = new PlaceSender((isLeaving) => sent.push(isLeaving));
    sender.later();
    sender.now(true);
    expect(sent).toEqual([true]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a device', () => {
  it.each([
    ['Firefox · Android', 'Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0'],
    [
      'Chrome · Linux',
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    ],
    [
      'Edge · Windows',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
    ],
    [
      'Safari · iPhone',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
    ],
    [
      'Firefox · iPad',
      'Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/145.0 Mobile/15E148 Safari/604.1',
    ],
    [
      'Safari · macOS',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
    ],
    ['Web', 'a reader of its own'],
  ])('is called %s', (label, userAgent) => {
    expect(deviceLabel(userAgent)).toBe(label);
  });

  it('is named once, with a UUID', () => {
    const device = thisDevice();
    expect(device?.id).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u,
    );
    expect(thisDevice()).toEqual(device);
    openStorage();
    expect(thisDevice()?.id).not.toBe(device?.id);
  });
});
