import { offlineEngine, type DescriptionEngine } from '@scriptorium/llm';
import { endOf, filesIn } from '../../testing.ts';
import { startService, type Service } from '../../testing-service.ts';
import type { ChapterWrites } from './chapter-writes.ts';
import { createBooksFeature, createBooksPipeline, createChapterWrites } from './index.ts';
import { fileOf, SCENE, scene, tinyEpub } from './tiny-epub.ts';

export { endOf, filesIn, fileOf, SCENE, scene, tinyEpub };

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A server with books. */
export interface BooksServer extends Service {
  readonly writes: ChapterWrites;
  count(table: string, condition?: string): Promise<number>;
}

export interface BooksServerOptions {
  readonly engine?: DescriptionEngine;
  readonly parseTimeoutMs?: number;
  readonly keepAliveMs?: number;
  readonly slots?: number;
  readonly environment?: NodeJS.ProcessEnv;
}

export async function startBooksServer(options: BooksServerOptions = {}): Promise<BooksServer> {
  const { engine = offlineEngine(), keepAliveMs, parseTimeoutMs } = options;
  const writes = createChapterWrites(silent);
  const service = await startService({
    pipelines: (pool) => [createBooksPipeline({ db: pool, engine, writes })],
    features: ({ pool, kernel, parser, config }) => {
      parser.start('book');
      return [createBooksFeature({ db: pool, kernel, uploads: config, writes, parser })];
    },
    jobs: () => (keepAliveMs === undefined ? {} : { keepAliveMs }),
    parser: parseTimeoutMs === undefined ? {} : { timeoutMs: parseTimeoutMs },
    slots: options.slots,
    environment: { UPLOAD_MAX_MB: '2', ...options.environment },
  });
  return {
    ...service,
    writes,
    count: async (table, condition = 'true') => {
      const { rows } = await service.pool.query<{ n: number }>(
        `SELECT count(*) AS n FROM ${table} WHERE ${condition}`,
      );
      return rows[0]?.n ?? -1;
    },
  };
}

/** A book of so many chapters, after a page that is none. */
export async function storyBook(title: string, chapters: number, language = 'en'): Promise<File> {
  const pages: Record<string, string> = {
    Copyright: '<p>Copyright 2020 by A. Writer. All rights reserved. ISBN 978-0-00-000000-2</p>',
  };
  for (let i = 1; i <= chapters; i += 1) pages[`Part ${i}`] = scene(`${title}, part ${i}`);
  return fileOf(await tinyEpub({ title, language, pages }), `${title}.epub`);
}
