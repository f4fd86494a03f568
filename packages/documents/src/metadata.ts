import { cleanLine } from './content/clean.ts';

const NAMED_LANGUAGES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    english: 'en',
    french: 'fr',
    francais: 'fr',
    français: 'fr',
    russian: 'ru',
    русский: 'ru',
    german: 'de',
    deutsch: 'de',
    spanish: 'es',
    español: 'es',
    italian: 'it',
    italiano: 'it',
  }),
);

/** BCP 47 in canonical spelling (`EN_us` and `eng-US` are `en-US`), or null when it is no language. */
export function normalizeLanguage(raw: string | null | undefined): string | null {
  const tag = cleanLine(raw ?? '').replaceAll('_', '-');
  const named = NAMED_LANGUAGES.get(tag.toLowerCase());
  if (named !== undefined) return named;
  if (!/^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i.test(tag) || /^(und|zxx|mul|mis)\b/i.test(tag)) return null;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null; // well-formed at first sight only, such as "en-a"
  }
}

/** The title of a book that does not tell its own. */
export function titleFromFileName(fileName: string | undefined): string {
  const base = (fileName ?? '').split(/[/\\]/).at(-1) ?? '';
  const title = cleanLine(base.replace(/(\.fb2)?\.[a-z0-9]{1,5}$/i, '').replaceAll('_', ' '));
  return title === '' ? 'Untitled' : title.slice(0, 300).toWellFormed();
}
