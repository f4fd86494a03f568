import type { Description } from '@scriptorium/contract';
import type { ChapterView } from './chapter-view.ts';
import { placeIn, scrollToOffset } from './use-place.ts';

/** Of the window's height: where a passage is put that somebody goes to. */
const COMFORTABLE = 0.3;

/** Shows a passage and gives its mark the focus, so that the keyboard goes on from there. */
export function goToPassage(view: ChapterView | undefined, { id, start }: Description): void {
  if (view === undefined) return;
  scrollToOffset(view, start, innerHeight * COMFORTABLE);
  view.markOf(id)?.focus({ preventScroll: true });
}

/** Gives the card of a passage the focus. */
export function focusCard(id: number): void {
  document.querySelector<HTMLElement>(`[data-card="${id}"]`)?.focus();
}

/** Goes to the description after, or before, the one that has the focus; else from what is read. */
export function stepToPassage(
  view: ChapterView | undefined,
  descriptions: readonly Description[],
  direction: 1 | -1,
): void {
  if (view === undefined) return;
  const focused = descriptions.findIndex(({ id }) => view.markOf(id) === document.activeElement);
  const next =
    focused === -1
      ? nearest(descriptions, placeIn(view), direction)
      : descriptions[focused + direction];
  if (next !== undefined) goToPassage(view, next);
}

function nearest(descriptions: readonly Description[], offset: number, direction: 1 | -1) {
  return direction === 1
    ? descriptions.find(({ start }) => start >= offset)
    : descriptions.findLast(({ start }) => start < offset);
}
