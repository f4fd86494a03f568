import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPdf, parsePdf } from '../packages/documents/src/index.ts';
import type { Pages } from '../packages/documents/src/index.ts';
import { buildNovel, readStory } from './novel.ts';

const FILE = join(import.meta.dirname, 'out', 'l-horloge-de-brumeville.fr.pdf');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scriptorium-novel-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

it('is built to the committed bytes', async () => {
  const path = await buildNovel(folder);
  expect(basename(path)).toBe(basename(FILE));
  const isSame = (await readFile(FILE)).equals(await readFile(path));
  expect(isSame, `${basename(path)} is stale: run node samples/build.ts`).toBe(true);
});

describe('the committed file', () => {
  let pages: Pages;
  let story: string[];
  beforeAll(async () => {
    pages = await parsePdf(await readFile(FILE));
    story = await readStory();
  });

  it('reads as the story does, paragraph by paragraph, without running heads and page numbers', () => {
    const from = pages.chapters[0]!.paragraph;
    // Headings are printed over two lines.
    const read = pages.paragraphs.slice(from).map(({ text }) => text.replaceAll('\n', ' '));
    expect(read).toEqual(story.map((text) => text.replace(/^# /, '')));
    expect(pages).toMatchObject({ title: 'L’horloge de Brumeville', language: 'fr', warnings: [] });
  });

  it('has twelve to sixteen pages and five chapters, each beginning on a page of its own', async () => {
    expect(pages.pageCount).toBeGreaterThanOrEqual(12);
    expect(pages.pageCount).toBeLessThanOrEqual(16);
    const titles = story.filter((text) => text.startsWith('# ')).map((text) => text.slice(2));
    expect(pages.chapters.map(({ title }) => title)).toEqual(titles);
    expect(titles).toHaveLength(5);
    const document = await openPdf(await readFile(FILE));
    expect(new Set(document.outline.map(({ page }) => page)).size).toBe(5);
  });

  it('has what makes shortening hard: long sentences, dialogue, repetition, hyphens at line ends', async () => {
    const sentences = story.join(' ').split(/(?<=[.?!»])\s+/u);
    const words = sentences.map((sentence) => sentence.split(/\s+/u).length);
    expect(words.filter((count) => count >= 30).length).toBeGreaterThan(20);
    expect(story.filter((text) => text.startsWith('—\u00a0Oui.')).length).toBeGreaterThan(7);
    expect(story.join(' ')).toContain('«\u00a0Venez avant le printemps.\u00a0»');
    const document = await openPdf(await readFile(FILE));
    const lines = Array.from({ length: document.pageCount }, (_, i) => document.page(i).lines);
    const hyphens = lines.flat().filter(({ text }) => text.endsWith('\uFFFE'));
    expect(hyphens.length).toBeGreaterThan(20);
  });
});
