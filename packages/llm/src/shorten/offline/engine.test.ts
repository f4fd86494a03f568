import { describe, expect, test } from 'vitest';
import { countWords } from '../count-words.ts';
import type { ShortenedSentence } from '../types.ts';
import { offlineShortener } from './engine.ts';

const shorten = async (
  language: string,
  maxWords: number,
  texts: readonly string[],
): Promise<readonly ShortenedSentence[]> => {
  const sentences = texts.map((text, index) => ({ id: `s${index}`, text }));
  const request = { language, maxWords, before: [], after: [], sentences };
  return (await offlineShortener(language).shorten(request, {})).items;
};

const FRENCH: readonly [rule: string, source: string, result: readonly string[]][] = [
  [
    'semicolon',
    'La cloche sonnait dans la cour ; et les enfants couraient vers la porte.',
    ['La cloche sonnait dans la cour.', 'Les enfants couraient vers la porte.'],
  ],
  [
    'semicolon+subject',
    'La vieille ferma doucement la fenêtre ; puis ouvrit la porte du jardin.',
    ['La vieille ferma doucement la fenêtre.', 'Puis elle ouvrit la porte du jardin.'],
  ],
  [
    'colon',
    'Personne ne bougeait dans la salle : on attendait le médecin depuis midi.',
    ['Personne ne bougeait dans la salle.', 'On attendait le médecin depuis midi.'],
  ],
  [
    'conj+subject',
    'Le vent soufflait depuis la veille, mais elle sortit sans son manteau.',
    ['Le vent soufflait depuis la veille.', 'Mais elle sortit sans son manteau.'],
  ],
  [
    'coord-verb+subject',
    'Le vieux jardinier posa sa bêche et regarda longuement les nuages.',
    ['Le vieux jardinier posa sa bêche.', 'Il regarda longuement les nuages.'],
  ],
  [
    'coord-verb+subject',
    'Geneviève prit la lampe du salon et descendit seule à la cave.',
    ['Geneviève prit la lampe du salon.', 'Geneviève descendit seule à la cave.'],
  ],
  [
    'comma+pronoun',
    'Il cherchait sa clef dans le noir, il jurait entre ses dents.',
    ['Il cherchait sa clef dans le noir.', 'Il jurait entre ses dents.'],
  ],
  [
    'comma-verb+subject',
    'Elle traversa la place déserte, entra dans la petite église froide.',
    ['Elle traversa la place déserte.', 'Elle entra dans la petite église froide.'],
  ],
  [
    'relative-qui',
    'Il aperçut au bord du chemin une femme qui ramassait du bois.',
    ['Il aperçut au bord du chemin une femme.', 'Cette femme ramassait du bois.'],
  ],
  [
    'relative-où',
    'Elle habitait alors une petite maison, où sa mère était morte.',
    ['Elle habitait alors une petite maison.', 'Là, sa mère était morte.'],
  ],
  [
    'participle',
    'Les soldats traversèrent le village, cherchant partout du pain frais.',
    ['Les soldats traversèrent le village.', 'Ils cherchaient partout du pain frais.'],
  ],
  [
    'gerund',
    'Elle descendait la rue déserte, en tenant son enfant contre elle.',
    ['Elle descendait la rue déserte.', 'Elle tenait son enfant contre elle.'],
  ],
];

test.each(FRENCH)('French, %s: %s', async (rule, source, result) => {
  expect(await shorten('fr', 8, [source])).toEqual([
    { id: 's0', label: 'split', sentences: result, rules: [rule] },
  ]);
});

const LEFT_ALONE = [
  'Quand il entra dans la salle, elle se leva et quitta la table.',
  'Elle dit à la servante que le facteur viendrait et apporterait une lettre.',
  'Il murmura : « Je pars demain, et tu garderas la maison jusqu’à Noël. »',
  'Elle savait, tu comprends, que la maison ne valait plus grand-chose.',
  'Viendra-t-il ce soir avec les autres, ou restera-t-il encore chez sa mère ?',
  'La porte que Pierre avait ouverte et que personne ne fermait battait toujours.',
  'Il priait ses amis de venir, la salle close, éclairée de lampes, s’emplissait.',
];

test.each(LEFT_ALONE)('not cut where a half would be wrong: %s', async (text) => {
  const [item] = await shorten('fr', 8, [text]);
  expect(item).toMatchObject({ label: 'over_limit', sentences: [text] });
  expect(item).not.toHaveProperty('rules');
});

test('English and Russian are cut where a pronoun and a sure verb follow', async () => {
  expect(
    await shorten('en', 8, ['She had closed all the windows, and she went slowly upstairs.']),
  ).toMatchObject([
    {
      label: 'split',
      rules: ['conj+subject'],
      sentences: ['She had closed all the windows.', 'She went slowly upstairs.'],
    },
  ]);
  expect(
    await shorten('ru', 6, ['Старик закрыл все окна, и он медленно пошёл наверх.']),
  ).toMatchObject([
    { label: 'split', sentences: ['Старик закрыл все окна.', 'Он медленно пошёл наверх.'] },
  ]);
  expect(
    await shorten('ru', 6, ['Мать долго молчала у окна; она ждала письма от сына.']),
  ).toMatchObject([
    { label: 'split', sentences: ['Мать долго молчала у окна.', 'Она ждала письма от сына.'] },
  ]);
});

test.each([
  ['en', 'When the rain had stopped at last, and he went out, the moon rose.'],
  ['en', 'He saw that the door was open, and he knew nothing of it then.'],
  ['ru', 'Когда дождь наконец перестал, и он вышел из дома, взошла луна.'],
])('%s, where a clause waits for another: %s', async (language, text) => {
  expect(await shorten(language, 6, [text])).toMatchObject([
    { label: 'over_limit', sentences: [text] },
  ]);
});

describe('labels', () => {
  test('within the limit: kept, or a fragment where it is no sentence', async () => {
    expect(await shorten('fr', 8, ['Il dort.', 'Chapitre premier', '« Oui ! »'])).toEqual([
      { id: 's0', label: 'kept', sentences: ['Il dort.'] },
      { id: 's1', label: 'fragment', sentences: ['Chapitre premier'] },
      { id: 's2', label: 'kept', sentences: ['« Oui ! »'] },
    ]);
  });

  test('a language without rules is answered, and says so', async () => {
    const text = 'Die alte Frau, die am Fenster saß, sah den ganzen Tag hinaus.';
    expect(await shorten('de', 5, [text])).toEqual([
      {
        id: 's0',
        label: 'over_limit',
        sentences: [text],
        groups: ['Die alte Frau,', 'die am Fenster saß,', 'sah den ganzen Tag hinaus.'],
        notes: ['no offline rules for "de"'],
      },
    ]);
    expect(await shorten('ja', 5, ['吾輩は猫である。'])).toMatchObject([{ label: 'kept' }]);
  });

  test('the name tells the rules of the language', () => {
    expect(offlineShortener('fr-CA').name).toBe('offline-rules-fr/1');
    expect(offlineShortener('en').name).toBe('offline-rules-en/1');
    expect(offlineShortener().name).toBe('offline-rules/1');
    expect(offlineShortener()).toMatchObject({ isOffline: true });
  });
});

test('impossible requests are refused', async () => {
  const request = { language: 'fr', maxWords: 0, before: [], after: [], sentences: [] };
  await expect(offlineShortener().shorten(request, {})).rejects.toThrow('maxWords is 0');
  const sentences = [
    { id: 'a', text: 'Oui.' },
    { id: 'a', text: 'Non.' },
  ];
  await expect(
    offlineShortener().shorten({ ...request, maxWords: 5, sentences }, {}),
  ).rejects.toThrow('"a" occurs twice');
});

test('an aborted signal ends it, and nothing is paid', async () => {
  const request = { language: 'fr', maxWords: 5, before: [], after: [] };
  const sentences = [{ id: 'a', text: 'Il vint et il dormit.' }];
  const signal = AbortSignal.abort(new Error('enough'));
  const shortener = offlineShortener();
  await expect(shortener.shorten({ ...request, sentences }, { signal })).rejects.toThrow('enough');
  const seen: number[] = [];
  const hooks = { report: (fraction: number) => seen.push(fraction) };
  const result = await shortener.shorten({ ...request, sentences }, hooks);
  expect(result).toMatchObject({ calls: 0, tokens: 0, costUsd: 0 });
  expect(seen).toEqual([0, 1]);
});

test('a megabyte without a stop is answered in linear time', async () => {
  const text = `Il vint ${'et il dormit, '.repeat(70_000)}enfin.`;
  const [item] = await shorten('fr', 12, [text]);
  expect(item).toMatchObject({ label: 'over_limit', sentences: [text] });
  expect(Math.max(...(item?.groups ?? []).map(countWords))).toBeLessThanOrEqual(12);
});
