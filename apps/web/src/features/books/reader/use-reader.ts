import type { Book, Chapter, Description } from '@scriptorium/contract';
import { useMediaQuery } from '@mantine/hooks';
import { useCallback, useMemo, useState } from 'react';
import type { ChapterView, Kind } from './chapter-view.ts';
import { focusCard, goToPassage, stepToPassage } from './passages.ts';
import type { Panel } from './reader-bar.tsx';
import type { useReadingSettings } from './reading-settings.ts';
import { useBookSearch } from './search-drawer.tsx';
import { useDescriptions } from './use-descriptions.ts';
import { usePlace } from './use-place.ts';
import { useReaderKeys } from './use-reader-keys.ts';
import { useSwipe } from './use-swipe.ts';
import type { PlaceSender } from './unsent.ts';

export interface ReaderProps {
  readonly book: Book;
  readonly chapter: Chapter;
  readonly userId: number;
  /** Where the address wants to go. */
  readonly at: number | undefined;
  /** What was searched for; its finds are lit. */
  readonly words: string;
  readonly reading: ReturnType<typeof useReadingSettings>;
  /** The time of the furthest place that the reader did not want to go to. */
  readonly stayed: number;
  readonly onStay: (at: number) => void;
  readonly onGo: (chapter: number, at?: number) => void;
  readonly onArrival: () => void;
  readonly onSearch: (words: string) => void;
  /** Brings where somebody reads to the server. */
  readonly sender: PlaceSender;
}

interface Drawn {
  readonly view: ChapterView | undefined;
  readonly text: HTMLElement | null;
}

/** Beside the text there is room for a margin from this width on. */
const WITH_MARGIN = '(min-width: 66rem)';
const NONE: readonly Description[] = [];

/** What happens in the reader, apart from how it looks. */
export function useReader(props: ReaderProps) {
  const { book, chapter, userId, at, words, reading, onGo, onArrival, sender } = props;
  const [{ view, text }, setDrawn] = useState<Drawn>({ view: undefined, text: null });
  const onDrawn = useCallback(
    (drawn: ChapterView | undefined, element: HTMLElement | null) =>
      setDrawn({ view: drawn, text: element }),
    [],
  );
  const [lit, setLit] = useState<number>();
  const [panel, setPanel] = useState<Panel>();
  const hasMargin =
    useMediaQuery(WITH_MARGIN, undefined, { getInitialValueInEffect: false }) ?? true;
  const descriptions = useDescriptions(chapter);
  const all = descriptions.found?.descriptions ?? NONE;
  const shown = useShown(all, reading.settings.hidden);
  const found = useFoundHere(book.id, chapter.number, words);
  usePlace({ userId, bookId: book.id, chapter: chapter.number, view, at, onArrival, sender });
  const turning = useTurning(book, chapter.number, onGo);
  useSwipe(text, { onLeft: turning.onNext, onRight: turning.onPrevious });

  const showPassage = useCallback(
    (description: Description) => {
      setPanel(undefined);
      goToPassage(view, description);
    },
    [view],
  );
  const openCard = useCallback(
    ({ id }: Description) => {
      setLit(id);
      if (hasMargin) focusCard(id);
      else setPanel('cards');
    },
    [hasMargin],
  );
  useKeys({ ...reading, turning, view, shown, setPanel });
  return {
    view,
    text,
    onDrawn,
    lit,
    setLit,
    panel,
    setPanel,
    hasMargin,
    descriptions,
    all,
    shown,
    found,
    turning,
    showPassage,
    openCard,
  };
}

interface Keyed extends Pick<ReaderProps['reading'], 'settings' | 'change'> {
  readonly turning: ReturnType<typeof useTurning>;
  readonly view: ChapterView | undefined;
  readonly shown: readonly Description[];
  readonly setPanel: (panel: Panel) => void;
}

function useKeys({ settings, change, turning, view, shown, setPanel }: Keyed): void {
  const { size } = settings;
  const actions = useMemo(
    () => ({
      ...turning,
      onOpen: setPanel,
      onResize: (by: 1 | -1) => change({ size: size + by }),
      onDescription: (direction: 1 | -1) => stepToPassage(view, shown, direction),
    }),
    [turning, change, size, view, shown, setPanel],
  );
  useReaderKeys(actions);
}

/** In the order of the text, which is that of the margin. */
function useShown(all: readonly Description[], hidden: readonly Kind[]): readonly Description[] {
  return useMemo(
    () => all.filter(({ kind }) => !hidden.includes(kind)).toSorted((a, b) => a.start - b.start),
    [all, hidden],
  );
}

/** The finds of a search in this chapter. */
function useFoundHere(bookId: number, chapter: number, words: string) {
  const { data } = useBookSearch(bookId, words);
  return useMemo(
    () => (words === '' ? [] : (data?.hits.filter((hit) => hit.chapter === chapter) ?? [])),
    [data, chapter, words],
  );
}

/** Turning on begins the next chapter; turning back returns to where one was in the one before. */
function useTurning(book: Book, number: number, onGo: ReaderProps['onGo']) {
  const last = book.chapters.length;
  return useMemo(
    () => ({
      onNext: () => {
        if (number < last) onGo(number + 1, 0);
      },
      onPrevious: () => {
        if (number > 1) onGo(number - 1);
      },
    }),
    [number, last, onGo],
  );
}
