import { useCallback, useMemo, useRef, useState } from 'react';

export interface Selection {
  /** Numbers of sentences. They stay selected under another filter. */
  readonly ids: ReadonlySet<number>;
  /** With `isRange`, everything between this row and the one before is taken with it. */
  readonly toggle: (row: { readonly id: number; readonly index: number }, isRange: boolean) => void;
  readonly clear: () => void;
}

/** @param idsBetween numbers of the sentences of a range of rows */
export function useSelection(
  idsBetween: (from: number, to: number) => Promise<number[]>,
): Selection {
  const [ids, setIds] = useState<ReadonlySet<number>>(new Set());
  const anchor = useRef<number>(undefined);
  const toggle = useCallback(
    ({ id, index }: { readonly id: number; readonly index: number }, isRange: boolean) => {
      const from = anchor.current;
      anchor.current = index;
      if (isRange && from !== undefined) {
        void idsBetween(Math.min(from, index), Math.max(from, index)).then((between) =>
          setIds((old) => new Set([...old, ...between])),
        );
        return;
      }
      setIds((old) => {
        const next = new Set(old);
        if (!next.delete(id)) next.add(id);
        return next;
      });
    },
    [idsBetween],
  );
  const clear = useCallback(() => setIds(new Set()), []);
  return useMemo(() => ({ ids, toggle, clear }), [ids, toggle, clear]);
}
