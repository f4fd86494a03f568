import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { initEpubFile } from '@lingo-reader/epub-parser';
import type { NovelResult, ShortenedSentence } from '@scriptorium/contract';
import { JSDOM } from 'jsdom';
import Papa from 'papaparse';
import { readSheet } from 'read-excel-file/node';
import { expect, test } from 'vitest';
import { auditOf } from '../audit.ts';
import { exportResult } from './index.ts';

type Sample = Partial<ShortenedSentence> & { source: string };

function resultOf(samples: Sample[], changes: Partial<NovelResult> = {}): NovelResult {
  const sentences = samples.map((sample, index): ShortenedSentence => ({
    id: index + 1,
    page: 1 + Math.floor(index / 3),
    sentences: [sample.source],
    label: 'kept',
    is_paragraph_start: false,
    is_heading: false,
    ...sample,
  }));
  return {
    job_id: 7,
    novel_id: 3,
    title: 'L’île <mystérieuse>: "tome" 1/2',
    language: 'fr',
    sentence_length_limit: 12,
    engine: 'offline-rules-fr/1',
    is_offline: true,
    is_partial: false,
    gaps: [],
    audit: auditOf([], 0),
    sentences,
    ...changes,
  };
}

const HEADING = { is_paragraph_start: true, is_heading: true };
const START = { is_paragraph_start: true };
const SAMPLES: Sample[] = [
  { source: 'CHAPITRE I', ...HEADING },
  { source: 'Où l’on part', ...HEADING },
  { source: '— Oui.', ...START },
  { source: '— Oui.', ...START },
  {
    source: 'Il dit « non »; elle, "oui", & <b>tout</b> finit,\tenfin.',
    sentences: ['Il dit « non ».', 'Elle, "oui", & <b>tout</b> finit,\tenfin.'],
    label: 'split',
    ...START,
  },
  { source: '=1+1', ...START },
  { source: 'CHAPITRE II', ...HEADING },
  { source: 'Fin, у моря\u0001.', label: 'over_limit', ...START },
];

const source = { result: resultOf(SAMPLES), author: 'Jules & Cie' };
const shorts = source.result.sentences.flatMap(({ sentences }) => sentences);
const text = (content: string | Uint8Array) => new TextDecoder().decode(Buffer.from(content));

test('a JSON file is the result as the API gives it', async () => {
  const { content, mediaType } = await exportResult('json', source);
  expect(mediaType).toBe('application/json');
  expect(JSON.parse(text(content))).toEqual(source.result);
});

test('a CSV file has a row a short sentence, and no cell that a spreadsheet would run', async () => {
  const { content } = await exportResult('csv', source);
  const { data, errors } = Papa.parse<Record<string, string>>(text(content), {
    header: true,
    skipEmptyLines: true,
  });
  expect(errors).toEqual([]);
  expect(data.map((row) => row['sentence']?.replace(/^'/u, ''))).toEqual(shorts);
  expect(data.find((row) => row['source']?.includes('1+1'))?.['source']).toBe("'=1+1");
  expect(data[4]).toMatchObject({ id: '5', label: 'split', part: '1' });
});

test('a TSV file is what Anki imports: columns named, a note a sentence, breaks between short ones', async () => {
  const { content } = await exportResult('tsv', source);
  const lines = text(content).split('\n');
  expect(lines.slice(0, 3)).toEqual([
    '#separator:tab',
    '#html:true',
    '#columns:Source\tShort\tPage\tTags',
  ]);
  const body = lines.filter((line) => !line.startsWith('#')).join('\n');
  const { data, errors } = Papa.parse<string[]>(body, { delimiter: '\t', skipEmptyLines: true });
  expect(errors).toEqual([]);
  expect(data).toHaveLength(5);
  expect(data.every((row) => row.length === 4)).toBe(true);
  const [, short = ''] = data[2] ?? [];
  const document = new JSDOM(`<p>${short}</p>`).window.document;
  expect(document.querySelectorAll('br')).toHaveLength(1);
  expect(document.querySelector('b')).toBeNull();
  expect(document.body.textContent).toContain('<b>tout</b>');
});

test('an XLSX file opens with a row a sentence and a sheet about how it was made', async () => {
  const { content } = await exportResult('xlsx', source);
  const rows = await readSheet(Buffer.from(content), 'Sentences');
  expect(rows).toHaveLength(SAMPLES.length + 1);
  expect(rows[0]).toEqual(['No.', 'Page', 'Label', 'Source', 'Short sentences']);
  expect(rows[5]?.[0]).toBe(5);
  expect(rows[5]?.[4]).toBe(shorts.slice(4, 6).join('\n'));
  expect(rows[6]?.[3]).toBe('=1+1');
  const about = await readSheet(Buffer.from(content), 'About');
  expect(about.flat().join(' ')).toContain('offline rules, no model');
});

test('an HTML file stands alone, with the source beside the short sentences and nothing that runs', async () => {
  const { content } = await exportResult('html', source);
  const { document } = new JSDOM(text(content)).window;
  expect(document.documentElement.lang).toBe('fr');
  expect(document.title).toBe(source.result.title);
  expect([...document.querySelectorAll('h2')].map((each) => each.textContent)).toEqual([
    'CHAPITRE I',
    'Où l’on part',
    'CHAPITRE II',
  ]);
  const row = document.querySelectorAll('.row')[2];
  expect(row?.querySelector('.source')?.textContent).toBe(SAMPLES[4]?.source);
  expect([...(row?.querySelectorAll('.short span') ?? [])].map((each) => each.textContent)).toEqual(
    shorts.slice(4, 6),
  );
  expect(document.querySelector('script, link, img, b')).toBeNull();
});

test('an EPUB file opens in a reader of EPUBs, with its chapters', async () => {
  const { content, fileName } = await exportResult('epub', source);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'scriptorium-epub-'));
  try {
    const file = path.join(folder, 'book.epub');
    await writeFile(file, content);
    const epub = await initEpubFile(file, path.join(folder, 'images'));
    expect(epub.getMetadata().title).toBe(source.result.title);
    expect(epub.getMetadata().language).toBe('fr');
    expect(epub.getToc().map(({ label }) => label)).toEqual([
      source.result.title,
      'CHAPITRE I Où l’on part',
      'CHAPITRE II',
    ]);
    const [, first] = epub.getSpine();
    const { html } = await epub.loadChapter(first?.id ?? '');
    const paragraphs = [...new JSDOM(html).window.document.querySelectorAll('p')];
    expect(paragraphs.map((each) => each.textContent)).toEqual([
      '— Oui.',
      '— Oui.',
      shorts.slice(4, 6).join(' '),
      '=1+1',
    ]);
    epub.destroy();
  } finally {
    await rm(folder, { recursive: true });
  }
  expect(fileName.endsWith('.epub')).toBe(true);
});

test('a text file reads as paragraphs, with how it was made on top', async () => {
  const { content } = await exportResult('txt', source);
  expect(text(content)).toContain('offline rules, no model (offline-rules-fr/1)');
  expect(text(content)).toContain('\n\n— Oui.\n\n— Oui.\n\n');
});

test('a file is named after the book and the options, by no character that a file system refuses', async () => {
  const { fileName } = await exportResult('csv', source);
  expect(fileName).toBe('L’île mystérieuse tome 1 2 - 12 words - offline rules.csv');
});

test.each(['txt', 'html', 'epub', 'xlsx'] as const)(
  'a partial result is marked in the name of the file and inside: %s',
  async (format) => {
    const result = resultOf(SAMPLES, { is_partial: true, audit: auditOf([], SAMPLES.length) });
    const { fileName, content } = await exportResult(format, { result, author: null });
    expect(fileName).toContain('PARTIAL');
    const inside = { txt: text, html: text, epub: entriesOf, xlsx: aboutSheetOf }[format];
    expect(await inside(content)).toContain('PARTIAL: 8 of 8 sentences are missing');
  },
);

async function aboutSheetOf(content: string | Uint8Array): Promise<string> {
  return (await readSheet(Buffer.from(content), 'About')).flat().join('\n');
}

async function entriesOf(content: string | Uint8Array): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'scriptorium-epub-'));
  try {
    const file = path.join(folder, 'book.epub');
    await writeFile(file, content);
    const epub = await initEpubFile(file, path.join(folder, 'images'));
    const { html } = await epub.loadChapter(epub.getSpine()[0]?.id ?? '');
    epub.destroy();
    return new JSDOM(html).window.document.body.textContent ?? '';
  } finally {
    await rm(folder, { recursive: true });
  }
}
