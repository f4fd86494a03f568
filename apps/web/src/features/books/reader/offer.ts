import type { ReadingPosition } from '@scriptorium/contract';
import { readSetting, writeSetting } from '../../../app/settings.ts';
import { isBefore, type Place } from './places.ts';
import type { Log } from './unsent.ts';

/** Less than a screen of text: nobody is asked whether they want to go where they are. */
const NEAR = 1500;

/** Which position of each device somebody was asked about, by the device's id. */
type Answered = ReadonlyMap<string, string>;

export interface OfferOptions {
  /** Of all devices, newest first, as the server answers. */
  readonly positions: readonly ReadingPosition[];
  /** Whose own positions are not offered. */
  readonly deviceId: string | undefined;
  /** Where this device is; undefined where it has never been in the book. */
  readonly here: Place | undefined;
  readonly answered: Answered;
}

/**
 * The position of another device that is worth asking about: the newest that is somewhere else, and either further on or read later than
 * this device's. One that was asked about is not asked about again, whatever the answer was; when that device reads on, its new position
 * is another one. The very beginning is never offered: to open a book is not to have read in it, and everybody finds its beginning.
 */
export function chooseOffer(options: OfferOptions): ReadingPosition | undefined {
  const { positions, deviceId, here, answered } = options;
  return positions.find((position) => {
    const { device, share, at } = position;
    if (device.id === deviceId || share === 0 || answered.get(device.id) === at) return false;
    if (here === undefined) return true;
    return !isNear(here, position) && (isBefore(here, position) || Date.parse(at) > here.at);
  });
}

function isNear(here: Place, there: ReadingPosition): boolean {
  return here.chapter === there.chapter && Math.abs(here.offset - there.offset) < NEAR;
}

const nameOf = ({ userId, bookId }: Log) => `answered.${userId}.${bookId}` as const;

/** What somebody was asked about in this browser. */
export function readAnswered(log: Log): Answered {
  const lines = (readSetting(nameOf(log)) ?? '').split('\n').map((line) => line.split(' '));
  return new Map(lines.flatMap(([id, at]) => (id && at ? [[id, at]] : [])));
}

/** Somebody was asked about this position, and has answered. Of each device, the last answer is kept. */
export function rememberAnswer(log: Log, { device, at }: ReadingPosition): Answered {
  const answered = new Map(readAnswered(log)).set(device.id, at);
  writeSetting(nameOf(log), [...answered].map((line) => line.join(' ')).join('\n'));
  return answered;
}
