import { describe, expect, test } from 'vitest';
import { bitOf, CATEGORIES, compileLexicon, type LexiconSource } from './lexicon.ts';
import { english } from './lexicons/en.ts';
import { french } from './lexicons/fr.ts';
import { russian } from './lexicons/ru.ts';
import { ukrainian } from './lexicons/uk.ts';

const EMPTY: LexiconSource = {
  language: 'zz',
  support: 'best-effort',
  suffixLength: () => 4,
  elisions: '',
  abbreviations: '',
  except: '',
  place: 'house* sea moor*',
  body: '',
  atmosphere: 'moor*',
  object: '',
  quality: '',
  spatial: '',
  stative: 'moored',
  event: '',
  speech: '',
  mental: '',
  person: '',
};

test('a stem takes up to four further letters, a whole word none', () => {
  const { lookup } = compileLexicon(EMPTY);
  expect(lookup('house')).toBe(bitOf('place'));
  expect(lookup('housetop')).toBe(bitOf('place'));
  expect(lookup('householder')).toBe(0);
  expect(lookup('sea')).toBe(bitOf('place'));
  expect(lookup('season')).toBe(0);
  expect(lookup('')).toBe(0);
});

test('a word on several lists is on all of them', () => {
  const { lookup } = compileLexicon(EMPTY);
  expect(lookup('moors')).toBe(bitOf('place') | bitOf('atmosphere'));
  expect(lookup('moored')).toBe(bitOf('place') | bitOf('atmosphere') | bitOf('stative'));
});

test('an exception is kept from the stems it begins like, not from the whole words', () => {
  const { lookup } = compileLexicon({ ...EMPTY, except: 'moored' });
  expect(lookup('moored')).toBe(bitOf('stative'));
});

test('a Russian stem takes no more letters than it has itself', () => {
  const { lookup } = compileLexicon({
    ...EMPTY,
    suffixLength: russian.suffixLength,
    place: 'дом*',
  });
  expect(lookup('домами')).toBe(bitOf('place'));
  expect(lookup('домашний')).toBe(0);
});

const entriesOf = (list: string): string[] => list.split(/\s+/u).filter((entry) => entry !== '');

describe.each([english, french, russian, ukrainian])('the lists of "$language"', (source) => {
  const all = CATEGORIES.flatMap((category) => entriesOf(source[category]));

  test('have at least 350 entries, lower-case, composed, in one script, with a straight apostrophe', () => {
    expect(all.length).toBeGreaterThan(350);
    const isCyrillic = source.suffixLength(9) === 5;
    const shape = isCyrillic ? /^[\p{Script=Cyrillic}']+\*?$/u : /^[\p{Script=Latin}']+\*?$/u;
    expect(all.filter((entry) => !shape.test(entry))).toEqual([]);
    expect(all.filter((entry) => entry !== entry.toLowerCase().normalize('NFC'))).toEqual([]);
    expect(all.filter((entry) => entry.includes('ё'))).toEqual([]);
  });

  test('name nothing twice in one list', () => {
    for (const category of CATEGORIES) {
      const entries = entriesOf(source[category]);
      expect(entries.filter((entry, index) => entries.indexOf(entry) !== index)).toEqual([]);
    }
  });

  test('except only words that a stem would take', () => {
    const taken = compileLexicon({ ...source, except: '' });
    const whole = new Set(all);
    const idle = entriesOf(source.except).filter(
      (word) => taken.lookup(word) === 0 && !whole.has(word),
    );
    expect(idle).toEqual([]);
  });
});
