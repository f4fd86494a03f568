import { describe, expect, test } from 'vitest';
import type { FlowLine } from './flow-line.ts';
import { createHyphenRules } from './hyphens.ts';

const PLACE = { page: 0, left: 0, right: 300, x0: 0, x1: 300, y: 0, size: 10, above: 1, below: 1 };

function flow(texts: readonly string[]): FlowLine[] {
  return texts.map((text) => ({
    text: text.replace('|', ''),
    hasHyphen: text.endsWith('|'),
    ...PLACE,
  }));
}

const FRENCH = 'le chat et la souris dans les murs du château, il est une heure pour une fois';
const RUSSIAN = 'он не был в доме, и она это знала, но как его звали, я не знаю, что с того';
const ENGLISH = 'the cat and the dog of the house was that he had with his own, for it is';

/** The word of `left|right` in a document of these lines. */
function word(parts: string, ...lines: string[]): string {
  const [left = '', right = ''] = parts.split('|');
  const { keepsHyphen } = createHyphenRules(flow(lines));
  return left + (keepsHyphen(left, right) ? '-' : '') + right;
}

describe('the hyphen at a line end', () => {
  test.each([
    ['porte|feuille', 'porte-feuille', 'un porte-feuille'],
    ['porte|feuille', 'portefeuille', 'un portefeuille'],
    ['aujour|d’hui', 'aujourd’hui', "jusqu'aujourd'hui"],
    ['puis|qu’il', 'puisqu’il', 'puisqu’elle'],
    ['l’arc-en|ciel', 'l’arc-en-ciel', 'un arc-en-ciel'],
    ['grand|père', 'grandpère', 'grandpère grandpère grand-père'],
  ])(
    'of %s is decided by how the document writes it elsewhere: %s',
    (parts, expected, elsewhere) => {
      expect(word(parts, FRENCH, elsewhere)).toBe(expected);
    },
  );

  test.each([
    ['dit|il', 'dit-il'],
    ['donne|moi', 'donne-moi'],
    ['ajouta-|t-il'.replace('-|', '|'), 'ajouta-t-il'],
    ['s’écria-t|elle', 's’écria-t-elle'],
    ['celui|là', 'celui-là'],
    ['demi|heure', 'demi-heure'],
    ['extra|ordinaire', 'extraordinaire'],
    ['ex|pansion', 'expansion'],
    ['Reform|Club', 'Reform-Club'],
    ['1914|1918', '1914-1918'],
  ])('of %s in French gives %s', (parts, expected) => {
    expect(word(parts, FRENCH)).toBe(expected);
  });

  test.each([
    ['кое|кто', 'кое-кто'],
    ['что|то', 'что-то'],
    ['кра|сота', 'красота'],
    ['темно|синий', 'темно-синий'],
  ])('of %s in Russian gives %s', (parts, expected) => {
    expect(word(parts, RUSSIAN)).toBe(expected);
  });

  test.each([
    ['twenty|one', 'twenty-one'],
    ['self|house', 'self-house'],
    ['self|ish', 'selfish'],
    ['won|derful', 'wonderful'],
  ])('of %s in English gives %s', (parts, expected) => {
    expect(word(parts, ENGLISH)).toBe(expected);
  });

  test('of a language without rules joins, but before a capital', () => {
    expect(word('Straßen|bahn', 'der Mann und die Frau')).toBe('Straßenbahn');
    expect(word('Nord|Süd', 'der Mann und die Frau')).toBe('Nord-Süd');
  });

  test('belongs to the word in a document that was not hyphenated by a program', () => {
    const compounds = ['grand-père', 'porte-clef', 'sous-sol', 'avant-bras', 'arc-boutant'];
    const ends = compounds.flatMap((compound) => [
      `${compound.split('-')[0]}|`,
      compound.split('-')[1]!,
    ]);
    expect(word('garde|manger', FRENCH, ...ends, compounds.join(' '))).toBe('garde-manger');
    expect(word('garde|manger', FRENCH, compounds.join(' '))).toBe('gardemanger');
  });

  test('leaves no part of a divided word in the vocabulary', () => {
    const { vocabulary } = createHyphenRules(flow(['un extra|', 'ordinaire chat']));
    expect([...vocabulary.plain.keys()]).toEqual(['un', 'chat']);
  });
});
