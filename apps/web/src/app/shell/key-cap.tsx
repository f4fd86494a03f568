import { MOD_KEY } from './shortcuts.ts';
import classes from './shell.module.css';

/** How keys are written on the keys themselves. */
const SIGNS: Readonly<Record<string, string>> = {
  ArrowRight: '→',
  ArrowLeft: '←',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  mod: MOD_KEY,
};

/** The keys of a shortcut, as they stand on the keyboard. */
export function KeyCap({ keys }: { readonly keys: string }) {
  const parts = keys === '+' ? [keys] : keys.split('+');
  return <kbd className={classes['key']}>{parts.map((part) => SIGNS[part] ?? part).join(' ')}</kbd>;
}
