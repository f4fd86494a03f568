import { z } from 'zod';
import * as accounts from './accounts.ts';
import * as books from './books.ts';
import * as jobs from './jobs.ts';
import * as operations from './operations.ts';

/** `public`: anybody. `user`: whoever is signed in. `owner`: the owner of the installation alone. */
export type Access = 'public' | 'user' | 'owner';

/** One endpoint, as the server serves it, the client calls it and the reference describes it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute, with `:name` for a parameter. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  /** What the caller must be allowed; without it, `read` for GET and `write` for everything else. */
  readonly scope?: accounts.Scope;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** The fields of a `multipart/form-data` body, which the handler reads as a stream. */
  readonly form?: z.ZodType;
  /** The answers that are successes; every other one is a problem document. */
  readonly responses: Readonly<Record<number, z.ZodType>>;
  /** With `Accept: text/event-stream` it answers with server-sent events. */
  readonly streams?: true;
  /** A one-time ticket in the query (`?ticket=`) lets in a reader that cannot send headers. */
  readonly ticket?: true;
}

function defineRoutes<const Routes extends Readonly<Record<string, Route>>>(table: Routes): Routes {
  return table;
}

const NO_CONTENT = z.undefined().describe('No content');

const auth = defineRoutes({
  login: {
    method: 'POST',
    path: '/api/v1/auth/login',
    summary: 'Sign in with e-mail and password',
    tag: 'accounts',
    access: 'public',
    body: accounts.loginBody,
    responses: { 200: accounts.sessionSchema },
  },
  claim: {
    method: 'POST',
    path: '/api/v1/auth/claim',
    summary: 'Become the owner of a new installation with its one-time token',
    tag: 'accounts',
    access: 'public',
    body: accounts.claimBody,
    responses: { 201: accounts.sessionSchema },
  },
  refresh: {
    method: 'POST',
    path: '/api/v1/auth/refresh',
    summary: 'Exchange a refresh token for a new pair of tokens',
    tag: 'accounts',
    access: 'public',
    body: accounts.refreshBody,
    responses: { 200: accounts.sessionSchema },
  },
  logout: {
    method: 'POST',
    path: '/api/v1/auth/logout',
    summary: 'End the session that a refresh token belongs to',
    tag: 'accounts',
    access: 'public',
    body: accounts.refreshBody,
    responses: { 204: NO_CONTENT },
  },
  me: {
    method: 'GET',
    path: '/api/v1/me',
    summary: 'Who the caller is',
    tag: 'accounts',
    access: 'user',
    responses: { 200: accounts.meSchema },
  },
});

const apiKeys = defineRoutes({
  list: {
    method: 'GET',
    path: '/api/v1/api-keys',
    summary: "The caller's API keys, newest first",
    tag: 'accounts',
    access: 'user',
    scope: 'account',
    responses: { 200: accounts.apiKeyListSchema },
  },
  create: {
    method: 'POST',
    path: '/api/v1/api-keys',
    summary: 'Make an API key; the answer shows it once',
    tag: 'accounts',
    access: 'user',
    scope: 'account',
    body: accounts.apiKeyBody,
    responses: { 201: accounts.apiKeyCreatedSchema },
  },
  revoke: {
    method: 'DELETE',
    path: '/api/v1/api-keys/:id',
    summary: 'Make an API key useless from now on',
    tag: 'accounts',
    access: 'user',
    scope: 'account',
    params: accounts.apiKeyParams,
    responses: { 204: NO_CONTENT },
  },
});

const bookRoutes = defineRoutes({
  upload: {
    method: 'POST',
    path: '/api/v1/books/upload',
    summary:
      'Hand in a book; its chapters are prepared at once. 200 for a book that was there already',
    tag: 'books',
    access: 'user',
    form: books.bookUploadForm,
    responses: { 200: books.bookUploadedSchema, 201: books.bookUploadedSchema },
  },
  list: {
    method: 'GET',
    path: '/api/v1/books',
    summary: "The caller's books, newest first",
    tag: 'books',
    access: 'user',
    query: books.bookListQuery,
    responses: { 200: books.bookListSchema },
  },
  get: {
    method: 'GET',
    path: '/api/v1/books/:id',
    summary: 'One book with its chapters',
    tag: 'books',
    access: 'user',
    params: books.bookParams,
    responses: { 200: books.bookSchema },
  },
  chapter: {
    method: 'GET',
    path: '/api/v1/books/:id/chapters/:n',
    summary: 'One chapter to read',
    tag: 'books',
    access: 'user',
    params: books.chapterParams,
    responses: { 200: books.chapterSchema },
  },
  descriptions: {
    method: 'GET',
    path: '/api/v1/books/:id/chapters/:n/descriptions',
    summary: 'The descriptions of a chapter; extract_new=true prepares it if nobody has',
    tag: 'books',
    access: 'user',
    params: books.chapterParams,
    query: books.descriptionsQuery,
    responses: { 200: books.descriptionsSchema, 202: books.descriptionsSchema },
  },
  extractDescriptions: {
    method: 'POST',
    path: '/api/v1/books/:id/chapters/:n/descriptions',
    summary: 'Prepare the descriptions of a chapter, or join who is doing it',
    tag: 'books',
    access: 'user',
    params: books.chapterParams,
    responses: { 200: books.descriptionsSchema, 202: books.descriptionsSchema },
  },
  reprocess: {
    method: 'POST',
    path: '/api/v1/books/:id/chapters/:n/reprocess',
    summary:
      'Prepare a chapter anew, and correct its class if the body says so; what was there stays until the new version is. 200 when there is nothing to prepare',
    tag: 'books',
    access: 'user',
    params: books.chapterParams,
    body: books.reprocessBody,
    responses: { 200: books.reprocessedSchema, 202: books.reprocessedSchema },
  },
  undoReprocess: {
    method: 'POST',
    path: '/api/v1/books/:id/chapters/:n/reprocess/undo',
    summary: 'Undo the last correction or new version of a chapter that is not undone yet',
    tag: 'books',
    access: 'user',
    params: books.chapterParams,
    responses: { 200: books.chapterSummarySchema },
  },
  prepare: {
    method: 'POST',
    path: '/api/v1/books/:id/prepare',
    summary: 'Prepare all chapters that are not ready. 200 when none is left',
    tag: 'books',
    access: 'user',
    params: books.bookParams,
    responses: { 200: books.preparedSchema, 202: books.preparedSchema },
  },
  cover: {
    method: 'GET',
    path: '/api/v1/books/:id/cover',
    summary: 'The picture on the cover of a book',
    tag: 'books',
    access: 'user',
    params: books.bookParams,
    responses: { 200: books.pictureSchema },
  },
  image: {
    method: 'GET',
    path: '/api/v1/books/:id/images/:imageId',
    summary: 'A picture in a chapter',
    tag: 'books',
    access: 'user',
    params: books.imageParams,
    responses: { 200: books.pictureSchema },
  },
  remove: {
    method: 'DELETE',
    path: '/api/v1/books/:id',
    summary: 'Delete a book with everything made of it, and stop what is being made',
    tag: 'books',
    access: 'user',
    params: books.bookParams,
    responses: { 204: NO_CONTENT },
  },
});

const jobRoutes = defineRoutes({
  list: {
    method: 'GET',
    path: '/api/v1/jobs',
    summary: "The caller's jobs, newest first",
    tag: 'jobs',
    access: 'user',
    query: jobs.jobListQuery,
    responses: { 200: jobs.jobListSchema },
  },
  get: {
    method: 'GET',
    path: '/api/v1/jobs/:id',
    summary: 'One job',
    tag: 'jobs',
    access: 'user',
    params: jobs.jobParams,
    responses: { 200: jobs.jobSchema },
  },
  events: {
    method: 'GET',
    path: '/api/v1/jobs/:id/events',
    summary: "A job's log after a sequence number, as a stream or as a list",
    tag: 'jobs',
    access: 'user',
    params: jobs.jobParams,
    query: jobs.jobEventsQuery,
    responses: { 200: jobs.jobEventsSchema },
    streams: true,
    ticket: true,
  },
  cancel: {
    method: 'POST',
    path: '/api/v1/jobs/:id/cancel',
    summary: 'Stop a job; what it holds is given back',
    tag: 'jobs',
    access: 'user',
    params: jobs.jobParams,
    responses: { 200: jobs.jobSchema },
  },
  retry: {
    method: 'POST',
    path: '/api/v1/jobs/:id/retry',
    summary: 'Do again what failed, as a new job',
    tag: 'jobs',
    access: 'user',
    params: jobs.jobParams,
    responses: { 202: jobs.jobSchema },
  },
  ticket: {
    method: 'POST',
    path: '/api/v1/stream-tickets',
    summary:
      'A one-time ticket, good for 60 seconds, to open the event stream of a job without headers',
    tag: 'jobs',
    access: 'user',
    scope: 'read',
    body: jobs.streamTicketBody,
    responses: { 201: jobs.streamTicketSchema },
  },
});

const operationRoutes = defineRoutes({
  health: {
    method: 'GET',
    path: '/healthz',
    summary: 'The process answers',
    tag: 'operations',
    access: 'public',
    responses: { 200: operations.healthSchema },
  },
  ready: {
    method: 'GET',
    path: '/readyz',
    summary: 'The process can do its work',
    tag: 'operations',
    access: 'public',
    responses: { 200: operations.readinessSchema },
  },
  metrics: {
    method: 'GET',
    path: '/metrics',
    summary: 'What operators watch, in the text format of Prometheus',
    tag: 'operations',
    access: 'owner',
    responses: { 200: operations.metricsSchema },
  },
});

/** Everything the server serves. */
export const routes = {
  auth,
  apiKeys,
  books: bookRoutes,
  jobs: jobRoutes,
  operations: operationRoutes,
} as const;
