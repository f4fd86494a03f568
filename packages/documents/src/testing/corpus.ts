import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** A folder of public-domain books that is not part of the repository. */
export const CORPUS =
  process.env['SCRIPTORIUM_CORPUS'] ??
  path.resolve(import.meta.dirname, '../../../../../shared/corpus');

export const hasCorpus = existsSync(path.join(CORPUS, 'service-pages.jsonl'));

/** Files in a folder of the corpus and below, sorted. */
export async function corpusFiles(folder: string, ending: RegExp): Promise<string[]> {
  const entries = await readdir(path.join(CORPUS, folder), { recursive: true });
  return entries
    .filter((entry) => ending.test(entry))
    .sort()
    .map((entry) => path.join(CORPUS, folder, entry));
}
