import { useSyncExternalStore } from 'react';
import { useFormats } from '../i18n/index.ts';

const TICK_MS = 10_000;
const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

/** One clock for all times on the screen; it stands still while there are none. */
function onTick(listener: () => void): () => void {
  listeners.add(listener);
  // It stood still while nobody looked.
  if (ticking === undefined) now = Date.now();
  ticking ??= setInterval(() => {
    now = Date.now();
    for (const tell of listeners) tell();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** A moment relative to now (“3 minutes ago”); the exact one on hover. `exact` shows hours and minutes instead. */
export function Time({ at, exact = false }: { readonly at: string; readonly exact?: boolean }) {
  const formats = useFormats();
  const ticked = useSyncExternalStore(onTick, () => now);
  // What is newer than the last tick has not come from the future.
  const moment = Date.parse(at);
  const current = moment > ticked && moment - ticked < TICK_MS ? moment : ticked;
  return (
    <time dateTime={at} title={formats.exact(at)} className="figures">
      {exact ? formats.clock(at) : formats.relative(at, current)}
    </time>
  );
}
