import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CORPUS, hasCorpus } from '../testing/corpus.ts';
import { novelSource, typesetPdf } from '../testing/typeset-pdf.ts';
import { writePdf } from '../testing/write-pdf.ts';
import { parsePdf } from './parse-pdf.ts';

const words = '1 0 0 1 30 200 Tm (A page with more than twenty characters on it.) Tj';
const scan = { text: '', drawing: '0 0 200 300 re f' };

describe('documents without text', () => {
  it('refuses a scan and names its pages', async () => {
    const pages = [scan, scan, { text: words }, scan, scan, scan];
    await expect(parsePdf(writePdf({ pages }))).rejects.toMatchObject({
      code: 'document.no_text_layer',
      details: { pages: 6, textless: '1–2, 4–6' },
      message: expect.stringContaining('OCR'),
    });
    await expect(parsePdf(writePdf({ pages: [{ text: '' }] }))).rejects.toMatchObject({
      code: 'document.no_text_layer',
    });
  });

  it('warns of single pages that are pictures, and says nothing of blank and short ones', async () => {
    const pages = [{ text: words }, scan, { text: words }, { text: '' }];
    const { warnings } = await parsePdf(writePdf({ pages }));
    expect(warnings.filter(({ code }) => code === 'pdf.pages_without_text')).toEqual([
      {
        code: 'pdf.pages_without_text',
        message: expect.stringContaining('pages 2.'),
        params: { pages: '2' },
      },
    ]);
    const short = await parsePdf(writePdf({ pages: [{ text: '1 0 0 1 30 200 Tm (Short.) Tj' }] }));
    expect(short.paragraphs.map(({ text }) => text)).toEqual(['Short.']);
  });
});

it('refuses more text than the limit, and passes on what the listener to pages throws', async () => {
  const bytes = writePdf({ pages: [{ text: words }, { text: words }] });
  await expect(parsePdf(bytes, { limits: { characters: 60 } })).rejects.toMatchObject({
    code: 'document.too_much_text',
    details: { pages: 2 },
  });
  const stop = new Error('cancelled');
  const onPage = (): void => {
    throw stop;
  };
  await expect(parsePdf(bytes, { onPage })).rejects.toBe(stop);
});

const WORDS =
  'les officiers de la ville extraordinaire travaillaient silencieusement au printemps et l’affluence considérable des voyageurs ' +
  'qui peut-être n’y trouvaient rien diminuait avec le refroidissement afin que naïfs et cœurs fidèles eussent un après-midi';

/** Sentences that are never the same: lines that recur at the foot of pages are taken for running feet. */
function createSentences(): () => string {
  const vocabulary = WORDS.split(' ');
  let state = 1;
  return () => {
    const sentence = Array.from({ length: 20 }, () => {
      state = (state * 48_271) % 2_147_483_647;
      return vocabulary[state % vocabulary.length];
    }).join(' ');
    return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
  };
}

it('reads a typeset novel back to the letter, and tells of every page', async () => {
  const next = createSentences();
  const source = Array.from({ length: 12 }, (_, i) => [
    `# Chapitre ${i + 1}`,
    next(),
    `— Peut-être, dit-elle. « ${next()} »`,
    `${next()} ${next()}`,
  ]).flat();
  const bytes = await typesetPdf(
    novelSource(source, {
      language: 'fr',
      title: 'La ville',
      head: 'La ville',
      width: 9,
      height: 12,
    }),
  );
  const seen: string[] = [];
  const pages = await parsePdf(bytes, { onPage: (done, total) => seen.push(`${done}/${total}`) });
  expect(pages).toMatchObject({ title: 'La ville', author: null, language: 'fr' });
  expect(pages.paragraphs.map(({ text }) => text)).toEqual(
    source.map((text) => text.replace('# ', '')),
  );
  expect(pages.chapters).toHaveLength(12);
  const total = pages.pageCount;
  expect(seen).toEqual(Array.from({ length: total }, (_, i) => `${i + 1}/${total}`));
});

// Without the folder: set SCRIPTORIUM_CORPUS to where it is.
describe.skipIf(!hasCorpus)('the corpus (skipped where its folder is absent)', () => {
  it('refuses the scanned pages', async () => {
    const bytes = await readFile(path.join(CORPUS, 'pdf-bad', 'image-only.pdf'));
    await expect(parsePdf(bytes)).rejects.toMatchObject({ code: 'document.no_text_layer' });
  });

  it('reads 601 pages in a process of at most 300 MB', async () => {
    const program = `
      import { readFile } from 'node:fs/promises';
      import { parsePdf } from ${JSON.stringify(path.join(import.meta.dirname, 'parse-pdf.ts'))};
      const { pageCount } = await parsePdf(await readFile(process.argv[1]));
      console.log(JSON.stringify({ pageCount, kilobytes: process.resourceUsage().maxRSS }));`;
    const file = path.join(CORPUS, 'pdf', 'germinal.pdf');
    const parameters = ['--input-type=module-typescript', '-e', program, file];
    const { stdout } = await promisify(execFile)(process.execPath, parameters);
    const { pageCount, kilobytes } = JSON.parse(stdout);
    expect(pageCount).toBe(601);
    expect(kilobytes).toBeLessThan(300_000);
  }, 60_000);
});
