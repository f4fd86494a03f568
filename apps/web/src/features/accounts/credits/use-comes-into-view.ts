import { useEffect, useEffectEvent, useRef, type RefObject } from 'react';

/** Calls `onCome` whenever the element scrolls into view, a little before. */
export function useComesIntoView(onCome: () => void): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null);
  const come = useEffectEvent(onCome);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) come();
      },
      { rootMargin: '200px' },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  });
  return element;
}
