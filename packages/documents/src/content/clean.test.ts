import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanLine, cleanText, shortLine } from './clean.ts';

/** Any code unit, lone surrogates and controls among them. */
const anything = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 })
  .map((codes) => String.fromCharCode(...codes));

describe('cleaned strings', () => {
  test('can be stored: no lone surrogate, no control but tab and line feed', () => {
    fc.assert(
      fc.property(anything, (text) => {
        for (const clean of [cleanText(text), cleanLine(text), shortLine(text, 10)]) {
          expect(clean.isWellFormed()).toBe(true);
          expect(clean.replace(/[\t\n]/g, '')).not.toMatch(/\p{Cc}|\ufffe|\uffff/u);
        }
      }),
    );
  });

  test('keep what carries meaning and lose what does not', () => {
    expect(cleanText('a\r\nb\rc\u00a0d\u200de\u00ad\u200b\ufefff')).toBe('a\nb\nc\u00a0d\u200def');
    expect(cleanLine(' a\n\t b ')).toBe('a b');
  });

  test('are cut at a word and never longer than asked', () => {
    expect(shortLine('one two three', 9)).toBe('one two…');
    fc.assert(
      fc.property(anything, (text) => {
        expect(shortLine(text, 10).length).toBeLessThanOrEqual(10);
      }),
    );
  });
});
