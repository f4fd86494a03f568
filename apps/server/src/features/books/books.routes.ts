import { randomUUID } from 'node:crypto';
import { bookUploadForm, routes, type Job } from '@scriptorium/contract';
import { JobNotFoundError, type Kernel, type Queryable } from '@scriptorium/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { assertMayStartWork, ownerOf, type Caller } from '../../platform/access.ts';
import { platformError } from '../../platform/errors.ts';
import type { ParserProcesses } from '../../platform/parsing/parser-processes.ts';
import { answer, route, type Feature } from '../../platform/routes.ts';
import { withForm, type UploadLimits } from '../../platform/uploads.ts';
import { preferredWait, presentJob, readerGone, waitForEnd } from '../jobs/index.ts';
import { bookErrors, noFile } from './books.errors.ts';
import { assertOwnBook, listBooks, readBook } from './books.repo.ts';
import { ChapterCache } from './chapter-cache.ts';
import type { ChapterWrites } from './chapter-writes.ts';
import { presentChapter, readChapterState, renderChapter } from './chapters.repo.ts';
import { addConditionalAnswers, setEntityTag } from './conditional-answers.ts';
import { readImage } from './images.repo.ts';
import { presentDescriptions } from './present-descriptions.ts';
import { addPositionRoutes } from './positions.routes.ts';
import { addSearchRoute } from './search.routes.ts';
import { addVersionRoutes } from './versions.routes.ts';
import { acceptUpload } from './steps/accept-upload.ts';
import { deleteBook } from './steps/delete-book.ts';
import { extractDescriptions } from './steps/extract-descriptions.ts';

export interface BooksOptions {
  readonly db: Queryable;
  readonly kernel: Kernel;
  readonly uploads: UploadLimits;
  readonly writes: ChapterWrites;
  readonly parser: ParserProcesses;
}

/** What a handler of a chapter is given. */
interface ChapterRequest {
  readonly params: { readonly id: number; readonly n: number };
  readonly user: Caller;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A book is handed in alone. */
const NO_FIELDS = bookUploadForm.omit({ file: true });

/** The library and the reader. A book is its owner's alone. */
export function createBooksFeature(options: BooksOptions): Feature {
  const { db, kernel, uploads, writes, parser } = options;
  const { uploadMaxBytes } = uploads;
  const cache = new ChapterCache();

  return {
    name: 'books',
    errors: bookErrors,
    register(app) {
      addConditionalAnswers(app);
      const stop = abortedAtStop(app);

      route(app, routes.books.upload, async ({ user, request, reply }) => {
        const admit = (bytes: number) => kernel.admitBytes(bytes, user.id);
        const form = { limits: uploads, fileField: 'file', fields: NO_FIELDS, admit };
        const { bookId, isNew } = await withForm(request, form, ({ file }) => {
          if (file === undefined) throw noFile();
          return acceptUpload({ db, kernel, uploadMaxBytes, parser, writes }, file, ownerOf(user));
        });
        const book = await readBook(db, bookId, user.id);
        const { job_id: jobId } = book;
        const job = jobId === undefined ? null : await findJob(kernel, jobId, user.id);
        reply.header('location', `/api/v1/books/${bookId}`);
        return answer(isNew ? 201 : 200, { book, job });
      });

      route(app, routes.books.list, ({ query, user }) => listBooks(db, user.id, query));

      route(app, routes.books.get, async ({ params, user, reply }) => {
        const book = await readBook(db, params.id, user.id);
        setEntityTag(reply, book);
        return book;
      });

      route(app, routes.books.remove, async ({ params, user }) => {
        await deleteBook({ db, kernel }, params.id, user.id);
        return answer(204, undefined);
      });

      route(app, routes.books.cover, ({ params, user, reply }) =>
        sendImage(db, reply, { bookId: params.id, ownerId: user.id }),
      );

      route(app, routes.books.image, ({ params, user, reply }) =>
        sendImage(db, reply, { bookId: params.id, ownerId: user.id, image: params.imageId }),
      );

      route(app, routes.books.chapter, async ({ params, user, reply }) => {
        await assertOwnBook(db, params.id, user.id);
        const state = await readChapterState(db, params.id, params.n);
        const { text_hash: textHash, parser_version: parserVersion } = state;
        const chapter = presentChapter(state);
        setEntityTag(reply, [chapter, textHash, parserVersion]);
        return {
          ...chapter,
          ...(await renderChapter(db, cache, state)),
          text_hash: textHash,
        };
      });

      addVersionRoutes(app, options);
      addSearchRoute(app, db);
      addPositionRoutes(app, options);

      route(app, routes.books.descriptions, async (context) => {
        const { params, query, user, request } = context;
        await assertOwnBook(db, params.id, user.id);
        if (!query.extract_new) return answer(200, await describe(options, context));
        assertMayStartWork(request);
        assertMayWrite(user);
        return await extract(options, context, stop);
      });

      route(app, routes.books.extractDescriptions, async (context) => {
        await assertOwnBook(db, context.params.id, context.user.id);
        return await extract(options, context, stop);
      });
    },
  };
}

/** 200 once the descriptions are there, or cannot be had; 202 for as long as a job is at it. */
async function extract(options: BooksOptions, context: ChapterRequest, stop: AbortSignal) {
  const { params, user, request, reply } = context;
  const { kernel } = options;
  const submission = randomUUID();
  const jobId = await kernel.transaction((tx) =>
    extractDescriptions(tx, kernel, {
      bookId: params.id,
      chapter: params.n,
      owner: ownerOf(user),
      submission,
    }),
  );
  const seconds = jobId === undefined ? 0 : preferredWait(request);
  if (jobId !== undefined && seconds > 0) {
    reply.header('preference-applied', `wait=${seconds}`);
    await waitForEnd(kernel, jobId, seconds, AbortSignal.any([stop, readerGone(reply)]));
  }
  const body = await describe(options, context);
  if (jobId === undefined || body.status !== 'preparing') return answer(200, body);
  reply.headers({ location: `/api/v1/jobs/${jobId}`, 'retry-after': 1 });
  return answer(202, body);
}

/** Null for one that was deleted with its book since the book was read. */
async function findJob(kernel: Kernel, jobId: number, ownerId: number): Promise<Job | null> {
  try {
    return presentJob(await kernel.job(jobId, ownerId));
  } catch (error) {
    if (error instanceof JobNotFoundError) return null;
    throw error;
  }
}

function describe({ db, kernel }: BooksOptions, { params, user, reply }: ChapterRequest) {
  const request = { db, kernel, bookId: params.id, chapter: params.n, ownerId: user.id };
  return presentDescriptions(request, reply);
}

/**
 * Drawn, never run: a picture that a browser is made to open as a page gets no script, no plug-in and nothing from elsewhere. The
 * reader of the file has looked at the bytes, so its media type is the truth.
 */
async function sendImage(
  db: Queryable,
  reply: FastifyReply,
  wanted: Parameters<typeof readImage>[1],
) {
  const { bytes, sha256, media_type: mediaType } = await readImage(db, wanted);
  setEntityTag(reply, sha256);
  reply.headers({
    'content-type': mediaType,
    'content-disposition': 'inline',
    'x-content-type-options': 'nosniff',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'",
  });
  return bytes;
}

/** The route is a GET, for which the scope `read` would do. */
function assertMayWrite(user: Caller): void {
  if (user.scopes.includes('write')) return;
  throw platformError('auth.forbidden', {
    detail: `extract_new=true starts work and needs the scope "write"; the API key has ${user.scopes.join(', ')}.`,
  });
}

/** Whoever waits for a job does not hold up the stop of the server. */
function abortedAtStop(app: FastifyInstance): AbortSignal {
  const stopping = new AbortController();
  app.addHook('preClose', async () => stopping.abort());
  return stopping.signal;
}
