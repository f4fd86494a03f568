import { describe, expect, test } from 'vitest';
import { escapeTypst, novelSource, typesetPdf } from '../../testing/typeset-pdf.ts';
import { parsePdf } from '../parse-pdf.ts';
import { sentence } from './testing.ts';

const FRENCH = [
  '# CHAPITRE I',
  'Dans la plaine rase, sous la nuit sans étoiles, d’une obscurité et d’une épaisseur d’encre, un homme suivait seul la grande route, un pavé coupant tout droit à travers les champs de betteraves. Devant lui, il ne voyait même pas le sol noir.',
  '—Bonjour, dit-il en s’approchant d’une des corbeilles.',
  '—Bonjour, répondit le vieux.',
  'L’incompréhensible administration départementale recommandait-elle véritablement l’approfondissement des connaissances bibliographiques? Peut-être; mais les extraordinaires manifestations de mécontentement étaient quotidiennes.',
  '# CHAPITRE II',
  'Un silence se fit. L’homme, qui se sentait regardé d’un œil méfiant, dit son nom tout de suite: c’était Jean-Jacques, le petit-fils du sous-préfet.',
];
const RUSSIAN = [
  '# Глава первая',
  'Слуга, в котором все: и бирюзовая сережка в ухе, и напомаженные разноцветные волосы, и учтивые телодвижения, словом, все изобличало человека новейшего, усовершенствованного поколения, посмотрел снисходительно вдоль дороги.',
  '– Не видать? – повторил барин.',
  '– Не видать, – вторично ответствовал слуга.',
  '# Глава вторая',
  'Николай Петрович казался гораздо встревоженнее своего сына; он словно потерялся немного, словно робел, но кое-что всё-таки сказал по-русски.',
];
const ENGLISH = [
  '# Chapter One',
  'The extraordinarily complicated administration of the neighbouring municipality had, notwithstanding considerable disagreement among its representatives, unanimously recommended the immediate construction of a magnificent observatory.',
  '“Certainly not,” said the well-known professor. “It is incomprehensible.”',
  '# Chapter Two',
  'Nobody understood the disappointment of the twenty-one astronomers better than their grandmother.',
];

const FILLERS: Readonly<Record<string, readonly string[]>> = {
  ru: 'и в не на что он с как его но я это она город дом улица река мост утро вечер ветер дождь снег человек старый новый'.split(
    ' ',
  ),
  en: 'the and of to was that he his with had it for is town house street river bridge morning evening wind rain man old known'.split(
    ' ',
  ),
};

/** Distinct text between the paragraphs, so that the novel has pages and a vocabulary. */
function novel(paragraphs: readonly string[], language = 'fr'): string[] {
  return paragraphs.flatMap((text, i) =>
    text.startsWith('# ')
      ? [text]
      : [text, ...[1, 2, 3, 4, 5, 6].map((n) => sentence(10 * i + n, FILLERS[language])), text],
  );
}

describe('a typeset novel', () => {
  test.each([
    ['fr', FRENCH, 'ÉMILE ZOLA'],
    ['ru', RUSSIAN, 'ИВАН ТУРГЕНЕВ'],
    ['en', ENGLISH, 'A Novel of Stars'],
  ] as const)('in %s comes back as it was written', async (language, paragraphs, head) => {
    const written = novel(paragraphs, language);
    const found = await parsePdf(
      await typesetPdf(novelSource(written, { language, head, width: 9 })),
    );
    expect(found.pageCount).toBeGreaterThan(3);
    expect(found.paragraphs.map(({ text }) => text)).toEqual(
      written.map((text) => text.replace('# ', '')),
    );
    const headings = written.filter((text) => text.startsWith('# ')).map((text) => text.slice(2));
    expect(
      found.chapters.map(({ title, paragraph }) => [title, found.paragraphs[paragraph]!.text]),
    ).toEqual(headings.map((text) => [text, text]));
  });

  test('has the same chapters without its outline', async () => {
    const settings =
      '#set heading(outlined: false, bookmarked: false)\n#show heading: set text(size: 14pt)\n#show heading: set block(above: 3em, below: 3em)';
    const written = novel(FRENCH);
    const found = await parsePdf(
      await typesetPdf(novelSource(written, { language: 'fr', settings })),
    );
    expect(found.chapters.map(({ title }) => title)).toEqual(['CHAPITRE I', 'CHAPITRE II']);
    expect(found.paragraphs.map(({ text }) => text)).toEqual(
      written.map((text) => text.replace('# ', '')),
    );
  });

  test('in ragged lines and with space between its paragraphs comes back as it was written', async () => {
    const settings = '#set par(justify: false, first-line-indent: 0em, spacing: 1.6em)';
    const written = novel(FRENCH);
    const found = await parsePdf(
      await typesetPdf(novelSource(written, { language: 'fr', settings })),
    );
    expect(found.paragraphs.map(({ text }) => text)).toEqual(
      written.map((text) => text.replace('# ', '')),
    );
  });

  test('keeps its footnotes and the sentences they interrupt', async () => {
    const [before, after] = [sentence(1), sentence(2)];
    const long = Array.from({ length: 12 }, (_, i) => sentence(100 + i)).join(' ');
    const source =
      novelSource([], { language: 'fr' }) +
      '\n' +
      [
        `${escapeTypst(before)}#footnote[Voir le tome premier de cet ouvrage.]`,
        escapeTypst(long),
        escapeTypst(after),
      ].join('\n\n');
    const found = await parsePdf(await typesetPdf(source));
    const texts = found.paragraphs.map(({ text }) => text);
    expect(texts).toContain(long);
    expect(
      texts.filter((text) => text.includes('Voir le tome premier de cet ouvrage.')),
    ).toHaveLength(1);
    expect(texts.at(-1)).toBe(after);
  });
});
