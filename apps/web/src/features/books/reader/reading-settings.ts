import { useCallback, useState } from 'react';
import { readSetting, writeSetting } from '../../../app/settings.ts';
import { KINDS, type Kind } from './chapter-view.ts';

export const FACES = ['serif', 'sans'] as const;
export type Face = (typeof FACES)[number];
/** Steps of the size of the text; the sizes themselves are in reader.module.css. */
export const SIZES = 7;

export interface ReadingSettings {
  readonly face: Face;
  /** 1 to {@link SIZES}. */
  readonly size: number;
  /** Kinds of descriptions that are not shown. */
  readonly hidden: readonly Kind[];
}

const DEFAULTS: ReadingSettings = { face: 'serif', size: 3, hidden: [] };

/** How the person likes to read, kept in this browser. */
export function useReadingSettings() {
  const [settings, setState] = useState(() => parse(readSetting('reading')));
  const change = useCallback((changed: Partial<ReadingSettings>) => {
    setState((before) => {
      const next = { ...before, ...changed };
      next.size = Math.max(1, Math.min(SIZES, next.size));
      writeSetting('reading', [next.face, next.size, ...next.hidden].join(' '));
      return next;
    });
  }, []);
  return { settings, change };
}

/** What does not fit is as if nobody had chosen. */
function parse(kept: string | null): ReadingSettings {
  const [face, size, ...hidden] = (kept ?? '').split(' ');
  const number = Number(size);
  return {
    face: FACES.find((known) => known === face) ?? DEFAULTS.face,
    size: Number.isInteger(number) && number >= 1 && number <= SIZES ? number : DEFAULTS.size,
    hidden: KINDS.filter((kind) => hidden.includes(kind)),
  };
}
