import type { ShortenedSentence } from '@scriptorium/contract';
import { useCallback, useEffect, useMemo, useRef, type RefObject } from 'react';
import { useShortcuts } from '../../../../app/shell/shortcuts.ts';
import { useMessages } from '../../../../i18n/index.ts';
import { resultMessages } from '../messages/index.ts';
import type { Rows } from './use-rows.ts';
import type { Selection } from './use-selection.ts';

interface KeysOptions {
  readonly list: RefObject<HTMLDivElement | null>;
  readonly total: number;
  readonly rowAt: Rows['rowAt'];
  readonly goTo: (index: number) => void;
  readonly begin: (row: ShortenedSentence) => void;
  readonly selection: Selection;
}

/** `j`, `k`, `e` and `x`. Gives a function that moves the focus to a row, which is drawn first where it is not. */
export function useRowKeys(options: KeysOptions): (index: number) => void {
  const t = useMessages(resultMessages);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const focusRow = useCallback((index: number) => {
    const { list, goTo } = latest.current;
    goTo(index);
    // The row is drawn in the next frame at the latest, when it was outside of the window.
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        list.current
          ?.querySelector<HTMLElement>(`[data-index="${index}"]`)
          ?.focus({ preventScroll: true }),
      ),
    );
  }, []);
  const shortcuts = useMemo(() => {
    const current = () => {
      const row = document.activeElement?.closest<HTMLElement>('[data-index]');
      return row === undefined || row === null ? undefined : Number(row.dataset['index']);
    };
    const move = (step: number) => {
      const { total } = latest.current;
      const from = current();
      const next = from === undefined ? topRow(latest.current.list.current) : from + step;
      focusRow(Math.min(total - 1, Math.max(0, next)));
    };
    const withRow = (use: (row: ShortenedSentence, index: number) => void) => {
      const index = current();
      const row = index === undefined ? undefined : latest.current.rowAt(index);
      if (index !== undefined && row !== undefined) use(row, index);
    };
    return [
      { keys: 'j', label: t('shortcutNext'), run: () => move(1) },
      { keys: 'k', label: t('shortcutPrevious'), run: () => move(-1) },
      { keys: 'e', label: t('shortcutEdit'), run: () => withRow(latest.current.begin) },
      {
        keys: 'x',
        label: t('shortcutSelect'),
        run: () =>
          withRow(({ id }, index) => latest.current.selection.toggle({ id, index }, false)),
      },
    ];
  }, [t, focusRow]);
  useShortcuts(t('shortcutsTitle'), shortcuts);
  return focusRow;
}

/** The first row that is not under the header and the tools. */
function topRow(list: HTMLElement | null): number {
  const rows = list?.querySelectorAll<HTMLElement>('[data-index]') ?? [];
  for (const row of rows) {
    if (row.getBoundingClientRect().top >= 130) return Number(row.dataset['index']);
  }
  return 0;
}
