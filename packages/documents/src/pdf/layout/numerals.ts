const CANONICAL = /^(?=[MDCLXVI])M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})$/;
const VALUES: Readonly<Record<string, number>> = {
  I: 1,
  V: 5,
  X: 10,
  L: 50,
  C: 100,
  D: 500,
  M: 1000,
};

/** The value of a Roman number as the Romans wrote it, upper case; null for `Il`, `IIX` or a word. */
export function romanValue(text: string): number | null {
  if (!CANONICAL.test(text)) return null;
  const digits = text.split('').map((letter) => VALUES[letter] ?? 0);
  return digits.reduce((sum, digit, i) => sum + (digit < (digits[i + 1] ?? 0) ? -digit : digit), 0);
}

/** The value of an Arabic number or of a Roman one in either case; null for anything else. */
export function numberValue(text: string): number | null {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  return text === text.toLowerCase() || text === text.toUpperCase()
    ? romanValue(text.toUpperCase())
    : null;
}
