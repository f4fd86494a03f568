import { defineWords, type Language, type Translated } from '../i18n/index.ts';

/** The three tables of a language, fetched together beside the code of the first screen: English ones too, which are no part of that code. */
const LOADERS = {
  en: () =>
    Promise.all([
      import('./messages/problems/en.ts'),
      import('./messages/documents/en.ts'),
      import('./messages/sentences/en.ts'),
    ]),
  fr: () =>
    Promise.all([
      import('./messages/problems/fr.ts'),
      import('./messages/documents/fr.ts'),
      import('./messages/sentences/fr.ts'),
    ]),
  ru: () =>
    Promise.all([
      import('./messages/problems/ru.ts'),
      import('./messages/documents/ru.ts'),
      import('./messages/sentences/ru.ts'),
    ]),
  uk: () =>
    Promise.all([
      import('./messages/problems/uk.ts'),
      import('./messages/documents/uk.ts'),
      import('./messages/sentences/uk.ts'),
    ]),
} satisfies Record<Language, () => Promise<readonly { readonly default: Translated }[]>>;

/**
 * The words for what the server says, by code. Where they cannot be fetched there are none, and the server's own are shown: a
 * screen that tells of an error must not fail because the network does.
 */
export const loadSaidWords = defineWords(
  async (language) => {
    const files = await LOADERS[language]();
    return Object.assign({}, ...files.map((file) => file.default));
  },
  { otherwise: {} },
);
