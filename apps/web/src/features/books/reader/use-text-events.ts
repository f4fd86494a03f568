import type { Description } from '@scriptorium/contract';
import { useEffect, useEffectEvent, type RefObject } from 'react';
import type { ChapterView } from './chapter-view.ts';

export interface TextEvents {
  readonly descriptions: readonly Description[];
  readonly onLight: (id: number | undefined) => void;
  readonly onOpenCard: (description: Description) => void;
  readonly onGo: (chapter: number, at: number) => void;
  readonly onNote: (id: string, mark: HTMLElement) => void;
}

/** What a pointer or a key does to the text: marks, notes and links within the book, which the server writes as plain elements. */
export function useTextEvents(
  text: RefObject<HTMLElement | null>,
  view: ChapterView | undefined,
  events: TextEvents,
): void {
  const activate = useEffectEvent((element: HTMLElement) => {
    const { gloss, note, chapter, offset } = element.dataset;
    if (note !== undefined) events.onNote(note, element);
    if (chapter !== undefined) events.onGo(Number(chapter), Number(offset));
    const description = events.descriptions.find(({ id }) => String(id) === gloss);
    if (description !== undefined) events.onOpenCard(description);
  });
  const light = useEffectEvent((id: number | undefined) => events.onLight(id));
  const passageAt = useEffectEvent((x: number, y: number) => {
    const offset = view?.offsetAtPoint(x, y);
    // The shortest one, where passages overlap.
    return offset === undefined
      ? undefined
      : events.descriptions
          .filter(({ start, end }) => start <= offset && offset < end)
          .toSorted((a, b) => a.end - a.start - (b.end - b.start))[0];
  });

  useEffect(() => {
    const element = text.current;
    if (element === null) return;
    const stopped = new AbortController();
    const { signal } = stopped;
    const onClick = (event: MouseEvent) => {
      const part = partOf(event.target);
      if (part !== undefined) {
        event.preventDefault();
        activate(part);
      }
    };
    const onKey = (event: KeyboardEvent) => {
      const part = partOf(event.target);
      if (part === undefined || (event.key !== 'Enter' && event.key !== ' ')) return;
      event.preventDefault();
      activate(part);
    };
    const onFocus = (event: FocusEvent) => light(glossIn(event.target));
    let frame = 0;
    const onMove = (event: PointerEvent) => {
      if (event.pointerType === 'touch' || frame !== 0) return;
      const { clientX, clientY, target } = event;
      frame = requestAnimationFrame(() => {
        frame = 0;
        light(glossIn(target) ?? passageAt(clientX, clientY)?.id);
      });
    };
    element.addEventListener('click', onClick, { signal });
    element.addEventListener('keydown', onKey, { signal });
    element.addEventListener('focusin', onFocus, { signal });
    element.addEventListener('focusout', () => light(undefined), { signal });
    element.addEventListener('pointermove', onMove, { signal, passive: true });
    element.addEventListener('pointerleave', () => light(undefined), { signal });
    return () => {
      cancelAnimationFrame(frame);
      stopped.abort();
    };
  }, [text]);
}

/** The mark, note or link of ours that an event is about. */
function partOf(target: EventTarget | null): HTMLElement | undefined {
  if (!(target instanceof Element)) return undefined;
  const part = target.closest('[data-gloss], [data-note], a[data-chapter]');
  return part instanceof HTMLElement ? part : undefined;
}

function glossIn(target: EventTarget | null): number | undefined {
  const id = partOf(target)?.dataset['gloss'];
  return id === undefined ? undefined : Number(id);
}
