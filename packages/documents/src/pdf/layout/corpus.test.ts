import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CORPUS, hasCorpus } from '../../testing/corpus.ts';
import { openPdf } from '../extract/open-pdf.ts';
import type { Pages, PdfParts } from '../pages.ts';
import { cleanPage } from './clean-pages.ts';
import { HYPHEN_MARK } from './flow-line.ts';
import { layoutPages } from './layout-pages.ts';
import { measure } from './measure.ts';
import { findRunningHeads } from './running-heads.ts';

async function read(name: string): Promise<PdfParts> {
  const document = await openPdf(await readFile(path.join(CORPUS, 'pdf', `${name}.pdf`)));
  const { pageCount, metadata, outline } = document;
  const pages = Array.from({ length: pageCount }, (_, i) => document.page(i));
  document.close();
  return { pageCount, metadata, outline, pages };
}

/** The letters and digits of a text; where among them paragraphs begin and hyphens stand. */
function places(paragraphs: readonly string[]): {
  letters: string;
  begins: Set<number>;
  hyphens: Set<number>;
  words: Set<string>;
} {
  let letters = '';
  const begins = new Set<number>();
  const hyphens = new Set<number>();
  const words = new Set<string>();
  for (const paragraph of paragraphs) {
    begins.add(letters.length);
    for (const piece of paragraph.match(/[\p{L}\p{N}]+|[^\p{L}\p{N}]+/gu) ?? []) {
      if (/^[-‐‑]/.test(piece)) hyphens.add(letters.length);
      if (!/^[\p{L}\p{N}]/u.test(piece)) continue;
      words.add(`${letters.length} ${piece}`);
      letters += piece;
    }
  }
  return { letters, begins, hyphens, words };
}

/** Where, counted in letters, the hyphens of line ends stand. */
function lineEndHyphens({ pages }: PdfParts): number[] {
  const cleaned = pages.map(cleanPage);
  const heads = findRunningHeads(cleaned, measure(cleaned));
  let letters = 0;
  return cleaned.flatMap(({ lines }) =>
    lines
      .filter((line) => !heads.has(line))
      .flatMap(({ text }) => {
        letters += text.replace(/[^\p{L}\p{N}]/gu, '').length;
        return text.endsWith(HYPHEN_MARK) ? [letters] : [];
      }),
  );
}

async function compare(
  name: string,
): Promise<{ found: Pages; parts: PdfParts; figures: Record<string, number> }> {
  const parts = await read(name);
  const found = layoutPages(parts);
  const text = await readFile(path.join(CORPUS, 'pdf', `${name}.txt`), 'utf8');
  const truth = places(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace(/^#+ /, '')),
  );
  const all = places(found.paragraphs.map((paragraph) => paragraph.text));
  // The truth begins after the title page.
  const start = all.letters.indexOf(truth.letters.slice(0, 60));
  const shift = (values: Set<number>): Set<number> =>
    new Set([...values].map((at) => at - start).filter((at) => at >= 0));
  const begins = shift(all.begins);
  const hyphens = shift(all.hyphens);
  const atLineEnds = lineEndHyphens(parts)
    .map((at) => at - start)
    .filter((at) => at >= 0);
  const words = new Set(
    [...all.words].map((word) => word.replace(/^\d+/, (at) => String(Number(at) - start))),
  );
  const both = [...truth.words].filter((word) => words.has(word)).length;
  const rightBegins = [...begins].filter((at) => truth.begins.has(at)).length;
  return {
    found,
    parts,
    figures: {
      similarity:
        (2 * both) / (truth.words.size + [...words].filter((word) => !word.startsWith('-')).length),
      hyphensRight:
        atLineEnds.filter((at) => hyphens.has(at) === truth.hyphens.has(at)).length /
        atLineEnds.length,
      paragraphPrecision: rightBegins / begins.size,
      paragraphRecall: rightBegins / truth.begins.size,
    },
  };
}

// Without the folder: set SCRIPTORIUM_CORPUS to where it is.
describe.skipIf(!hasCorpus)('the novels of the corpus (skipped where its folder is absent)', () => {
  test.each([
    ['candide', 30, 0.95],
    ['otcy-i-deti', 28, 0.97],
    ['germinal', 40, 0.99],
  ])(
    '%s comes back word for word, with its hyphens, paragraphs and %i chapters',
    async (name, chapters, recall) => {
      const { found, parts, figures } = await compare(name);
      expect(figures['similarity']).toBeGreaterThan(0.999);
      expect(figures['hyphensRight']).toBeGreaterThan(0.99);
      expect(figures['paragraphPrecision']).toBeGreaterThan(0.999);
      // Verse and title pages are paragraphs of several lines here, in the truth one for each line.
      expect(figures['paragraphRecall']).toBeGreaterThan(recall);
      expect(found.chapters).toHaveLength(chapters);
      expect(
        found.chapters.every(({ title, paragraph }) => found.paragraphs[paragraph]!.text === title),
      ).toBe(true);
      const without = layoutPages({ ...parts, outline: [] });
      expect(without.chapters.map(({ title }) => title)).toEqual(
        found.chapters.map(({ title }) => title),
      );
    },
    60_000,
  );

  test('a manual loses the heads of its sections and keeps the levels of its outline', async () => {
    const parts = await read('debian-faq.fr');
    const found = layoutPages(parts);
    expect(found.chapters.map(({ level }) => level)).toEqual(
      parts.outline.map(({ level }) => level),
    );
    const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
    const misplaced = found.chapters.filter(
      ({ title, paragraph }) =>
        !letters(found.paragraphs[paragraph]!.text).endsWith(letters(title)),
    );
    // The outline of this file points below that title.
    expect(misplaced.map(({ title }) => title)).toEqual(['Index']);
    expect(found.paragraphs.filter(({ text }) => /CHAPITRE \d+\. \p{Lu}{4}/u.test(text))).toEqual(
      [],
    );
  }, 60_000);
});
