/** `places.<user>.<book>`: where somebody has been in a book. */
type Setting = 'language' | 'theme' | 'reading' | `places.${number}.${number}`;

const nameOf = (setting: Setting) => `scriptorium.${setting}`;

/** What this browser remembers of the person's choices; null where it remembers nothing, also because it must not. */
export function readSetting(setting: Setting): string | null {
  return ifAllowed(() => localStorage.getItem(nameOf(setting)));
}

/** Remembered in this browser, where it may remember. */
export function writeSetting(setting: Setting, value: string): void {
  ifAllowed(() => localStorage.setItem(nameOf(setting), value));
}

/** A browser that keeps nothing for this page, or has no room left, is no reason to stop: the choice holds until the page is closed. */
function ifAllowed<T>(use: () => T): T | null {
  try {
    return use();
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
