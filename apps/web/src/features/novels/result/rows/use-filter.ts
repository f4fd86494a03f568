import { useDebouncedValue } from '@mantine/hooks';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import type { Label } from '../labels.ts';

const route = getRouteApi('/signed-in/novels/$novelId/jobs/$jobId');

/** A search is asked for when the typing pauses. */
const TYPING_MS = 250;

export interface FilterControl {
  readonly show: Label | undefined;
  /** What is searched for, and what stands in the field; the one follows the other. */
  readonly search: string;
  readonly typed: string;
  readonly setShow: (label: Label | undefined) => void;
  readonly setTyped: (text: string) => void;
}

/** Which rows are shown, as the address says. Another choice begins at the first row. */
export function useFilter(): FilterControl {
  const { show, q: search = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(search);
  const [settled] = useDebouncedValue(typed.trim(), TYPING_MS);
  useEffect(() => {
    void navigate({
      search: (old) =>
        settled === (old.q ?? '') ? old : { ...old, q: settled || undefined, at: undefined },
      replace: true,
      resetScroll: false,
    });
  }, [settled, navigate]);
  const setShow = useCallback(
    (label: Label | undefined) =>
      void navigate({
        search: (old) => ({ ...old, show: label, at: undefined }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  return { show, search, typed, setShow, setTyped };
}
