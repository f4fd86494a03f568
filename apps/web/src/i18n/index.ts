export { LANGUAGES, isLanguage, type Language } from './language.ts';
export {
  LanguageProvider,
  spokenLanguage,
  useLanguage,
  useMessages,
  type Translate,
} from './language-context.tsx';
export { defineMessages, format, type Translation } from './messages.ts';
export { formatsFor, useFormats, type Formats } from './use-formats.ts';
export { defineWords, loadAllWords, type Plural, type Translated } from './words.ts';
