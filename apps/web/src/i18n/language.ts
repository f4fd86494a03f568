/** The languages of the interface, each by its own name. */
export const LANGUAGES = {
  en: 'English',
  fr: 'Français',
  ru: 'Русский',
  uk: 'Українська',
} as const;

export type Language = keyof typeof LANGUAGES;

export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && Object.hasOwn(LANGUAGES, value);
}

/** What the person chose, else the first language of the browser that we speak, else English. */
export function chooseLanguage(chosen: string | null, spoken: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen;
  for (const tag of spoken) {
    const [language] = tag.toLowerCase().split('-', 1);
    if (isLanguage(language)) return language;
  }
  return 'en';
}
