import { useMemo } from 'react';
import { useShortcuts } from '../../../app/shell/shortcuts.ts';
import { useMessages } from '../../../i18n/index.ts';
import { readerMessages } from './messages/index.ts';
import type { Panel } from './reader-bar.tsx';

export interface ReaderActions {
  readonly onPrevious: () => void;
  readonly onNext: () => void;
  /** To the description that comes next in the text, or stands before. */
  readonly onDescription: (direction: 1 | -1) => void;
  readonly onOpen: (panel: Panel) => void;
  readonly onResize: (by: 1 | -1) => void;
}

/** What the keyboard does in the reader. Memoise the actions. */
export function useReaderKeys(actions: ReaderActions): void {
  const t = useMessages(readerMessages);
  const shortcuts = useMemo(() => {
    const { onPrevious, onNext, onDescription, onOpen, onResize } = actions;
    return [
      { keys: 'ArrowRight', label: t('keyPage'), run: () => turnPage(1) },
      { keys: 'ArrowLeft', label: t('keyPageBack'), run: () => turnPage(-1) },
      { keys: 'j', label: t('keyNextDescription'), run: () => onDescription(1) },
      { keys: 'k', label: t('keyPreviousDescription'), run: () => onDescription(-1) },
      { keys: ']', label: t('nextChapter'), run: onNext },
      { keys: '[', label: t('previousChapter'), run: onPrevious },
      { keys: 't', label: t('contents'), run: () => onOpen('contents') },
      { keys: '/', label: t('search'), run: () => onOpen('search') },
      { keys: 'd', label: t('gallery'), run: () => onOpen('gallery') },
      { keys: '+', label: t('larger'), run: () => onResize(1) },
      { keys: '=', label: t('larger'), run: () => onResize(1) },
      { keys: '-', label: t('smaller'), run: () => onResize(-1) },
    ];
  }, [t, actions]);
  useShortcuts(t('keys'), shortcuts);
}

/** Of the window's height: what is turned by, so that the last lines are seen again as the first. */
const PAGE = 0.85;

function turnPage(direction: 1 | -1): void {
  scrollBy({ top: direction * PAGE * innerHeight, behavior: 'smooth' });
}
