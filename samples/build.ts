/**
 * Builds the sample book and the sample novel out of their sources: `node samples/build.ts`. The grammar of the sources is at the top of
 * source.ts. What comes out is committed, so that the demo needs no build, and is the same to the byte on every run.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawCover } from './cover.ts';
import { writeEpub2 } from './epub2.ts';
import { writeEpub3 } from './epub3.ts';
import { writeFb2 } from './fb2.ts';
import { buildNovel } from './novel.ts';
import { parseSource } from './source.ts';

const SOURCES = join(import.meta.dirname, 'book');
const OUTPUT = join(import.meta.dirname, 'out');

/** Writes the three editions into a folder, creating it if need be, and answers with their paths. */
export async function buildSamples(outDir: string = OUTPUT): Promise<string[]> {
  const read = async (name: string) => await readFile(join(SOURCES, name), 'utf8');
  const [css, english, french, russian] = await Promise.all([
    read('book.css'),
    read('en.md').then(parseSource),
    read('fr.md').then(parseSource),
    read('ru.md').then(parseSource),
  ]);
  const editions: [string, Buffer][] = [
    ['the-fire-copy.en.epub', await writeEpub3(english, drawCover(english.metadata.title), css)],
    ['the-fire-copy.fr.epub', await writeEpub2(french, drawCover(french.metadata.title), css)],
    ['the-fire-copy.ru.fb2', writeFb2(russian, drawCover(russian.metadata.title))],
  ];
  await mkdir(outDir, { recursive: true });
  return await Promise.all(
    editions.map(async ([name, bytes]) => {
      const path = join(outDir, name);
      await writeFile(path, bytes);
      return path;
    }),
  );
}

if (import.meta.main) {
  for (const path of [...(await buildSamples()), await buildNovel()]) console.log(path);
}
