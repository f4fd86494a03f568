/** Tags of languages, and how languages are called. */

/** "French", "français": the name of a language in another one. */
export function languageName(subtag: string | undefined, speaking: string): string {
  const names = new Intl.DisplayNames([speaking], { type: 'language', fallback: 'none' });
  const isKnown = subtag !== undefined && subtag !== 'und';
  return (isKnown ? names.of(subtag) : undefined) ?? 'its own language';
}

/** "en-GB", "eng" and "EN" are "en". */
export function languageSubtag(tag: string): string | undefined {
  const [subtag = ''] = tag.split(/[-_]/u, 1);
  return /^[a-z]{2,3}$/iu.test(subtag) ? new Intl.Locale(subtag).language : undefined;
}
