import { useEffect } from 'react';

/** How far, in pixels, and how straight a finger goes to turn to another chapter. */
const LEAST_X = 80;
const MOST_Y = 50;
const MOST_MS = 700;

/** A finger that goes left turns on, one that goes right turns back; selecting text does neither. */
export function useSwipe(
  element: HTMLElement | null,
  { onLeft, onRight }: { readonly onLeft: () => void; readonly onRight: () => void },
): void {
  useEffect(() => {
    if (element === null) return;
    let begun: { x: number; y: number; at: number } | undefined;
    const start = (event: TouchEvent) => {
      const [finger] = event.touches;
      begun =
        finger === undefined || event.touches.length > 1
          ? undefined
          : { x: finger.clientX, y: finger.clientY, at: event.timeStamp };
    };
    const end = (event: TouchEvent) => {
      const [finger] = event.changedTouches;
      if (begun === undefined || finger === undefined) return;
      const [x, y] = [finger.clientX - begun.x, finger.clientY - begun.y];
      const isSwipe =
        Math.abs(x) >= LEAST_X && Math.abs(y) <= MOST_Y && event.timeStamp - begun.at <= MOST_MS;
      begun = undefined;
      if (!isSwipe || getSelection()?.isCollapsed === false) return;
      if (x < 0) onLeft();
      else onRight();
    };
    element.addEventListener('touchstart', start, { passive: true });
    element.addEventListener('touchend', end, { passive: true });
    return () => {
      element.removeEventListener('touchstart', start);
      element.removeEventListener('touchend', end);
    };
  }, [element, onLeft, onRight]);
}
