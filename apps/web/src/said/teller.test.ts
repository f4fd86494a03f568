import { declaredParams, saidParams, type Problem } from '@scriptorium/contract';
import { describe, expect, test } from 'vitest';
import { LANGUAGES, type Language, type Translated } from '../i18n/index.ts';
import { loadSaidWords } from './said-words.ts';
import { tellerFor } from './teller.ts';

const languages = Object.keys(LANGUAGES).filter((tag): tag is Language => tag in LANGUAGES);
const tables: readonly Readonly<Record<string, readonly string[]>>[] = Object.values(saidParams);
const codes = tables.flatMap((table) =>
  Object.entries(table).map(([code, names]) => ({ code, names })),
);
const VALUES: Readonly<Record<string, string | number>> = {
  language: 'fr',
  limit: 7,
  count: 5,
  words: 31,
};

function formsOf(words: Translated, code: string): string[] {
  const message = words[code];
  if (message === undefined) return [];
  return typeof message === 'string' ? [message] : Object.values(message);
}

function problem(code: string, params?: Problem['params']): Problem {
  const document = { type: '', title: 'English', status: 422, detail: 'English words.', code };
  return params === undefined ? document : { ...document, params };
}

describe.each(languages)('in %s', (language) => {
  test('every code of the contract has words, and they name no value that it does not declare', async () => {
    const words = await loadSaidWords(language);
    for (const { code, names } of codes) {
      const forms = formsOf(words, code);
      expect([code, forms.length > 0]).toEqual([code, true]);
      const named = forms.flatMap((form) =>
        Array.from(form.matchAll(/\{(\w+)\}/gu), ([, name = '']) => name),
      );
      const undeclared = named.filter((name) => !names.includes(name) && name !== 'said');
      expect([code, undeclared]).toEqual([code, []]);
    }
    expect(Object.keys(words).toSorted()).toEqual(
      [...new Set(codes.map(({ code }) => code))].toSorted(),
    );
  });

  test('every sentence is filled with its values', async () => {
    const teller = tellerFor(language, await loadSaidWords(language));
    for (const { code, names } of codes) {
      const params = Object.fromEntries(names.map((name) => [name, VALUES[name] ?? `<${name}>`]));
      const told = teller.sentence({ code, params, message: 'English words.' });
      expect([code, told]).not.toEqual([code, 'English words.']);
      expect(told).not.toMatch(/[{}]/u);
    }
  });

  test('every problem has a title and a sentence that says more', async () => {
    const teller = tellerFor(language, await loadSaidWords(language));
    for (const [code, names] of Object.entries({
      ...saidParams.problems,
      ...saidParams.documents,
    })) {
      const params = Object.fromEntries(names.map((name) => [name, '7']));
      const { title, detail } = teller.problem(problem(code, params));
      expect([code, title.length > 3, detail.length > 3]).toEqual([code, true, true]);
      expect([title, detail]).not.toContain('English');
    }
  });
});

test('plural forms and sizes are those of the language', async () => {
  const teller = tellerFor('ru', await loadSaidWords('ru'));
  const short = (count: number) =>
    teller.sentence({ code: 'page.short', params: { count }, message: '' });
  expect(short(1)).toContain('1 слово');
  expect(short(3)).toContain('3 слова');
  expect(short(11)).toContain('11 слов');
  const { detail } = teller.problem(problem('document.too_large', { limit_bytes: 50_000_000 }));
  expect(detail).toContain('50 МБ');
  expect(
    teller.sentence({ code: 'language.guessed', params: { language: 'fr' }, message: '' }),
  ).toContain('французский');
});

test('what another try follows upon is told in the same language', async () => {
  const teller = tellerFor('fr', await loadSaidWords('fr'));
  const params = { why: 'llm.timeout', error: 'No answer within 60 s.' };
  expect(teller.sentence({ code: 'wait.retry', params, message: 'another try' })).toBe(
    'd’un nouvel essai. Le dernier s’est terminé par : Le modèle n’a pas répondu à temps. Si cela dure, choisissez un modèle plus rapide.',
  );
});

test('a newer server is shown in its own words, and so is one that does not say a value', async () => {
  const teller = tellerFor('uk', await loadSaidWords('uk'));
  expect(teller.sentence({ code: 'page.smells', message: 'it smells' })).toBe('it smells');
  expect(teller.sentence({ code: null, message: 'as it was' })).toBe('as it was');
  expect(teller.sentence({ code: 'page.titled', message: 'its title is "X"' })).toBe(
    'its title is "X"',
  );
  expect(teller.problem(problem('book.on_fire'))).toEqual({
    title: 'English',
    detail: 'English words.',
  });
});

test('braces in a value are no gap', async () => {
  const teller = tellerFor('en', await loadSaidWords('en'));
  expect(
    teller.sentence({ code: 'page.titled', params: { title: '{a} {{b}}' }, message: '' }),
  ).toBe('its title is “{a} {{b}}”');
});

test('only the values that a code declares are shown', () => {
  const details = { pages: 900, limit: 600, path: '/secret', entry: ['x'] };
  expect(declaredParams('document.too_many_pages', details)).toEqual({ pages: 900, limit: 600 });
  expect(declaredParams('document.empty', details)).toBeUndefined();
  expect(declaredParams('nobody.knows', details)).toBeUndefined();
});
