import {
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { readSetting, writeSetting } from '../app/settings.ts';

export const THEMES = ['auto', 'light', 'sepia', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
export type Paper = Exclude<Theme, 'auto'>;

interface ThemeChoice {
  /** What the person chose. */
  readonly theme: Theme;
  /** What that comes to at the moment. */
  readonly paper: Paper;
  readonly setTheme: (theme: Theme) => void;
}

const ThemeContext = createContext<ThemeChoice | undefined>(undefined);

function isTheme(value: string | null): value is Theme {
  return THEMES.some((theme) => theme === value);
}

const darkRoom = matchMedia('(prefers-color-scheme: dark)');

function onRoomChange(listener: () => void): () => void {
  darkRoom.addEventListener('change', listener);
  return () => darkRoom.removeEventListener('change', listener);
}

/** Keeps `data-paper` on the page in step with the choice; early.js has set it before the first paint. */
export function ThemeProvider({ children }: { readonly children: ReactNode }) {
  const [theme, setState] = useState<Theme>(() => {
    const kept = readSetting('theme');
    return isTheme(kept) ? kept : 'auto';
  });
  const isDark = useSyncExternalStore(onRoomChange, () => darkRoom.matches);
  const paper: Paper = theme === 'auto' ? (isDark ? 'dark' : 'light') : theme;
  useEffect(() => {
    document.documentElement.dataset['paper'] = paper;
  }, [paper]);
  const setTheme = useCallback((next: Theme) => {
    writeSetting('theme', next);
    setState(next);
  }, []);
  const choice = useMemo(() => ({ theme, paper, setTheme }), [theme, paper, setTheme]);
  return <ThemeContext value={choice}>{children}</ThemeContext>;
}

export function useTheme(): ThemeChoice {
  const choice = use(ThemeContext);
  if (choice === undefined) throw new Error('useTheme needs a ThemeProvider above it');
  return choice;
}
