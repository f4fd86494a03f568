import type { Language } from '../../i18n/index.ts';

/** A language by its name in the language of the interface; undefined for a tag that nobody knows. */
export function languageName(tag: string, language: Language): string | undefined {
  return new Intl.DisplayNames([language], { type: 'language', fallback: 'none' }).of(tag);
}
