import { describe, expect, test } from 'vitest';
import type { PdfLine } from '../pages.ts';
import { LEFT, full, layout, line, page, prose, sentence, story, texts } from './testing.ts';

/** As one page between two pages of ordinary text, so that margins and indents are known. */
function textsOf(...content: (PdfLine | number)[]): string[] {
  const before = page(0, [...story(8), line('Il se tut.', { x0: LEFT + 15 })]);
  const after = page(2, story(8, 1));
  const all = texts([before, page(1, content), after]);
  return all.slice(9, -8);
}

const indented = (text: string, by = 15): PdfLine => line(text, { x0: LEFT + by });

describe('paragraphs', () => {
  test('begin at an indent', () => {
    const [one, two] = [sentence(901), sentence(902)];
    expect(textsOf(...prose(one), ...prose(two))).toEqual([one, two]);
  });

  test('begin after a gap where there are no indents', () => {
    const flat = (seed: number): PdfLine[] => prose(sentence(seed), { indent: 0 });
    const pages = [0, 1, 2].map((i) =>
      page(i, [...flat(3 * i), 0.6, ...flat(3 * i + 1), 0.6, ...flat(3 * i + 2)]),
    );
    expect(texts(pages)).toEqual(Array.from({ length: 9 }, (_, i) => sentence(i)));
  });

  test('begin after a short line that ends a sentence in ragged text, and not wherever one ends', () => {
    const ragged = (seed: number): PdfLine[] =>
      prose(sentence(seed).replace(/(?<=^.{55,60}\S)\s/u, '. '), { indent: 0 }).map(({ text }) =>
        line(text),
      );
    const isShort = (seed: number): boolean => (ragged(seed).at(-1)?.text.length ?? 60) < 50;
    const seeds = Array.from({ length: 60 }, (_, i) => 300 + i)
      .filter(isShort)
      .slice(0, 24);
    const pages = [0, 1, 2].map((i) => page(i, seeds.slice(8 * i, 8 * i + 8).flatMap(ragged)));
    expect(texts(pages)).toEqual(
      seeds.map((seed) =>
        ragged(seed)
          .map(({ text }) => text)
          .join(' '),
      ),
    );
    expect(pages[0]!.lines.some(({ text }) => text.endsWith('.') && text.length > 50)).toBe(true);
  });

  test('of a dialogue are as many as its speeches, full lines or not', () => {
    expect(
      textsOf(
        indented('— Vous partez?'),
        full('— Je pars demain matin avec la première voiture de la poste!', { x0: LEFT + 15 }),
        indented('— Et lui'),
        indented('— Lui aussi.'),
      ),
    ).toEqual([
      '— Vous partez?',
      '— Je pars demain matin avec la première voiture de la poste!',
      '— Et lui',
      '— Lui aussi.',
    ]);
  });

  test('keep the lines of verse, but not those of a quotation set in on both sides', () => {
    expect(
      textsOf(
        full('Il chantait à voix basse une chanson de son pays natal:'),
        indented('Sous le pont Mirabeau coule la Seine', 40),
        indented('Et nos amours', 40),
        indented('Faut-il qu’il m’en souvienne', 40),
        ...[
          'Nous avons vu passer hier le convoi',
          'de la reine, suivi de trois voitures',
          'et de cent cavaliers armés de piques',
        ].map((text) => line(text, { x0: LEFT + 30, x1: 310 })),
        line('sans tambour.', { x0: LEFT + 30 }),
      ),
    ).toEqual([
      'Il chantait à voix basse une chanson de son pays natal:',
      'Sous le pont Mirabeau coule la Seine\nEt nos amours\nFaut-il qu’il m’en souvienne',
      'Nous avons vu passer hier le convoi de la reine, suivi de trois voitures et de cent cavaliers armés de piques sans tambour.',
    ]);
  });

  test('with hanging indents are not cut at their second line', () => {
    expect(
      textsOf(
        full('Liberté : ce mot, qui se trouve dans toutes les langues de'),
        full('l’Europe, a changé de sens avec chacune des', { x0: LEFT + 25 }),
        line('révolutions.', { x0: LEFT + 25 }),
      ),
    ).toEqual([
      'Liberté : ce mot, qui se trouve dans toutes les langues de l’Europe, a changé de sens avec chacune des révolutions.',
    ]);
  });

  test('do not swallow the asterisks between two scenes', () => {
    expect(
      textsOf(...prose(sentence(5)), line('* * *', { x0: 190 }), ...prose(sentence(6))),
    ).toEqual([sentence(5), '* * *', sentence(6)]);
  });

  test('go on over a page end, with the place where the page begins', () => {
    const lines = prose(sentence(77));
    const pages = [
      page(0, [...story(8), ...lines.slice(0, 2)]),
      page(1, [...lines.slice(2), ...story(8, 1)]),
    ];
    const paragraph = layout(pages).paragraphs[8]!;
    const offset =
      lines
        .slice(0, 2)
        .map(({ text }) => text)
        .join(' ').length + 1;
    expect(paragraph).toEqual({
      kind: 'text',
      text: sentence(77),
      pages: [
        { offset: 0, page: 1 },
        { offset, page: 2 },
      ],
    });
  });

  test('go on over a page end in the middle of a word', () => {
    const pages = [
      page(0, [
        ...story(8),
        full('Le vieux marin regardait la mer et son extra|', { x0: LEFT + 15 }),
      ]),
      page(1, [line('ordinaire lumière.'), ...story(8, 1)]),
    ];
    const { text, pages: marks } = layout(pages).paragraphs[8]!;
    expect(text).toBe('Le vieux marin regardait la mer et son extraordinaire lumière.');
    expect(marks).toEqual([
      { offset: 0, page: 1 },
      { offset: text.indexOf('ordinaire'), page: 2 },
    ]);
  });

  test('are followed by the footnotes that interrupt them', () => {
    const lines = prose(sentence(78));
    const note = line('1. Voir plus haut.', { size: 7 });
    const pages = [
      page(0, [...story(8), ...lines.slice(0, 2), 1, note]),
      page(1, [...lines.slice(2), ...story(8, 1)]),
    ];
    const paragraphs = layout(pages).paragraphs.slice(8, 10);
    expect(paragraphs.map(({ text }) => text)).toEqual([sentence(78), '1. Voir plus haut.']);
    expect(paragraphs[1]!.pages).toEqual([{ offset: 0, page: 1 }]);
  });

  test('go on in the next column', () => {
    const [a, b] = [sentence(81), sentence(82)];
    const lines = [...prose(a), ...prose(b)];
    const first = page(1, lines.slice(0, 3));
    const second = page(1, lines.slice(3));
    const all = texts([
      page(0, story(8)),
      { ...first, lines: [...first.lines, ...second.lines] },
      page(2, story(8, 1)),
    ]);
    expect(all.slice(8, -8)).toEqual([a, b]);
  });

  test('hold no mark of a hyphen, ligature or decomposed letter', () => {
    const odd = [
      full('La \u{fb01}lle de l\u{2019}e\u{301}cole\u{fffe} regar\u{ad}dait'),
      line('au loin\u{fffe}'),
    ];
    expect(texts([page(0, odd)])).toEqual(['La fille de l’école- regardait au loin-']);
  });

  test('of a table of contents are its lines', () => {
    expect(
      textsOf(
        full('I. Le départ . . . . . . . . . . 5'),
        full('II. Le retour . . . . . . . . . 17'),
      ),
    ).toEqual(['I. Le départ . . . . . . . . . . 5', 'II. Le retour . . . . . . . . . 17']);
  });
});

describe('large initials', () => {
  test('are read as the first letter, and the lines beside them as one paragraph', () => {
    const words = [
      'l était une fois, dans une ville du nord, un homme',
      'qui ne parlait à personne et que personne n’aimait',
      'vraiment, hors sa mère.',
    ];
    const lines: PdfLine[] = [
      { ...line('I', { size: 28, y: 94 }), x0: LEFT, x1: LEFT + 12 },
      { ...full(words[0]!, { x0: LEFT + 16 }), y: 80 },
      { ...full(words[1]!, { x0: LEFT + 16 }), y: 94 },
      { ...line(words[2]!), y: 108 },
    ];
    const pages = [{ ...page(0, []), lines }, page(1, story(8)), page(2, story(8, 1))];
    const { paragraphs, chapters } = layout(pages);
    expect(paragraphs[0]!.text).toBe(`I${words.join(' ')}`);
    expect(chapters).toEqual([]);
  });

  test('stay a word of their own where the text writes it so', () => {
    const lines: PdfLine[] = [
      { ...line('A', { size: 28, y: 94 }), x0: LEFT, x1: LEFT + 12 },
      { ...full('cette heure, la ville dormait encore, et', { x0: LEFT + 16 }), y: 80 },
      { ...line('rien ne bougeait.', { x0: LEFT + 16 }), y: 94 },
    ];
    const pages = [
      { ...page(0, []), lines },
      page(1, [...story(8), ...prose('Il va a cette maison de la rue.')]),
    ];
    expect(texts(pages)[0]).toBe('A cette heure, la ville dormait encore, et rien ne bougeait.');
  });
});
