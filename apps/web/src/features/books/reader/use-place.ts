import { useEffect, useRef } from 'react';
import type { ChapterView } from './chapter-view.ts';
import { addPlace, lastOf, placesName, readPlaces } from './places.ts';
import type { PlaceSender } from './unsent.ts';

/** Pixels from the top of the window to the first line that is read: below the bar. */
export const READING_TOP = 80;
/** A place that is jumped to gets a few lines of what stands before it. */
const JUMP_ROOM = 120;
/** After the last movement; also when the page is hidden or left. */
const SETTLED_MS = 250;

export interface PlaceOptions {
  readonly userId: number;
  readonly bookId: number;
  readonly chapter: number;
  readonly view: ChapterView | undefined;
  /** Where the address wants to go. */
  readonly at: number | undefined;
  /** The address has been obeyed, and need not be again when the page is reloaded. */
  readonly onArrival: () => void;
  readonly sender: PlaceSender;
}

/** Takes the reader to where the address or the log says, and writes every place that is read into the log. */
export function usePlace(options: PlaceOptions): void {
  const { userId, bookId, chapter, view, at, onArrival, sender } = options;
  const placed = useRef<ChapterView>(undefined);
  /** Where the page was put; while it stays there, nobody has read on. */
  const arrived = useRef<number>(undefined);
  useEffect(() => {
    if (view === undefined || (placed.current === view && at === undefined)) return;
    const name = placesName(userId, bookId);
    const offset = at ?? lastOf(readPlaces(name), chapter)?.offset ?? 0;
    scrollToOffset(view, offset, at === undefined ? 0 : JUMP_ROOM);
    arrived.current = scrollY;
    addPlace(name, { chapter, offset, at: Date.now() });
    sender.later();
    placed.current = view;
    if (at !== undefined) onArrival();
  }, [userId, bookId, chapter, view, at, onArrival, sender]);

  useEffect(() => {
    if (view === undefined) return;
    const name = placesName(userId, bookId);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = () => {
      clearTimeout(timer);
      if (timer === undefined) return;
      timer = undefined;
      if (arrived.current === scrollY) return;
      arrived.current = undefined;
      addPlace(name, { chapter, offset: placeIn(view), at: Date.now() });
      sender.later();
    };
    const leave = () => {
      write();
      sender.now(true);
    };
    const hide = () => {
      if (document.visibilityState === 'hidden') leave();
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(write, SETTLED_MS);
    };
    addEventListener('scroll', later, { passive: true });
    addEventListener('pagehide', leave);
    document.addEventListener('visibilitychange', hide);
    return () => {
      // The text is gone by now, and with it the place; the last one was written when the movement had settled.
      clearTimeout(timer);
      removeEventListener('scroll', later);
      removeEventListener('pagehide', leave);
      document.removeEventListener('visibilitychange', hide);
    };
  }, [userId, bookId, chapter, view, sender]);
}

/** The first character that is read now. */
export function placeIn(view: ChapterView): number {
  // A few pixels less, for a line that the window has cut.
  return scrollY === 0 ? 0 : view.offsetAt(READING_TOP + 4);
}

/** Puts the line of a character below the bar, `room` pixels lower if asked. */
export function scrollToOffset(view: ChapterView, offset: number, room = 0): void {
  if (offset === 0) scrollTo({ top: 0 });
  else scrollBy({ top: view.topOf(offset) - READING_TOP - room });
}
