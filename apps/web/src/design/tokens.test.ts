import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';

const PAPERS = ['light', 'sepia', 'dark'] as const;
const GROUNDS = ['paper', 'paper-raised', 'paper-sunken'] as const;
const WORDS = ['ink', 'ink-soft', 'rubric', 'lapis', 'verdigris', 'gold', 'failed'] as const;
const MEANINGS = ['rubric', 'lapis', 'verdigris', 'gold', 'failed'] as const;

const css = await readFile(new URL('tokens.css', import.meta.url), 'utf8');

/** The colours of a paper, by name. */
function tokensOf(paper: (typeof PAPERS)[number]): Map<string, string> {
  const block = new RegExp(`\\[data-paper='${paper}'\\] \\{(?<body>[^}]*)\\}`, 'u').exec(css);
  const pairs = (block?.groups?.['body'] ?? '').matchAll(/--([\w-]+): (#[0-9a-f]{6});/gu);
  return new Map(Array.from(pairs, ([, name = '', value = '']) => [name, value]));
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(PAPERS)('%s paper', (paper) => {
  const tokens = tokensOf(paper);
  const between = (one: string, other: string) =>
    contrast(tokens.get(one) ?? '#000000', tokens.get(other) ?? '#000000');

  test.each(GROUNDS.flatMap((ground) => WORDS.map((word) => [word, ground] as const)))(
    'lets %s be read on %s',
    (word, ground) => expect(between(word, ground)).toBeGreaterThanOrEqual(4.5),
  );

  test.each(MEANINGS)('lets %s be read on its own wash, and ink too', (name) => {
    expect(between(name, `${name}-wash`)).toBeGreaterThanOrEqual(4.5);
    expect(between('ink', `${name}-wash`)).toBeGreaterThanOrEqual(4.5);
    expect(between('ink-soft', `${name}-wash`)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(MEANINGS)('lets words be read on full %s', (name) => {
    expect(between('on-accent', name)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(GROUNDS)('shows the edges of fields on %s', (ground) => {
    expect(between('line-strong', ground)).toBeGreaterThanOrEqual(3);
  });
});
