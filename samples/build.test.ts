import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, posix } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPromise } from 'yauzl';
import { buildSamples } from './build.ts';
import { noterefs, parseSource } from './source.ts';
import type { Block, SampleBook, Section } from './source.ts';

const OUT = join(import.meta.dirname, 'out');
const LANGUAGES = ['en', 'fr', 'ru'] as const;

const sources = new Map<string, string>();
const books = new Map<string, SampleBook>();

beforeAll(async () => {
  for (const language of LANGUAGES) {
    const source = await readFile(join(import.meta.dirname, 'book', `${language}.md`), 'utf8');
    sources.set(language, source);
    books.set(language, parseSource(source));
  }
});

async function readEntries(name: string): Promise<Map<string, Buffer>> {
  const zip = await openPromise(join(OUT, name));
  const entries = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    entries.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  }
  return entries;
}

function matches(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), (match) => match[1] ?? '');
}

/** Paths in the container of what a package document lists, resolved against its own. */
function manifestPaths(entries: Map<string, Buffer>, packagePath: string): string[] {
  const hrefs = matches(String(entries.get(packagePath)), /<item [^>]*href="([^"]+)"/g);
  return hrefs.map((href) => posix.join(posix.dirname(packagePath), href));
}

function spineText(entries: Map<string, Buffer>, packagePath: string): string {
  const opf = String(entries.get(packagePath));
  const hrefOf = (id: string) => new RegExp(`<item id="${id}" href="([^"]+)"`).exec(opf)?.[1] ?? '';
  return matches(opf, /<itemref idref="([^"]+)"/g)
    .map((id) => String(entries.get(posix.join(posix.dirname(packagePath), hrefOf(id)))))
    .join('');
}

/** The letters of a text and nothing else, so that markup, quotes and spaces cannot hide a lost one. */
function lettersOf(text: string): string {
  return text.replaceAll(/[^\p{L}]+/gu, '');
}

function lettersOfMarkup(markup: string): string {
  return lettersOf(markup.replaceAll(/<[^>]*>|&\w+;/g, ' '));
}

/** The paragraphs of a source, read without the parser: everything after the front matter but the headings. */
function sourceParagraphs(source: string): string[] {
  const lines = source.slice(source.indexOf('\n---\n') + 5).split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('# ')).map(lettersOf);
}

/** The paragraphs that do not occur in the text after the one before them. */
function lostParagraphs(paragraphs: string[], text: string): string[] {
  let from = 0;
  return paragraphs.filter((paragraph) => {
    const found = text.indexOf(paragraph, from);
    if (found >= 0) from = found + paragraph.length;
    return found < 0;
  });
}

function wordCount(section: Section): number {
  const plain = (block: Block) =>
    JSON.stringify(block, (key, value) => (key === 'kind' ? '' : value));
  const text = section.blocks.map(plain).join(' ');
  return text.replaceAll(/"\w+":/g, '').match(/\p{L}[\p{L}’-]*/gu)?.length ?? 0;
}

describe('the build', () => {
  const folders: string[] = [];
  const timeZone = process.env['TZ'];

  afterAll(async () => {
    if (timeZone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = timeZone;
    await Promise.all(folders.map(async (folder) => await rm(folder, { recursive: true })));
  });

  it('gives the committed bytes on every run and in every time zone', async () => {
    for (const zone of ['Asia/Tokyo', 'America/Anchorage']) {
      process.env['TZ'] = zone;
      const folder = await mkdtemp(join(tmpdir(), 'scriptorium-samples-'));
      folders.push(folder);
      const paths = await buildSamples(folder);
      expect(paths.map((path) => basename(path))).toEqual([
        'the-fire-copy.en.epub',
        'the-fire-copy.fr.epub',
        'the-fire-copy.ru.fb2',
      ]);
      for (const path of paths) {
        const committed = await readFile(join(OUT, basename(path)));
        const isSame = committed.equals(await readFile(path));
        expect(isSame, `${basename(path)} is stale: run node samples/build.ts`).toBe(true);
      }
    }
  });
});

describe('the story', () => {
  it('has the same sections and the same notes in the same places in every language', () => {
    const outline = (language: string) =>
      books.get(language)!.sections.map((section) => ({
        type: section.type,
        hasLabel: section.label !== undefined,
        notes: noterefs(section),
        hasVerse: section.blocks.some((block) => block.kind === 'verse'),
      }));
    expect(outline('en').filter(({ type }) => type === 'chapter')).toHaveLength(7);
    expect(books.get('en')!.notes).toHaveLength(6);
    expect(outline('fr')).toEqual(outline('en'));
    expect(outline('ru')).toEqual(outline('en'));
  });

  it.each(LANGUAGES)('has a long prologue and chapters of 500 to 900 words in %s', (language) => {
    const counts = (type: string) =>
      books
        .get(language)!
        .sections.filter((section) => section.type === type)
        .map(wordCount);
    expect(Math.min(...counts('prologue'))).toBeGreaterThan(500);
    expect(Math.min(...counts('chapter'))).toBeGreaterThanOrEqual(500);
    expect(Math.max(...counts('chapter'))).toBeLessThanOrEqual(900);
  });
});

describe.each([
  ['the-fire-copy.en.epub', 'en', 'EPUB/package.opf'],
  ['the-fire-copy.fr.epub', 'fr', 'content.opf'],
])('%s', (name, language, packagePath) => {
  it('begins with a stored mimetype that bears no extra field', async () => {
    const bytes = await readFile(join(OUT, name));
    expect(bytes.readUInt32LE(0)).toBe(0x04034b50);
    expect(bytes.readUInt16LE(8), 'method').toBe(0);
    expect(bytes.readUInt16LE(28), 'extra field').toBe(0);
    expect(bytes.toString('latin1', 30, 58)).toBe('mimetypeapplication/epub+zip');
  });

  it('holds what its manifest lists and nothing else', async () => {
    const entries = await readEntries(name);
    const paths = manifestPaths(entries, packagePath);
    const own = ['mimetype', 'META-INF/container.xml', packagePath];
    expect([...entries.keys()].sort()).toEqual([...own, ...paths].sort());
    expect(String(entries.get('META-INF/container.xml'))).toContain(`full-path="${packagePath}"`);
  });

  it('carries every letter of its source, in order', async () => {
    const entries = await readEntries(name);
    const text = lettersOfMarkup(spineText(entries, packagePath));
    expect(lostParagraphs(sourceParagraphs(sources.get(language)!), text)).toEqual([]);
  });

  it('links only to places that exist', async () => {
    const entries = await readEntries(name);
    const documents = [...entries].filter(([path]) => /\.(xhtml|html|ncx|opf)$/.test(path));
    const links = documents.flatMap(([path, content]) =>
      matches(String(content), /\b(?:href|src)="([^"]+)"/g).map((link) => ({ path, link })),
    );
    const isBroken = ({ path, link }: { path: string; link: string }) => {
      const [file = '', fragment] = link.split('#');
      const target = entries.get(file === '' ? path : posix.join(posix.dirname(path), file));
      return !target || (fragment !== undefined && !target.includes(`id="${fragment}"`));
    };
    expect(links.length).toBeGreaterThan(60);
    expect(links.filter(isBroken)).toEqual([]);
  });

  it('has a cover that is a whole PNG', async () => {
    const entries = await readEntries(name);
    const png = [...entries].find(([path]) => path.endsWith('cover.png'))![1];
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([600, 900]);
    const data = png.indexOf('IDAT');
    const pixels = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)));
    expect(pixels).toHaveLength(601 * 900);
  });
});

describe('the English edition', () => {
  it('says of every document what it is, and has contents and landmarks', async () => {
    const entries = await readEntries('the-fire-copy.en.epub');
    const nav = String(entries.get('EPUB/nav.xhtml'));
    expect(nav).toContain('epub:type="toc"');
    expect(matches(nav, /<a epub:type="(\w+)"/g)).toEqual([
      'cover',
      'titlepage',
      'toc',
      'bodymatter',
      'endnotes',
    ]);
    const types = [...entries]
      .filter(([path]) => path.startsWith('EPUB/text/'))
      .map(([, content]) => /<section [^>]*epub:type="([^"]+)"/.exec(String(content))?.[1]);
    expect(types.join(' ')).toBe(
      'cover titlepage copyright-page epigraph prologue part chapter chapter chapter chapter ' +
        'part chapter chapter chapter epilogue endnotes',
    );
  });

  it('refers to its six notes with noteref links', async () => {
    const text = spineText(await readEntries('the-fire-copy.en.epub'), 'EPUB/package.opf');
    const targets = matches(text, /epub:type="noteref"[^>]* href="([^"]+)"/g);
    expect(targets).toEqual([1, 2, 3, 4, 5, 6].map((number) => `endnotes.xhtml#note-${number}`));
  });
});

describe('the French edition', () => {
  it('is an EPUB 2: contents in the NCX, a guide, no navigation document and no epub:type', async () => {
    const entries = await readEntries('the-fire-copy.fr.epub');
    const opf = String(entries.get('content.opf'));
    expect(opf).toContain('version="2.0"');
    expect(opf).toContain('<spine toc="ncx">');
    expect(opf).not.toContain('properties=');
    expect(matches(opf, /<reference type="([^"]+)"/g).join(' ')).toBe(
      'cover title-page copyright-page toc epigraph text notes',
    );
    expect([...entries.values()].map(String).join('')).not.toContain('epub:type');
  });

  it('has two chapters in one file and one chapter in two files', async () => {
    const entries = await readEntries('the-fire-copy.fr.epub');
    const targets = matches(String(entries.get('toc.ncx')), /<content src="([^"]+)"/g);
    const shared = targets.filter((target) => target.includes('#'));
    expect(shared).toEqual(['text/part0006.html#chap1', 'text/part0006.html#chap2']);
    const split = [...entries.keys()].filter((path) => path.includes('_split_'));
    expect(split).toEqual(['text/part0010_split_000.html', 'text/part0010_split_001.html']);
    expect(targets).toContain(split[0]);
    expect(targets).not.toContain(split[1]);
    expect(String(entries.get(split[1]!))).not.toContain('<h1>');
  });
});

describe('the Russian edition', () => {
  const read = async () => {
    const bytes = await readFile(join(OUT, 'the-fire-copy.ru.fb2'));
    return { bytes, text: new TextDecoder('windows-1251', { fatal: true }).decode(bytes) };
  };

  it('is declared and encoded as windows-1251 and decodes to every letter of its source', async () => {
    const { bytes, text } = await read();
    expect(text).toMatch(/^<\?xml version="1\.0" encoding="windows-1251"\?>\n/);
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow(TypeError);
    // The source begins with two paragraphs of title page, four of copyright page and two of epigraph. FB2 has no title
    // page, and the epigraph comes before the copyright page, at the head of the body.
    const paragraphs = sourceParagraphs(sources.get('ru')!);
    const inOrder = [...paragraphs.slice(6, 8), ...paragraphs.slice(2, 6), ...paragraphs.slice(8)];
    expect(lostParagraphs(inOrder, lettersOfMarkup(text))).toEqual([]);
  });

  it('has parts that hold chapters, an epigraph, a poem, a cover and notes that are referred to', async () => {
    const { text } = await read();
    expect(
      text.match(/<section id="s\d+">\n<title>\n<p>Часть [^]*?<\/title>\n<section/g),
    ).toHaveLength(2);
    expect(text).toMatch(/<\/title>\n<epigraph>\n<p>[^]*?<text-author>[^]*?<\/epigraph>\n<section/);
    expect(text.match(/<v>/g)).toHaveLength(6);
    expect(text).toContain('<image l:href="#cover.png"/>');
    expect(text).toContain('<binary id="cover.png" content-type="image/png">\niVBORw0KGgo');
    const targets = matches(text, /<a l:href="#([^"]+)"/g);
    expect(targets.filter((target) => target.startsWith('n'))).toHaveLength(6);
    for (const target of targets) expect(text).toContain(`<section id="${target}">`);
  });
});
