import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

const route = getRouteApi('/signed-in/novels/$novelId/jobs/$jobId');

/** Pixels of a row of two lines: side by side, and one below the other on a phone. Measured as soon as it is drawn. */
const ROW_HEIGHT = { wide: 68, narrow: 150 };
const NARROW = '(max-width: 48rem)';
/** The header and the tools, under which a row is not to be hidden. */
const COVERED = 136;
/** Rows above and below the window that are drawn already. */
const OVERSCAN = 12;
/** The place is written into the address when the scrolling has paused. */
const SCROLL_MS = 300;

/** The rows in the window, and the place of the first one in the address. */
export function useRowWindow(list: RefObject<HTMLDivElement | null>, total: number) {
  const { at } = route.useSearch();
  const scrollMargin = useTopOf(list);
  const [rowHeight] = useState(() =>
    matchMedia(NARROW).matches ? ROW_HEIGHT.narrow : ROW_HEIGHT.wide,
  );
  const virtualizer = useWindowVirtualizer({
    count: total,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    scrollMargin,
    scrollPaddingStart: COVERED,
    scrollPaddingEnd: COVERED,
  });
  const first = useFirstPlace(at, scrollMargin, (index) =>
    virtualizer.scrollToIndex(index, { align: 'start' }),
  );
  const top = virtualizer
    .getVirtualItems()
    .find(({ end }) => end > (virtualizer.scrollOffset ?? 0) + COVERED);
  usePlaceInAddress(first ? (top?.index ?? 0) : undefined, scrollMargin);
  return { virtualizer, scrollMargin };
}

/** Where the list begins on the page, in pixels; it moves when something above it grows. Null until it has been measured. */
function useTopOf(list: RefObject<HTMLDivElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      const element = list.current;
      if (element !== null) setTop(Math.round(element.getBoundingClientRect().top + scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [list]);
  return top;
}

/** Goes once to the row that the address names; true when that has been done. */
function useFirstPlace(
  at: number | undefined,
  scrollMargin: number,
  go: (index: number) => void,
): boolean {
  const [isThere, setIsThere] = useState(at === undefined);
  const latest = useRef(go);
  useEffect(() => {
    latest.current = go;
  });
  useEffect(() => {
    if (isThere || at === undefined || scrollMargin === 0) return;
    latest.current(at - 1);
    setIsThere(true);
  }, [isThere, at, scrollMargin]);
  return isThere;
}

function usePlaceInAddress(index: number | undefined, scrollMargin: number): void {
  const navigate = route.useNavigate();
  useEffect(() => {
    if (index === undefined) return;
    const timer = setTimeout(() => {
      const isAtTop = index === 0 || scrollY < scrollMargin - COVERED;
      const at = isAtTop ? undefined : index + 1;
      void navigate({
        search: (old) => (old.at === at ? old : { ...old, at }),
        replace: true,
        resetScroll: false,
      });
    }, SCROLL_MS);
    return () => clearTimeout(timer);
  }, [index, scrollMargin, navigate]);
}
