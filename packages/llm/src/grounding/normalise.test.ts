import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalise } from './normalise.ts';

test('case, curly quotes, dashes, ellipses, ligatures, accents and layout make no difference', () => {
  const pairs = [
    ['«Élan» — l’œuvre…', '"elan" - l\'oeuvre...'],
    ['  a\u00a0b\r\n\tc ', 'a b c'],
    ['co\u00adop\u200berate', 'cooperate'],
    ['ﬁne naïve', 'fine naive'],
    ['Ёлка и её тень', 'елка и ее тень'],
    ['non‑breaking', 'non-breaking'],
  ] as const;
  for (const [text, expected] of pairs) expect(normalise(text).out).toBe(expected);
});

test('й stays another letter than и, composed or not', () => {
  expect(normalise('мой').out).not.toBe(normalise('мои').out);
  expect(normalise('мой'.normalize('NFD')).out).toBe(normalise('мой').out);
});

test('whatever the text, it normalises the same composed and decomposed, once and twice', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const { out } = normalise(text);
      expect(normalise(text.normalize('NFD')).out).toBe(normalise(text.normalize('NFC')).out);
      expect(normalise(out).out).toBe(out);
      expect(out).toBe(out.trim());
    }),
  );
});

test('an isolated mark, which decomposes into a space and itself, brings no space', () => {
  const { out } = normalise('\ufc5e');
  expect(normalise(out).out).toBe(out);
  expect(out).toBe(out.trim());
});

test('a ligature under an accent is taken apart like one without', () => {
  expect(normalise('Ǣ').out).toBe('ae');
});

test('whatever the text, the map rises and ends at its length', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { out, map } = normalise(text);
      expect(map).toHaveLength(out.length + 1);
      expect(map.at(-1)).toBe(text.length);
      expect(map.every((source, index) => source >= (map[index - 1] ?? 0))).toBe(true);
    }),
  );
});
