export { LANGUAGES, isLanguage, type Language } from './language.ts';
export { LanguageProvider, useLanguage, useMessages, type Translate } from './language-context.tsx';
export {
  defineMessages,
  format,
  type Plural,
  type Translated,
  type Translation,
} from './messages.ts';
export { formatsFor, useFormats, type Formats } from './use-formats.ts';
