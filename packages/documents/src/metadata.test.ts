import { describe, expect, test } from 'vitest';
import { normalizeLanguage, titleFromFileName } from './metadata.ts';

describe('languages', () => {
  test.each([
    ['en_us', 'en-US'],
    ['FRE', 'fr'],
    ['rus', 'ru'],
    [' ja-jp ', 'ja-JP'],
    ['Русский', 'ru'],
    ['English', 'en'],
    ['und', null],
    ['', null],
    [null, null],
    ['en-a', null],
    ['a language', null],
    ['constructor', null],
  ])('%j is %j', (raw, tag) => {
    expect(normalizeLanguage(raw)).toBe(tag);
  });
});

describe('titles from file names', () => {
  test.each([
    ['My_Novel.epub', 'My Novel'],
    ['/tmp/война и мир.fb2.zip', 'война и мир'],
    ['C:\\books\\Une vie.txt', 'Une vie'],
    ['.txt', 'Untitled'],
    [undefined, 'Untitled'],
  ])('%j gives %j', (name, title) => {
    expect(titleFromFileName(name)).toBe(title);
  });
});
