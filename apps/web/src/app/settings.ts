/**
 * Of a user and a book: `places`, where somebody has been in it; `sent`, what the server has of that; `answered`, which places of other
 * devices they were asked about.
 */
type Setting =
  | 'language'
  | 'theme'
  | 'reading'
  | 'device'
  | `${'places' | 'sent' | 'answered'}.${number}.${number}`;

const PREFIX = 'scriptorium.';
const nameOf = (setting: Setting) => `${PREFIX}${setting}`;

/** What this browser remembers of the person's choices; null where it remembers nothing, also because it must not. */
export function readSetting(setting: Setting): string | null {
  return ifAllowed(() => localStorage.getItem(nameOf(setting)));
}

/** Remembered in this browser, where it may remember. */
export function writeSetting(setting: Setting, value: string): void {
  ifAllowed(() => localStorage.setItem(nameOf(setting), value));
}

/** What is remembered under names that begin so, without this beginning. */
export function settingsAfter(beginning: `places.${number}.`): readonly string[] {
  const start = `${PREFIX}${beginning}`;
  const names = ifAllowed(() => Object.keys(localStorage)) ?? [];
  return names.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
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
