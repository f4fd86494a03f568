import { glob } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { chooseLanguage } from './language.ts';
import { format } from './messages.ts';
import type { Plural, Translated } from './words.ts';

const SOURCES = path.join(import.meta.dirname, '..');

const folders = (await Array.fromAsync(glob('**/messages/en.ts', { cwd: SOURCES })))
  .map((file) => path.dirname(file))
  .toSorted();

async function messagesIn(folder: string, language: string): Promise<Translated> {
  const file: { default: Translated } = await import(path.join(SOURCES, folder, `${language}.ts`));
  return file.default;
}

function formsOf(message: string | Plural | undefined): string[] {
  if (message === undefined) return [];
  return typeof message === 'string' ? [message] : Object.values(message);
}

function placeholders(texts: readonly string[]): string[] {
  const names = texts.flatMap((text) =>
    Array.from(text.matchAll(/\{(\w+)\}/gu), ([, name]) => name),
  );
  return [...new Set(names.filter((name) => name !== undefined))].toSorted();
}

describe.each(folders)('%s', (folder) => {
  test.each(['fr', 'ru', 'uk'])('names the same values in %s as in English', async (language) => {
    const [en, other] = await Promise.all([messagesIn(folder, 'en'), messagesIn(folder, language)]);
    for (const [key, message] of Object.entries(en)) {
      const wanted = placeholders(formsOf(message));
      expect([key, placeholders(formsOf(other[key]))]).toEqual([key, wanted]);
    }
  });

  test.each(['en', 'fr', 'ru', 'uk'])(
    'never shouts and never says oops in %s',
    async (language) => {
      const all = Object.values(await messagesIn(folder, language)).flatMap(formsOf);
      expect(all.filter((text) => /!|oops|something went wrong/iu.test(text))).toEqual([]);
    },
  );
});

describe('a message', () => {
  const books = {
    one: '{count} книга',
    few: '{count} книги',
    many: '{count} книг',
    other: '{count} книги',
  };

  test.each([
    [1, '1 книга'],
    [3, '3 книги'],
    [5, '5 книг'],
    [11, '11 книг'],
    [21, '21 книга'],
  ])('takes the plural form of its language for %d', (count, text) => {
    expect(format('ru', books, { count })).toBe(text);
  });

  test('writes numbers as its language does', () => {
    expect(format('fr', '{count} mots', { count: 1234567 })).toBe('1\u202f234\u202f567 mots');
    expect(format('en', '{count} words', { count: 1234567 })).toBe('1,234,567 words');
  });

  test('takes French zero for one', () => {
    expect(format('fr', { one: '{count} livre', other: '{count} livres' }, { count: 0 })).toBe(
      '0 livre',
    );
  });
});

describe('the language', () => {
  test('is the one that was chosen, else the first that the browser speaks and we do', () => {
    expect(chooseLanguage('uk', ['fr'])).toBe('uk');
    expect(chooseLanguage(null, ['de-DE', 'ru-RU', 'fr'])).toBe('ru');
    expect(chooseLanguage('xx', ['de'])).toBe('en');
  });
});
