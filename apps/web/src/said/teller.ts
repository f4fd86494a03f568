import type { Coded, Params, Problem, ProblemError } from '@scriptorium/contract';
import { format, formatsFor, type Formats, type Language, type Translated } from '../i18n/index.ts';

/** A sentence of the server's: its English words, and what it takes to say it in another language. */
export interface Said {
  readonly code?: string | null | undefined;
  readonly params?: Params | undefined;
  readonly message: string;
}

/** Says in the language of the interface what the server says, and in the server's English what nobody here knows: that of a newer server. */
export interface Teller {
  /** A failure, a warning, the reason of a wait or of a page. */
  sentence(said: Said): string;
  /** A name or a remark with its code beside it; undefined for none. */
  coded(words: string, coded: Coded | null | undefined): string;
  problem(problem: Problem): { readonly title: string; readonly detail: string };
  mistake(mistake: ProblemError): string;
}

/** The teller of a language, outside of React. `words`: those of `loadSaidWords`. */
export function tellerFor(language: Language, words: Translated): Teller {
  const formats = formatsFor(language);

  /** Undefined for a code without words, and for words that lack a value. */
  const say = (code: string | null | undefined, params: Params, said: string) => {
    const message = code === null || code === undefined ? undefined : words[code];
    if (message === undefined) return undefined;
    const values = { ...shown(params, formats), said };
    const text = format(language, message, values);
    return hasGap(text, message) ? undefined : text;
  };

  const sentence = ({ code, params = {}, message }: Said): string => {
    const told = code === 'wait.retry' ? { ...params, error: reasonOf(params) } : params;
    return say(code, told, message)?.replace('\n', '. ') ?? message;
  };

  /** What another try follows upon, in words if it is known. */
  const reasonOf = ({ why, error = '' }: Params): string =>
    sentence({ code: String(why), message: String(error) });

  return {
    sentence,
    coded: (text, coded) => sentence({ ...coded, message: text }),
    problem({ code, params = {}, title, detail }) {
      const [ownTitle, ownDetail] = say(code, params, detail)?.split('\n') ?? [];
      return ownTitle === undefined || ownDetail === undefined
        ? { title, detail }
        : { title: ownTitle, detail: ownDetail };
    },
    mistake: ({ path, code, params, message }) => `${path}: ${sentence({ code, params, message })}`,
  };
}

const GAP = /\{\w+\}/u;

/** A value of the server's may have braces of its own, so only words that have some are looked at. */
function hasGap(text: string, message: Translated[string]): boolean {
  const forms = typeof message === 'string' ? [message] : Object.values(message);
  const names = forms.flatMap((form) => form.match(new RegExp(GAP, 'gu')) ?? []);
  return names.some((name) => text.includes(name));
}

/** Sizes and languages as the interface writes them; other numbers are written by `format`. */
function shown(params: Params, formats: Formats): Params {
  const values: Params = {};
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === 'number' && name.endsWith('_bytes')) values[name] = formats.bytes(value);
    else if (typeof value === 'string' && name === 'language')
      values[name] = formats.language(value);
    else values[name] = value;
  }
  return values;
}
