const nameOf = (name: string) => `scriptorium.${name}`;

/** What this tab of the browser remembers until it is closed; null where it remembers nothing. */
export function readTabMemory(name: string): string | null {
  return ifAllowed(() => sessionStorage.getItem(nameOf(name)));
}

/** Remembers a text, or with null forgets it. Where there is no room it is not remembered. */
export function writeTabMemory(name: string, text: string | null): void {
  ifAllowed(() =>
    text === null
      ? sessionStorage.removeItem(nameOf(name))
      : sessionStorage.setItem(nameOf(name), text),
  );
}

function ifAllowed<T>(use: () => T): T | null {
  try {
    return use();
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
