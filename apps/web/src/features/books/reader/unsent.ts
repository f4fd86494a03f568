import { MOST_POSITIONS_SENT } from '@scriptorium/contract';
import { readSetting, settingsAfter, writeSetting } from '../../../app/settings.ts';
import { placesName, readPlaces, type Place } from './places.ts';

/** One user's log of one book. */
export interface Log {
  readonly userId: number;
  readonly bookId: number;
}

/** What became of places that were sent: the server has them, it will never take them, or it could not be asked. */
export type Sent = 'taken' | 'refused' | 'later';

/** Sends places of this device to the server. Never rejects for what can go wrong on the way. */
type Send = (log: Log, places: readonly Place[]) => Promise<Sent>;

/** What the server does not have, oldest first. The log itself is the outbox: what was not sent is sent later, by whoever comes next. */
export function unsentPlaces({ userId, bookId }: Log): readonly Place[] {
  const sent = Number(readSetting(`sent.${userId}.${bookId}`) ?? 0);
  return readPlaces(placesName(userId, bookId)).filter(({ at }) => at > sent);
}

/** Sends what the server does not have, until it has everything or cannot be asked. */
export async function sendUnsent(log: Log, send: Send): Promise<void> {
  for (;;) {
    const places = unsentPlaces(log).slice(0, MOST_POSITIONS_SENT);
    const last = places.at(-1);
    if (last === undefined || (await send(log, places)) === 'later') return;
    // Another window may be further by now; what is sent twice does no harm.
    const sent = Number(readSetting(`sent.${log.userId}.${log.bookId}`) ?? 0);
    writeSetting(`sent.${log.userId}.${log.bookId}`, String(Math.max(sent, last.at)));
  }
}

/** The same for all books of a user: what was read without a connection, or just before a page was closed. */
export async function sendAllUnsent(userId: number, send: Send): Promise<void> {
  const books = settingsAfter(`places.${userId}.`).map(Number).filter(Number.isSafeInteger);
  for (const bookId of books) await sendUnsent({ userId, bookId }, send);
}

/** At most one request in so many milliseconds while somebody reads. */
const EVERY_MS = 5000;

/** Sends the places of one log while somebody reads; waits for more between two requests. */
export class PlaceSender {
  readonly #send: (isLeaving: boolean) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (isLeaving: boolean) => void) {
    this.#send = send;
  }

  /** A place has been added to the log. */
  later(): void {
    this.#timer ??= setTimeout(() => this.now(false), EVERY_MS);
  }

  /** What the server does not have is sent at once; `isLeaving`, when the page may be gone before the answer comes. */
  now(isLeaving: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#send(isLeaving);
  }
}
