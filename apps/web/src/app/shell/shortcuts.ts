import { useEffect, useSyncExternalStore } from 'react';

/** One key of the keyboard and what it does. `keys` as `useHotkeys` writes them: `j`, `shift+?`, `mod+K`. */
export interface Shortcut {
  readonly keys: string;
  /** In the person's language. */
  readonly label: string;
  readonly run: () => void;
}

interface Group {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
  /** They work on every screen, and are no command of the one that is shown. */
  readonly isEverywhere: boolean;
}

let groups: readonly Group[] = [];
const listeners = new Set<() => void>();

function change(next: readonly Group[]): void {
  groups = next;
  for (const tell of listeners) tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What the keyboard can do at the moment, for the dialog behind `?` and the palette. */
export function useShortcutGroups(): readonly Group[] {
  return useSyncExternalStore(subscribe, () => groups);
}

/** The key of this machine that `mod` stands for. */
export const MOD_KEY = /Mac|iPhone|iPad/u.test(navigator.userAgent) ? '⌘' : 'Ctrl';

const TYPING = 'input, textarea, select, [contenteditable="true"], [role="dialog"] *';

/** True when the key was meant for a field or a dialog. */
function isTyping(event: KeyboardEvent): boolean {
  return event.target instanceof Element && event.target.closest(TYPING) !== null;
}

function matches(event: KeyboardEvent, keys: string): boolean {
  // A plus alone is the key itself, not what joins two.
  const parts = keys === '+' ? [keys] : keys.split('+');
  const key = parts.at(-1) ?? '';
  const needsMod = parts.includes('mod');
  if (needsMod !== (event.ctrlKey || event.metaKey) || event.altKey) return false;
  return event.key.toLowerCase() === key.toLowerCase();
}

/**
 * Gives a screen keys for as long as it is shown, and puts them into the list behind `?` and into the palette. Keys that are typed into a field
 * are the field's. Memoise `shortcuts`.
 */
export function useShortcuts(
  title: string,
  shortcuts: readonly Shortcut[],
  isEverywhere = false,
): void {
  useEffect(() => {
    const group = { title, shortcuts, isEverywhere };
    change([...groups, group]);
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const hit = shortcuts.find((shortcut) => matches(event, shortcut.keys));
      if (hit === undefined || (isTyping(event) && !hit.keys.includes('mod+'))) return;
      event.preventDefault();
      hit.run();
    };
    addEventListener('keydown', listen);
    return () => {
      removeEventListener('keydown', listen);
      change(groups.filter((other) => other !== group));
    };
  }, [title, shortcuts, isEverywhere]);
}
