import { defineMessages } from '../../../../i18n/index.ts';
import en from './en.ts';

export const againMessages = defineMessages(en, {
  fr: () => import('./fr.ts'),
  ru: () => import('./ru.ts'),
  uk: () => import('./uk.ts'),
});
