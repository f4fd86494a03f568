import type { Language } from './language.ts';
import { defineWords, markSettled, type Plural, type Translated } from './words.ts';

/** Messages of one feature in English, the language that the others are held against. */
export type Messages = Readonly<Record<string, string | Plural>>;

/** The forms that a language needs: English and French get by with two, the Slavic languages do not. */
interface PluralForms {
  readonly en: { readonly one: string; readonly other: string };
  readonly fr: { readonly one: string; readonly many?: string; readonly other: string };
  readonly ru: SlavicForms;
  readonly uk: SlavicForms;
}

interface SlavicForms {
  readonly one: string;
  readonly few: string;
  readonly many: string;
  readonly other: string;
}

/** The same messages in another language: a missing one, or a missing plural form, is an error of the compiler. */
export type Translation<M extends Messages, L extends Language> = {
  readonly [Key in keyof M]: M[Key] extends string ? string : PluralForms[L];
};

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

type NamesIn<Message> = Message extends string
  ? Placeholders<Message>
  : Message extends { readonly other: infer Other extends string }
    ? Placeholders<Other> | 'count'
    : never;

/** What a message has to be given: nothing, or a value for every `{name}` in its English text. */
export type Values<Message> = [NamesIn<Message>] extends [never]
  ? []
  : [values: Readonly<Record<NamesIn<Message>, string | number>>];

/** Messages of a feature in every language; English is there at once, the others when they are asked for. */
export interface Catalogue<M extends Messages> {
  readonly en: M;
  /** Rejects when the file cannot be fetched. The same promise for the same language, as `use` demands. */
  load(language: Language): Promise<Translated>;
}

type Loaders<M extends Messages> = {
  readonly [L in Exclude<Language, 'en'>]: () => Promise<{
    readonly default: Translation<M, L>;
  }>;
};

/** `defineMessages(en, { fr: () => import('./fr.ts'), … })`: each language is a file that is fetched when it is spoken. */
export function defineMessages<const M extends Messages>(en: M, loaders: Loaders<M>): Catalogue<M> {
  const english = Promise.resolve<Translated>(en);
  markSettled(english, en);
  const load = defineWords((language) =>
    language === 'en' ? english : loaders[language]().then((file): Translated => file.default),
  );
  // At once, not a turn of the event loop later.
  return { en, load: (language) => (language === 'en' ? english : load(language)) };
}

const rules = new Map<Language, Intl.PluralRules>();
const numbers = new Map<Language, Intl.NumberFormat>();

function cached<T>(cache: Map<Language, T>, language: Language, make: () => T): T {
  const known = cache.get(language) ?? make();
  cache.set(language, known);
  return known;
}

/** Puts values into a message; numbers are written as the language writes them. */
export function format(
  language: Language,
  message: string | Plural,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const text = typeof message === 'string' ? message : chooseForm(language, message, values);
  const number = cached(numbers, language, () => new Intl.NumberFormat(language));
  return text.replaceAll(/\{(\w+)\}/gu, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? number.format(value) : value;
  });
}

function chooseForm(
  language: Language,
  message: Plural,
  values: Readonly<Record<string, string | number>>,
): string {
  const rule = cached(rules, language, () => new Intl.PluralRules(language));
  const category = rule.select(Number(values['count'] ?? 0));
  const form = category === 'zero' || category === 'two' ? 'other' : category;
  return message[form] ?? message.other;
}
