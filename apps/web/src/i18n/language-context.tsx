import {
  createContext,
  startTransition,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
  type ReactNode,
} from 'react';
import { readSetting, writeSetting } from '../app/settings.ts';
import { chooseLanguage, type Language } from './language.ts';
import { loadAllWords } from './words.ts';
import { format, type Catalogue, type Messages, type Values } from './messages.ts';

interface LanguageChoice {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}

const LanguageContext = createContext<LanguageChoice | undefined>(undefined);

let spoken: Language | undefined;

/** The language of the interface, for what is fetched outside of the components. */
export function spokenLanguage(): Language {
  spoken ??= chooseLanguage(readSetting('language'), navigator.languages);
  return spoken;
}

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setState] = useState(spokenLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const setLanguage = useCallback((next: Language) => {
    writeSetting('language', next);
    spoken = next;
    void loadAllWords(next);
    // The old words stay until the new ones are there.
    startTransition(() => setState(next));
  }, []);
  const choice = useMemo(() => ({ language, setLanguage }), [language, setLanguage]);
  return <LanguageContext value={choice}>{children}</LanguageContext>;
}

/** The language of the interface, and how to change it. */
export function useLanguage(): LanguageChoice {
  const choice = use(LanguageContext);
  if (choice === undefined) throw new Error('useLanguage needs a LanguageProvider above it');
  return choice;
}

/** `t('chapters', { count: 3 })`: key and values are checked against the English messages. */
export type Translate<M extends Messages> = <Key extends keyof M & string>(
  key: Key,
  ...values: Values<M[Key]>
) => string;

/** The messages of a feature in the person's language; suspends until they are fetched. */
export function useMessages<M extends Messages>(catalogue: Catalogue<M>): Translate<M> {
  const { language } = useLanguage();
  const messages = use(catalogue.load(language));
  return useCallback(
    (key, ...[values]) => format(language, messages[key] ?? key, values),
    [language, messages],
  );
}
