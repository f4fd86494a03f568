export { LANGUAGES, isLanguage, type Language } from './language.ts';
export { LanguageProvider, useLanguage, useMessages, type Translate } from './language-context.tsx';
export { defineMessages, type Translation } from './messages.ts';
export { useFormats, type Formats } from './use-formats.ts';
