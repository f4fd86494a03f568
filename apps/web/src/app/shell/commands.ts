import { useEffect, useSyncExternalStore } from 'react';

/** Something that the command palette can do on the screen that is shown. */
export interface Command {
  /** In the person's language. */
  readonly label: string;
  readonly run: () => void;
}

let commands: readonly Command[] = [];
const listeners = new Set<() => void>();

function change(next: readonly Command[]): void {
  commands = next;
  for (const tell of listeners) tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The commands that screens have added. */
export function useCommands(): readonly Command[] {
  return useSyncExternalStore(subscribe, () => commands);
}

/** Adds commands to the palette for as long as the screen is shown. Memoise `added`. */
export function useAddCommands(added: readonly Command[]): void {
  useEffect(() => {
    change([...commands, ...added]);
    return () => change(commands.filter((command) => !added.includes(command)));
  }, [added]);
}
