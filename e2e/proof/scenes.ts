import { readFile } from 'node:fs/promises';
import { routes, type Client } from '@scriptorium/contract';
import { createKernel } from '@scriptorium/kernel';
import { offlineEngine, offlineShortener } from '@scriptorium/llm';
import {
  createBooksPipeline,
  createChapterWrites,
} from '../../apps/server/src/features/books/index.ts';
import { assembleResult } from '../../apps/server/src/features/novels/assemble-result.ts';
import {
  createNovelsPipeline,
  createShorteners,
} from '../../apps/server/src/features/novels/index.ts';
import { silent } from '../../packages/kernel/src/testing/test-log.ts';
import type { Pipelines } from './mortal-process.ts';
import type { Scene } from './crash-run.ts';
import { startService } from './service.ts';

const SAMPLES = new URL('../../samples/out/', import.meta.url);

/** A sample of the project, as a browser hands it in. */
export async function sampleFile(name: string): Promise<File> {
  return new File([new Uint8Array(await readFile(new URL(name, SAMPLES)))], name);
}

/** Hands something in over HTTP, at a server without a worker. */
function handedIn(handIn: (owner: Client) => Promise<unknown>): Scene['prepare'] {
  return async (connectionString) => {
    const service = await startService({ connectionString });
    await handIn(service.owner);
    await service.stop();
  };
}

const bookPipelines: Pipelines = (db) => [
  createBooksPipeline({ db, engine: offlineEngine(), writes: createChapterWrites(silent) }),
];

/** The sample book in English: one job for its first chapters, made by the upload, and one for all that are left. */
export const bookScene: Scene = {
  name: 'crash_book',
  prepare: handedIn(async (owner) => {
    const form = { file: await sampleFile('the-fire-copy.en.epub') };
    const { book } = await owner.call(routes.books.upload, { form });
    await owner.call(routes.books.prepare, { params: { id: book.id } });
  }),
  pipelines: bookPipelines,
  output: async (pool) => {
    const { rows: chapters } = await pool.query(
      `SELECT c.book_id, c.number, c.text_hash, c.effective_class, s.generation, s.engine, s.found, s.rejects
         FROM chapters c
         LEFT JOIN current_description_sets s ON s.book_id = c.book_id AND s.chapter = c.number
        ORDER BY c.book_id, c.number`,
    );
    const { rows: descriptions } = await pool.query(
      `SELECT s.book_id, s.chapter, d.kind, d.quote, d.start_offset, d.end_offset, d.confidence
         FROM descriptions d
         JOIN description_sets s USING (work_id)
        ORDER BY s.book_id, s.chapter, s.generation, d.start_offset, d.end_offset`,
    );
    return { chapters, descriptions };
  },
};

const novelPipelines: Pipelines = (db) => [
  createNovelsPipeline({ db, shorteners: createShorteners(offlineShortener(), []) }),
];

/** The sample novel in French, shortened by rules. */
export const novelScene: Scene = {
  name: 'crash_novel',
  prepare: handedIn(async (owner) => {
    const form = { pdf_file: await sampleFile('l-horloge-de-brumeville.fr.pdf') };
    await owner.call(routes.novels.processAsync, { form: { ...form, sentence_length_limit: 8 } });
  }),
  pipelines: novelPipelines,
  output: async (pool) => {
    const { rows: jobs } = await pool.query<{ id: number; owner_id: number; output: unknown }>(
      'SELECT id, owner_id, output FROM kernel.jobs ORDER BY id',
    );
    const kernel = createKernel({ pool, pipelines: novelPipelines(pool), log: silent });
    const results = [];
    for (const { id, owner_id: ownerId, output } of jobs) {
      results.push({ output, result: await assembleResult({ db: pool, kernel }, id, ownerId) });
    }
    return results;
  },
};
