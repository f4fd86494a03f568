import { describe, expect, test } from 'vitest';
import { encode } from '../testing/code-pages.ts';
import { decodeText } from './decode-text.ts';

const RUSSIAN =
  'Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему. ' +
  'Все смешалось в доме Облонских. Жена узнала, что муж был в связи с бывшею в их доме гувернанткой.';
const FRENCH =
  'Jeanne, ayant fini ses malles, s’approcha de la fenêtre, mais la pluie ne cessait pas. ' +
  'L’averse avait sonné contre les carreaux. Le ciel était bas et chargé d’eau, là-bas, où tout à coup…';

describe('text without any declaration', () => {
  test.each([
    'windows-1251',
    'koi8-r',
    'ibm866',
    'iso-8859-5',
    'x-mac-cyrillic',
    'utf-16le',
    'utf-16be',
  ])('in Russian and %s is read right', (encoding) => {
    expect(decodeText(encode(RUSSIAN, encoding))).toEqual({
      text: RUSSIAN,
      encoding,
      repair: null,
    });
  });

  test.each(['windows-1252', 'macintosh', 'utf-16le'])(
    'in French and %s is read right',
    (encoding) => {
      expect(decodeText(encode(FRENCH, encoding)).text).toBe(FRENCH);
    },
  );

  test('in UTF-8 loses its byte order mark', () => {
    expect(decodeText(Buffer.from(`\ufeff${FRENCH}`)).text).toBe(FRENCH);
  });

  test('in UTF-8 survives a cut in the middle of a character', () => {
    const cut = Buffer.from(RUSSIAN).subarray(0, 151);
    const { text, encoding, repair } = decodeText(cut);
    expect(encoding).toBe('utf-8');
    expect(text).toContain('счастливые семьи');
    expect(repair).toMatchObject({ code: 'text.bytes_replaced' });
  });
});

describe('a declaration', () => {
  const xml = (label: string, body: string) =>
    `<?xml version="1.0" encoding="${label}"?><p>${body}</p>`;

  test.each([
    ['windows-1251', 'windows-1251'],
    ['win-1251', 'windows-1251'],
    ['CP1251', 'windows-1251'],
    ['koi8-r', 'koi8-r'],
    ['ansi', 'windows-1251'],
  ])('%s is understood', (label, encoding) => {
    const { text } = decodeText(encode(xml(label, RUSSIAN), encoding));
    expect(text).toContain(RUSSIAN);
  });

  test('is followed for code pages that cannot be detected', () => {
    const polish = 'Zażółć gęślą jaźń, powiedział ktoś.';
    expect(decodeText(encode(xml('iso-8859-2', polish), 'iso-8859-2')).text).toContain(polish);
  });

  test.each([
    ['windows-1251', 'utf-8'],
    ['utf-8', 'windows-1251'],
    ['koi8-r', 'windows-1251'],
    ['utf-16', 'windows-1251'],
  ])('of %s over text in %s is overruled, with a word about it', (label, encoding) => {
    const source = xml(label, RUSSIAN);
    const bytes = encoding === 'utf-8' ? Buffer.from(source) : encode(source, encoding);
    const decoded = decodeText(bytes);
    expect(decoded.text).toContain(RUSSIAN);
    expect(decoded.repair?.message).toContain(encoding === 'utf-8' ? 'UTF-8' : encoding);
  });

  test('of UTF-16 without a mark is read in the order the bytes are in', () => {
    const source = xml('utf-16', RUSSIAN);
    expect(decodeText(encode(source, 'utf-16be')).text).toBe(source);
    expect(decodeText(encode(source, 'utf-16le')).text).toBe(source);
  });
});
