import { describe, expect, it } from 'vitest';
import { bar, clip, duration, pad, plain, widthOf, wrap } from './text.ts';

describe('text of others', () => {
  it('cannot colour the terminal, move its cursor or begin a line', () => {
    expect(plain('\u001b[2J\u001b[31mEmma\u001b[0m\u0007\r\nby\tJane\u2028Austen')).toBe(
      'Emma by Jane Austen',
    );
  });
});

describe('columns', () => {
  it('are counted as a terminal does: wide letters twice, accents and colours not at all', () => {
    expect(widthOf('Война')).toBe(5);
    expect(widthOf('e\u0301te\u0301')).toBe(3);
    expect(widthOf('紅楼夢')).toBe(6);
    expect(widthOf('\u001b[1mbold\u001b[22m')).toBe(4);
  });

  it('hold what fits, and say when something is missing', () => {
    expect(clip('North Light', 11)).toBe('North Light');
    expect(clip('North Light', 8)).toBe('North L…');
    expect(clip('North Light', 7)).toBe('North…');
    expect(widthOf(clip('紅楼夢紅楼夢', 6))).toBeLessThanOrEqual(6);
  });

  it('are filled up on the side that is asked for', () => {
    expect(pad('12', 4, 'right')).toBe('  12');
    expect(pad('紅', 4)).toBe('紅  ');
    expect(pad('longer', 3)).toBe('longer');
  });

  it('are never exceeded by wrapped text, except by one long word', () => {
    expect(wrap('the light came off the water', 10)).toEqual([
      'the light',
      'came off',
      'the water',
    ]);
    expect(wrap('an unbreakable word', 8)).toEqual(['an', 'unbreakable', 'word']);
    expect(wrap('', 8)).toEqual([]);
  });
});

describe('bar', () => {
  it('grows in halves of a column and never leaves its columns', () => {
    const none = (text: string) => text;
    expect([0, 0.1, 0.5, 1, 7].map((share) => widthOf(bar(share, 10, none)))).toEqual([
      10, 10, 10, 10, 10,
    ]);
    expect(bar(0.25, 10, none).startsWith('━━╸')).toBe(true);
    expect(bar(1, 4, none)).toContain('━━━━');
  });
});

describe('duration', () => {
  it('has as many digits as matter', () => {
    expect([0.204, 12.34, 59.96, 247].map(duration)).toEqual([
      '0.20 s',
      '12.3 s',
      '60.0 s',
      '4 min 07 s',
    ]);
  });
});
