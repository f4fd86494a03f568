import type { Language } from '../../../i18n/index.ts';

const SAMPLES = {
  en: new URL('../../../../../../samples/out/the-fire-copy.en.epub', import.meta.url),
  fr: new URL('../../../../../../samples/out/the-fire-copy.fr.epub', import.meta.url),
  ru: new URL('../../../../../../samples/out/the-fire-copy.ru.fb2', import.meta.url),
} as const;

/** The sample book in the language of the interface; there is none in Ukrainian, and Russian is nearer than English. */
export async function fetchSampleBook(language: Language): Promise<File> {
  const url = SAMPLES[language === 'uk' ? 'ru' : language];
  const answer = await fetch(url);
  const name = language === 'ru' || language === 'uk' ? 'the-fire-copy.fb2' : 'the-fire-copy.epub';
  return new File([await answer.blob()], name);
}
