import { routes } from '@scriptorium/contract';
import type { FastifyInstance } from 'fastify';
import { route } from '../../platform/routes.ts';
import { assembleResult, inputOf } from './assemble-result.ts';
import { ExportThreads } from './exports/export-threads.ts';
import { readerGone } from '../jobs/index.ts';
import { novelError } from './novels.errors.ts';
import type { NovelsOptions } from './novels.options.ts';
import { novelIdOf, readNovel, writeEdit } from './novels.repo.ts';
import { ResultCache } from './result-cache.ts';

/** What has been made: as files, as rows for a screen, and written over by hand. */
export function addResultRoutes(app: FastifyInstance, { db, kernel }: NovelsOptions): void {
  const cache = new ResultCache({ db, kernel });
  const threads = new ExportThreads();
  app.addHook('onClose', () => threads.close());

  route(app, routes.novels.result, async ({ params, query, user, reply }) => {
    const gone = readerGone(reply);
    const result = await assembleResult({ db, kernel }, params.id, user.id);
    const novel = await readNovel(db, result.novel_id, user.id);
    const source = { result, author: novel.author };
    const file = await unlessGone(gone, () => threads.make(query.format, source, gone));
    // Nobody is there any more who would read it.
    if (file === undefined) return '';
    const { mediaType, fileName, content } = file;
    reply.headers({
      'content-type': mediaType,
      'content-disposition': `attachment; filename="${asciiName(fileName)}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      'x-content-type-options': 'nosniff',
    });
    return content;
  });

  route(app, routes.novels.sentences, async ({ params, query, user }) => {
    const { sentences, ...result } = await cache.read(params.id, user.id);
    const { offset, limit, label, search } = query;
    const needle = search?.toLocaleLowerCase();
    const found = sentences.filter(
      (each) =>
        (label === undefined || each.label === label) &&
        (needle === undefined ||
          needle === '' ||
          each.source.toLocaleLowerCase().includes(needle) ||
          each.sentences.some((short) => short.toLocaleLowerCase().includes(needle))),
    );
    return { ...result, total: found.length, sentences: found.slice(offset, offset + limit) };
  });

  route(app, routes.novels.edit, async ({ params, body, user }) => {
    const job = await kernel.job(params.id, user.id);
    const { novelId, maxWords } = inputOf(job);
    const novel = await readNovel(db, novelIdOf(job.subject) ?? novelId, user.id);
    if (params.sentenceId > novel.sentence_count) {
      throw novelError('novel.sentence_not_found', {
        detail: `${novel.title} has ${novel.sentence_count} sentences; there is no sentence ${params.sentenceId}.`,
        params: { sentence: params.sentenceId },
      });
    }
    await writeEdit(db, {
      novelId,
      maxWords,
      sentenceId: params.sentenceId,
      sentences: body.sentences,
    });
    const { sentences } = await cache.read(params.id, user.id);
    const sentence = sentences[params.sentenceId - 1];
    if (sentence === undefined)
      throw new Error(`Sentence ${params.sentenceId} is not in its page.`);
    return sentence;
  });
}

/** What `work` gives; undefined when the reader has gone, which is no failure of the server's. */
async function unlessGone<T>(gone: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (gone.aborted) return undefined;
    throw error;
  }
}

/** For clients that do not read the second form of a file's name (RFC 6266). */
function asciiName(name: string): string {
  return name.normalize('NFKD').replaceAll(/[^\x20-\x7e]|["\\%]/gu, '') || 'result';
}
