type Search = Readonly<Record<string, unknown>>;

/**
 * For `validateSearch`: what does not fit is left out, so that a mistyped address still opens the screen. All are optional, so that
 * links need not name them: `<Link to="/">` works whatever filters the library has.
 */
export function optionalText<const Name extends string>(
  search: Search,
  name: Name,
): { readonly [N in Name]?: string | undefined };
export function optionalText(search: Search, name: string) {
  const value = search[name];
  return typeof value === 'string' && value !== '' ? { [name]: value } : {};
}

/** One of a few words. */
export function oneOf<const Name extends string, const Word extends string>(
  search: Search,
  name: Name,
  words: readonly Word[],
): { readonly [N in Name]?: Word | undefined };
export function oneOf(search: Search, name: string, words: readonly string[]) {
  const value = words.find((word) => word === search[name]);
  return value === undefined ? {} : { [name]: value };
}

/** A whole number from 1. */
export function optionalNumber<const Name extends string>(
  search: Search,
  name: Name,
): { readonly [N in Name]?: number | undefined };
export function optionalNumber(search: Search, name: string) {
  const value = Number(search[name]);
  return Number.isSafeInteger(value) && value > 0 ? { [name]: value } : {};
}
