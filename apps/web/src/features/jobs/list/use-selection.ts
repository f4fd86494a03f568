import type { Job } from '@scriptorium/contract';
import { useCallback, useMemo, useState } from 'react';
import { useShortcuts } from '../../../app/shell/shortcuts.ts';
import { useMessages } from '../../../i18n/index.ts';
import { jobsMessages } from '../messages/index.ts';

export interface Selection {
  readonly ids: ReadonlySet<number>;
  readonly toggle: (id: number) => void;
  readonly clear: () => void;
}

const NONE: ReadonlySet<number> = new Set();

/** Which of the jobs on the screen are selected, by mouse or keyboard: `j`, `k`, `x`, `a`, Escape. */
export function useSelection(shown: readonly Job[], focusSearch: () => void): Selection {
  const t = useMessages(jobsMessages);
  const [marked, setMarked] = useState(NONE);
  const ids = useMemo(() => {
    const here = new Set(shown.map(({ id }) => id));
    return new Set([...marked].filter((id) => here.has(id)));
  }, [marked, shown]);
  const toggle = useCallback(
    (id: number) =>
      setMarked((old) =>
        old.has(id) ? new Set([...old].filter((o) => o !== id)) : new Set([...old, id]),
      ),
    [],
  );
  const clear = useCallback(() => setMarked(NONE), []);
  const shortcuts = useMemo(
    () => [
      { keys: 'j', label: t('keyDown'), run: () => moveFocus(1) },
      { keys: 'k', label: t('keyUp'), run: () => moveFocus(-1) },
      {
        keys: 'x',
        label: t('keySelect'),
        run: () => {
          const id = focusedRow()?.dataset['job'];
          if (id !== undefined) toggle(Number(id));
        },
      },
      {
        keys: 'a',
        label: t('keySelectAll'),
        run: () => setMarked(new Set(shown.map(({ id }) => id))),
      },
      { keys: 'Escape', label: t('keyClear'), run: clear },
      { keys: '/', label: t('keySearch'), run: focusSearch },
    ],
    [t, toggle, clear, shown, focusSearch],
  );
  useShortcuts(t('shortcutsList'), shortcuts);
  return { ids, toggle, clear };
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-job]')];
}

function focusedRow(): HTMLElement | undefined {
  return rows().find((row) => row.contains(document.activeElement));
}

/** From nowhere, down leads to the first job and up to the last. */
function moveFocus(step: 1 | -1): void {
  const all = rows();
  const from = all.findIndex((row) => row.contains(document.activeElement));
  const next = from === -1 ? all.at(step === 1 ? 0 : -1) : (all[from + step] ?? all[from]);
  next?.querySelector('a')?.focus();
}
