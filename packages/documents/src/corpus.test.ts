import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openArchive } from './archive/zip.ts';
import type { Book, Chapter, TocEntry } from './book.ts';
import { classifyBook } from './classify/classify-book.ts';
import { renderHtml } from './content/html.ts';
import { renderText } from './content/text.ts';
import { countWords } from './content/words.ts';
import { chooseFiles, readContentFile } from './epub/content-files.ts';
import { collectImages } from './epub/images.ts';
import { readPackage } from './epub/package.ts';
import { pageFacts } from './epub/page-facts.ts';
import { DocumentError } from './errors.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { parseBook } from './parse-book.ts';
import { CORPUS, corpusFiles, hasCorpus } from './testing/corpus.ts';

// Without the folder: set SCRIPTORIUM_CORPUS to where it is.
describe.skipIf(!hasCorpus)('the corpus (skipped where its folder is absent)', () => {
  const read = async (file: string): Promise<Book> =>
    await parseBook(await readFile(path.resolve(CORPUS, file)), { fileName: path.basename(file) });
  const texts = (book: Book): Chapter[] => book.chapters.filter((c) => c.pageClass === 'chapter');

  test('every sound EPUB, FB2, MOBI and text opens with chapters and a table of contents', async () => {
    const files = [
      ...(await corpusFiles('epub', /\.epub$/)),
      ...(await corpusFiles('fb2', /\.(fb2|zip)$/)),
      ...(await corpusFiles('mobi', /\.mobi$/)),
      ...(await corpusFiles('txt', /\.txt$/)),
    ];
    const refused: string[] = [];
    const wrong: string[] = [];
    const contradicting: string[] = [];
    for (const file of files) {
      try {
        const book = await read(file);
        if (!isSound(book)) wrong.push(file);
        if (contradictsItself(book)) contradicting.push(path.basename(file));
      } catch (error) {
        refused.push(
          `${path.basename(file)}: ${error instanceof DocumentError ? error.code : String(error)}`,
        );
      }
    }
    expect(wrong).toEqual([]);
    expect(contradicting).toEqual(['debmake-doc.ru.epub']);
    // The one whose spine names nothing that is in the archive.
    expect(refused).toEqual(['pub-foreign_bad-fallback.epub: document.empty']);
    expect(files.length).toBeGreaterThan(80);
  }, 60_000);

  test.each([
    ['txt/candide.iso-8859-1.txt', 30, 0, /^CHAPITRE /],
    ['txt/germinal.iso-8859-1.txt', 40, 7, /^[IVX]+$/],
    ['txt/une-vie.utf-8.txt', 14, 0, /^[IVX]+$/],
    ['txt/otcy-i-deti.utf-8.txt', 28, 0, /^[IVX]+$/],
    ['txt/mertvye-dushi.windows-1251.txt', 15, 2, /^Глава /],
    ['txt/anna-karenina.koi8-r.txt', 239, 8, /^[IVX]+$/],
    ['fb2/otcy-i-deti.koi8-r.fb2', 28, 0, /^[IVX]+$/],
    ['fb2/otcy-i-deti.windows-1251.fb2.zip', 28, 0, /^[IVX]+$/],
    ['fb2/otcy-i-deti.utf-16.fb2', 28, 0, /^[IVX]+$/],
    ['fb2/mertvye-dushi.windows-1251.fb2.zip', 15, 1, /^Глава /],
    ['fb2/anna-karenina.windows-1251.fb2.zip', 239, 8, /^[IVX]+$/],
    ['epub/standard-ebooks/voltaire_candide_the-modern-library.epub', 30, 0, /^[IVX]+: /],
    ['epub/standard-ebooks/leo-tolstoy_anna-karenina_constance-garnett.epub', 239, 8, /^[IVX]+$/],
  ])('%s has %i chapters in %i parts', async (file, chapters, parts, title) => {
    const found = texts(await read(file)).filter((chapter) => title.test(chapter.title));
    expect(found).toHaveLength(chapters);
    expect(new Set(found.flatMap((chapter) => chapter.path.slice(0, 1))).size).toBe(parts);
  });

  test.each([
    ['bomb300.epub', 'document.zip_bomb'],
    ['slip.epub', 'document.unsafe_path'],
    ['lol.epub', 'document.entities'],
  ])('%s is refused (%s) within 100 ms', async (file, code) => {
    const bytes = await readFile(path.join(CORPUS, 'zip-bad', file));
    // Of the processor, which other tests do not take away.
    const before = process.cpuUsage();
    await expect(parseBook(bytes)).rejects.toMatchObject({ code });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(100);
  });

  test('a malformed book is repaired', async () => {
    const repaired = await read('zip-bad/entities-malformed.epub');
    const text = renderText(repaired.chapters.flatMap((chapter) => chapter.content));
    expect(text).toContain('Déjà\nvu & entendu non fermé');
    expect(text).toContain('Глава вторая');
  });

  test('service pages are told from chapters without a word of the publisher’s', async () => {
    const counts = await classifyLabelled();
    const { service, asService, missed, lostToSize } = counts;
    expect(service / (service + asService)).toBeGreaterThanOrEqual(0.98);
    expect(service / (service + missed)).toBeGreaterThanOrEqual(0.95);
    expect(lostToSize).toEqual([]);
    expect(service + missed).toBe(109);
  }, 60_000);
});

/** Chapters in order, every text rendered alike twice, every place of the contents inside of a chapter. */
function isSound(book: Book): boolean {
  const lengths = book.chapters.map((chapter) => renderText(chapter.content).length);
  const isInside = (entry: TocEntry): boolean =>
    (entry.chapter === null
      ? entry.offset === null
      : (entry.offset ?? -1) >= 0 && (entry.offset ?? -1) <= (lengths[entry.chapter] ?? -1)) &&
    entry.children.every(isInside);
  const agrees = book.chapters.every(({ content, notes }, i) => {
    const stripped = renderHtml(content)
      .replace(/<[^>]*>/g, '')
      .replace(/&\w+;|&#39;/g, '&');
    const isNoteInside = notes.every(({ offset }) => offset >= 0 && offset <= (lengths[i] ?? -1));
    return stripped.length === lengths[i] && isNoteInside;
  });
  return book.toc.length > 0 && book.chapters.length > 0 && book.toc.every(isInside) && agrees;
}

function contradictsItself(book: Book): boolean {
  return book.warnings.some(({ code }) => code === 'language.contradicts_text');
}

interface Labelled {
  book: string;
  href: string;
  title: string;
  label: string;
}

/** Classifies the labelled files from the real books, with signal 0 off. */
async function classifyLabelled() {
  const lines = (await readFile(path.join(CORPUS, 'service-pages.jsonl'), 'utf8'))
    .trim()
    .split('\n');
  const rows = lines.map((line): Labelled => JSON.parse(line));
  const files = await corpusFiles('epub', /\.epub$/);
  const counts = { service: 0, asService: 0, missed: 0, lostToSize: [] as string[] };
  for (const [book, items] of Map.groupBy(rows, (row) => row.book)) {
    const file = files.find((name) => path.basename(name) === `${book}.epub`);
    const verdicts = await classifyFiles(
      file ?? '',
      new Map(items.map((row) => [row.href, row.title])),
    );
    for (const { href, label } of items) {
      const verdict = verdicts.get(href);
      if (label === 'service' && verdict?.pageClass === 'service') counts.service += 1;
      else if (label === 'service') counts.missed += 1;
      else if (verdict?.pageClass === 'service') counts.asService += 1;
      const isLost =
        label === 'chapter' && verdict?.pageClass !== 'chapter' && verdict?.signal === 8;
      if (isLost) counts.lostToSize.push(href);
    }
  }
  return counts;
}

async function classifyFiles(file: string, titles: Map<string, string>) {
  const warn = (): void => undefined;
  const limits = DEFAULT_LIMITS;
  const archive = await openArchive(await readFile(file), limits, warn);
  const pack = await readPackage(archive, limits, warn);
  const spine = chooseFiles(archive, pack, limits, warn);
  const images = collectImages(archive, pack, limits, warn);
  const boundaries = new Set<string>();
  const budget = { left: limits.elements };
  const context = { limits, spine, images, boundaries, budget, warn };
  const contents = await Promise.all(
    spine.readable.map(async (entry) => await readContentFile(archive, entry, context)),
  );
  const pages = contents.map((content, index) => {
    const text = renderText(content.flow.blocks);
    const known = {
      title: titles.get(content.path) ?? '',
      text,
      words: countWords(text),
      places: [],
    };
    const segment = { file: index, from: 0, to: content.flow.blocks.length };
    return { ...pageFacts(contents, [segment], known), types: [] };
  });
  const verdicts = classifyBook(pages);
  return new Map(contents.map((content, i) => [content.path, verdicts[i]]));
}
