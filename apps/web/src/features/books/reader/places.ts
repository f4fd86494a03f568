import { readSetting, writeSetting } from '../../../app/settings.ts';

/** Where somebody was in a book. */
export interface Place {
  readonly chapter: number;
  /** Of the first character on the screen, in the chapter's text. */
  readonly offset: number;
  /** Milliseconds since 1970. No two places of a log have the same, and later ones have more. */
  readonly at: number;
}

/** Behind these, only the furthest place of every chapter is kept: a log that grows for ever would one day find no room. */
const MOST_PLACES = 400;

type PlacesName = `places.${number}.${number}`;

/** Of one user and one book; another user of this browser has a log of his own. */
export function placesName(userId: number, bookId: number): PlacesName {
  return `places.${userId}.${bookId}`;
}

/** Everywhere that somebody has been in a book, oldest first. */
export function readPlaces(name: PlacesName): readonly Place[] {
  return parsePlaces(readSetting(name));
}

/** A line that cannot be read is passed over: a place that was written once is not given up for another one. */
export function parsePlaces(log: string | null): readonly Place[] {
  return (log ?? '').split('\n').flatMap((line) => {
    const [chapter, offset, at] = line.split(' ').map(Number);
    const isPlace = [chapter, offset, at].every((part) => Number.isSafeInteger(part));
    return isPlace &&
      line !== '' &&
      chapter !== undefined &&
      offset !== undefined &&
      at !== undefined
      ? [{ chapter, offset, at }]
      : [];
  });
}

/**
 * Adds a place to the log: read, added to and written at once, so that two windows of this browser lose nothing to one another. Whoever
 * is where they were already has not read on, and their last place keeps its time. The time is moved on where the clock of the device went
 * back: by it the server tells places apart, and what it has from what it has not.
 */
export function addPlace(name: PlacesName, { chapter, offset, at }: Place): void {
  const places = readPlaces(name);
  const last = lastOf(places);
  if (last?.chapter === chapter && last.offset === offset) return;
  const place = { chapter, offset, at: last === undefined ? at : Math.max(at, last.at + 1) };
  writeSetting(
    name,
    shortened([...places, place])
      .map(lineOf)
      .join('\n'),
  );
  for (const tell of listeners) tell();
}

const listeners = new Set<() => void>();

/** Tells when a place is added to any log, by this window or by another one of this browser. */
export function onPlaces(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
}

function lineOf({ chapter, offset, at }: Place): string {
  return `${chapter} ${offset} ${at}`;
}

function shortened(places: readonly Place[]): readonly Place[] {
  if (places.length <= MOST_PLACES) return places;
  const recent = places.slice(-MOST_PLACES / 2);
  const older = Map.groupBy(places.slice(0, -MOST_PLACES / 2), ({ chapter }) => chapter);
  const kept = [...older.values()].flatMap((ofChapter) =>
    [lastOf(ofChapter), furthestOf(ofChapter)].filter((place) => place !== undefined),
  );
  return [...new Set(kept)].toSorted((a, b) => a.at - b.at).concat(recent);
}

/** Where they were last; in a chapter, if one is named. */
export function lastOf(places: readonly Place[], chapter?: number): Place | undefined {
  return places.findLast((place) => chapter === undefined || place.chapter === chapter);
}

/** The one that is nearest to the end of the book. */
export function furthestOf(places: readonly Place[]): Place | undefined {
  return places.reduce<Place | undefined>(
    (best, place) => (best === undefined || isBefore(best, place) ? place : best),
    undefined,
  );
}

/** True when `a` stands before `b` in the book. */
export function isBefore(
  a: Pick<Place, 'chapter' | 'offset'>,
  b: Pick<Place, 'chapter' | 'offset'>,
): boolean {
  return a.chapter < b.chapter || (a.chapter === b.chapter && a.offset < b.offset);
}
