import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DocumentError } from '../../errors.ts';
import type { PdfLimits } from '../../limits.ts';
import { CORPUS, hasCorpus } from '../../testing/corpus.ts';
import { novelSource, typesetPdf } from '../../testing/typeset-pdf.ts';
import { extraNumber, pageNumber, writePdf } from '../../testing/write-pdf.ts';
import type { PdfDocument, PdfLine } from '../pages.ts';
import { openPdf } from './open-pdf.ts';

const HYPHEN = '\uFFFE';
const at = (x: number, y: number, text: string) => `1 0 0 1 ${x} ${y} Tm (${text}) Tj`;

function linesOf(document: PdfDocument, page = 0): readonly PdfLine[] {
  return document.page(page).lines;
}

async function textOf(bytes: Uint8Array, options = {}): Promise<string[]> {
  const document = await openPdf(bytes, options);
  const lines = linesOf(document).map(({ text }) => text);
  document.close();
  return lines;
}

async function refusal(
  bytes: Uint8Array,
  options: { password?: string; limits?: Partial<PdfLimits> } = {},
) {
  try {
    const document = await openPdf(bytes, options);
    for (let page = 0; page < document.pageCount; page += 1) document.page(page);
  } catch (error) {
    if (error instanceof DocumentError) return error;
    throw error;
  }
  throw new Error('The file was accepted.');
}

const SENTENCES = {
  fr: 'Les officiers affluèrent dans l’extraordinaire affliction d’un après-midi ; qu’on fût étonné, Noël, cœur naïf, n’y changeait assurément rien.',
  en: 'The magnificent officers of the affiliated shuffle found extraordinary difficulties, notwithstanding considerable reflection and efficiency.',
  ru: 'Необыкновенная продолжительность путешествия удовлетворила подъехавших путешественников, несмотря на затруднительные обстоятельства.',
} as const;

describe.each(['fr', 'en', 'ru'] as const)('a page typeset in %s', (language) => {
  const paragraph = Array.from({ length: 6 }, () => SENTENCES[language]).join(' ');
  let bytes: Uint8Array;
  beforeAll(async () => {
    bytes = await typesetPdf(
      novelSource([paragraph], { language, width: 8, title: 'Ét Й', head: 'X' }),
    );
  });

  it('gives every letter of what was typeset, with hyphens marked at line ends', async () => {
    const lines = await textOf(bytes);
    const body = lines.slice(0, -1);
    expect(lines.at(-1)).toBe('1');
    expect(body.filter((line) => line.endsWith(HYPHEN)).length).toBeGreaterThan(3);
    const joined = body.join('\n').replaceAll(`${HYPHEN}\n`, '').replaceAll('\n', ' ');
    // A hyphen of the text at a line end is no more told from one of the line.
    const letters = (text: string) => text.replace(/[-\u00a0]/g, '');
    expect(letters(joined)).toBe(letters(paragraph).normalize('NFC'));
    expect(joined).not.toMatch(/[\uFB00-\uFB06\u00AD]/);
  });

  it('gives the place and the size of lines, down from the top', async () => {
    const document = await openPdf(bytes);
    const { width, height, lines } = document.page(0);
    const margin = (1.6 / 2.54) * 72;
    expect([width, height].map(Math.round)).toEqual([227, 510]);
    expect(lines[0]).toMatchObject({ size: 9, x0: expect.closeTo(margin, 1) });
    expect(Math.abs(lines[0]!.x1 - (width - margin))).toBeLessThan(4);
    const heights = lines.map(({ y }) => y);
    expect(heights).toEqual(heights.toSorted((a, b) => a - b));
    document.close();
  });

  it('gives the metadata', async () => {
    const { metadata } = await openPdf(bytes);
    expect(metadata).toEqual({ title: 'Ét Й', author: null, language });
  });
});

describe('what stands on a page', () => {
  it('does not show what lies outside of the crop box, and counts from its corner', async () => {
    const text = [
      at(5, 290, '4TH PASS PAGES'),
      at(3, 200, '17'),
      at(50, 200, 'Seen'),
      at(190, 200, 'x'),
    ];
    const document = await openPdf(
      writePdf({ pages: [{ text: text.join(' '), entries: '/CropBox [20 20 180 280]' }] }),
    );
    const page = document.page(0);
    expect(page).toMatchObject({ width: 160, height: 260 });
    expect(page.lines).toMatchObject([{ text: 'Seen', x0: 30, y: 80, size: 10 }]);
  });

  it('takes the crop box that all pages inherit', async () => {
    const bytes = writePdf({ pages: [{ text: `${at(5, 290, 'Mark')} ${at(50, 200, 'Seen')}` }] });
    const inherited = bytes
      .toString('latin1')
      .replace('/MediaBox [0 0 200 300]', '/MediaBox [0 0 200 300] /CropBox [20 20 180 280]');
    expect(await textOf(Buffer.from(inherited, 'latin1'))).toEqual(['Seen']);
  });

  it.each([
    [0, '1 0 0 1 30 260 Tm', { width: 200, height: 300 }],
    [90, '0 1 -1 0 40 30 Tm', { width: 300, height: 200 }],
    [180, '-1 0 0 -1 170 40 Tm', { width: 200, height: 300 }],
    [270, '0 -1 1 0 160 270 Tm', { width: 300, height: 200 }],
  ])(
    'reads a page that is shown turned by %i degrees as it is shown',
    async (turn, matrix, size) => {
      const text = `${matrix} (Turned) Tj`;
      const document = await openPdf(writePdf({ pages: [{ text, entries: `/Rotate ${turn}` }] }));
      const page = document.page(0);
      expect(page).toMatchObject(size);
      expect(page.lines).toMatchObject([{ text: 'Turned', x0: 30, y: 40, size: 10 }]);
    },
  );

  it('takes the size after the matrix', async () => {
    const text = '/F1 1 Tf 12 0 0 12 30 200 Tm (Scaled) Tj';
    expect(linesOf(await openPdf(writePdf({ pages: [{ text }] })))).toMatchObject([
      { text: 'Scaled', size: 12 },
    ]);
  });

  it('puts accents that are drawn over a letter onto it, and leaves quotation marks alone', async () => {
    // Moved back by the width of the accent, as TeX does it: acute, grave, circumflex, diaeresis, cedilla.
    const over = (accent: string, letter: string) => `(\\${accent}) 390 (${letter})`;
    const word = `1 0 0 1 30 200 Tm [(g) ${over('264', 'e')} (n) ${over('140', 'e')} (r) ${over('210', 'e')} ( na) ${over('250', 'i')} (f, gar) ${over('270', 'c')} (on)] TJ`;
    const quoted = at(30, 180, '\\140all right\\264');
    expect(await textOf(writePdf({ pages: [{ text: `${word} ${quoted}` }] }))).toEqual([
      'génèrê naïf, garçon',
      '`all right´',
    ]);
  });

  it('marks the hyphen at the end of the last line of a page, and keeps those inside of lines', async () => {
    const text = `${at(30, 200, 'Oui, peut\\255on dire un mot cou-')} ${at(30, 188, 'per et un autre con-')}`;
    expect(await textOf(writePdf({ pages: [{ text }] }))).toEqual([
      `Oui, peut-on dire un mot cou${HYPHEN}`,
      `per et un autre con${HYPHEN}`,
    ]);
  });

  it('tells bold lines', async () => {
    const bytes = await typesetPdf(novelSource(['# Chapitre', 'Du texte.'], { language: 'fr' }));
    const [heading, text] = linesOf(await openPdf(bytes));
    expect(heading).toMatchObject({ text: 'Chapitre', isBold: true });
    expect(text).not.toHaveProperty('isBold');
  });
});

describe('the outline', () => {
  it('has levels, pages and places', async () => {
    const bytes = await typesetPdf(
      '= Un\nA\n#pagebreak()\n= Deux\n== Deux, un\nB\n#v(5cm)\n== Deux, deux\nC\n',
    );
    const document = await openPdf(bytes);
    const { outline } = document;
    expect(outline.map(({ title, level, page }) => ({ title, level, page }))).toEqual([
      { title: 'Un', level: 1, page: 0 },
      { title: 'Deux', level: 1, page: 1 },
      { title: 'Deux, un', level: 2, page: 1 },
      { title: 'Deux, deux', level: 2, page: 1 },
    ]);
    const heading = linesOf(document, 1).find(({ text }) => text === 'Deux, deux')!;
    expect(heading.y - outline[3]!.y!).toBeGreaterThan(0);
    expect(heading.y - outline[3]!.y!).toBeLessThan(30);
  });

  it('leaves out links to the web, follows labels to their first child, and ends where it goes in circles', async () => {
    const pages = [{ text: at(30, 200, 'One') }, { text: at(30, 200, 'Two') }];
    const [root, web, label, child, loop] = [0, 1, 2, 3, 4].map((n) => extraNumber(2, n));
    const extra = [
      `<< /First ${web} 0 R /Last ${loop} 0 R >>`,
      `<< /Title (Web) /Parent ${root} 0 R /Next ${label} 0 R /A << /S /URI /URI (http://example.org) >> >>`,
      `<< /Title (Part) /Parent ${root} 0 R /Next ${loop} 0 R /First ${child} 0 R /Last ${child} 0 R >>`,
      `<< /Title (Chapter) /Parent ${label} 0 R /Dest [${pageNumber(1)} 0 R /FitH 250] >>`,
      `<< /Title (Loop) /Parent ${root} 0 R /Next ${web} 0 R /Dest [${pageNumber(0)} 0 R /Fit] >>`,
    ];
    const document = await openPdf(writePdf({ pages, extra, catalog: `/Outlines ${root} 0 R` }));
    expect(document.outline).toEqual([
      { title: 'Part', level: 1, page: 1, y: 50 },
      { title: 'Chapter', level: 2, page: 1, y: 50 },
      { title: 'Loop', level: 1, page: 0, y: null },
    ]);
  });
});

describe('files that are refused, each with its own reason', () => {
  const pages = [{ text: at(30, 200, 'Sesame') }];
  const sound = writePdf({ pages });
  const locked = writePdf({ pages, passwords: { user: 'secret', owner: 'master' } });

  it.each([
    ['document.empty', new Uint8Array(), {}],
    ['document.not_a_pdf', Buffer.from('It was a dark and stormy night.'), {}],
    ['document.not_a_pdf', Buffer.from('PK\x03\x04 a zip'), {}],
    ['document.damaged_pdf', Buffer.from('%PDF-1.7\nand nothing of the kind'), {}],
    ['document.damaged_pdf', sound.subarray(0, 60), {}],
    ['document.too_large', sound, { limits: { documentBytes: 100 } }],
    ['document.no_pages', writePdf({ pages: [] }), {}],
    [
      'document.too_many_pages',
      writePdf({ pages: [...pages, ...pages] }),
      { limits: { pages: 1 } },
    ],
    ['document.page_too_large', sound, { limits: { pageCharacters: 3 } }],
    ['document.page_too_slow', sound, { limits: { pageMs: -1 } }],
    ['document.password_required', locked, {}],
    ['document.wrong_password', locked, { password: 'guess' }],
  ])('%s', async (code, bytes, options) => {
    const error = await refusal(bytes, options);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/[.!]$/);
  });

  it('says how much memory a file may take', async () => {
    const big = Buffer.concat([sound, Buffer.alloc(40_000_000)]);
    const error = await refusal(big, { limits: { memoryBytes: 20_000_000 } });
    expect(error).toMatchObject({
      code: 'document.too_much_memory',
      details: { limit: 20_000_000 },
    });
  });

  it('opens with the password of its reader, and without one where only the owner has one', async () => {
    expect(await textOf(locked, { password: 'secret' })).toEqual(['Sesame']);
    const owned = writePdf({ pages, passwords: { user: '', owner: 'master' } });
    expect(await textOf(owned)).toEqual(['Sesame']);
    expect(await textOf(owned, { password: 'whatever' })).toEqual(['Sesame']);
  });

  it('repairs a table of objects that is in the wrong place', async () => {
    const moved = sound.toString('latin1').replace(/startxref\n\d+/, 'startxref\n7');
    expect(await textOf(Buffer.from(moved, 'latin1'))).toEqual(['Sesame']);
  });

  it('answers for flipped bytes with an error of its own or with text, and never otherwise', async () => {
    const novel = await typesetPdf(novelSource([SENTENCES.fr, SENTENCES.fr], { language: 'fr' }));
    for (let seed = 1; seed <= 20; seed += 1) {
      const bytes = Uint8Array.from(novel);
      for (let n = 0; n < seed; n += 1)
        bytes[(seed * 7919 + 3 * n * 104_729) % bytes.length]! ^= 1 << (n % 8);
      const outcome = await refusal(bytes).then((error) => error.code, String);
      expect(outcome).toMatch(/^document\.\w+$|The file was accepted/);
    }
  });

  it('refuses to read on once it is closed, and pages that are not there', async () => {
    const document = await openPdf(sound);
    expect(() => document.page(1)).toThrow(RangeError);
    document.close();
    document.close();
    expect(() => document.page(0)).toThrow('closed');
  });
});

// Without the folder: set SCRIPTORIUM_CORPUS to where it is.
describe.skipIf(!hasCorpus)('the corpus (skipped where its folder is absent)', () => {
  const read = async (name: string) => await readFile(path.join(CORPUS, 'pdf-bad', name));

  it('opens AES of 256 bits with the password, and a file of which only the owner has one without', async () => {
    const locked = await read('enc-user-aes256.pdf');
    expect((await refusal(locked)).code).toBe('document.password_required');
    expect((await refusal(locked, { password: 'Secret' })).code).toBe('document.wrong_password');
    for (const document of [
      await openPdf(locked, { password: 'secret' }),
      await openPdf(await read('enc-owneronly-rc4.pdf')),
    ]) {
      expect(document.metadata).toEqual({ title: 'Candide', author: 'Voltaire', language: 'fr' });
      expect(document.pageCount).toBe(134);
      document.close();
    }
  });

  it('refuses what nobody can read and reads what can be repaired', async () => {
    expect((await refusal(await read('truncated.pdf'))).code).toBe('document.damaged_pdf');
    expect((await refusal(await read('text.pdf'))).code).toBe('document.not_a_pdf');
    const repaired = await openPdf(await read('bad-startxref.pdf'));
    expect(linesOf(repaired, 8)[0]).toMatchObject({ text: 'Chapitre 1', isBold: true });
  });
});
