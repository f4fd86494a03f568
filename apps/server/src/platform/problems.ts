import { declaredParams, type Problem } from '@scriptorium/contract';
import { isTransient } from '@scriptorium/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDiskFull } from './database.ts';
import { AppError, platformError, type ErrorRegistry } from './errors.ts';

/**
 * Turns whatever was thrown into what the caller is told.
 *
 * An error of a package below (a parser, the kernel) is shown when a feature has declared its code; its message is then
 * written for users. Everything unforeseen is `server.error`, with the status 503 rather than 500: the server's promise
 * is that nothing but 503 and 507 comes back from its side, so that clients and proxies need to know only "your
 * request was fine, try later". The code tells a bug from an outage, and only an outage has a `Retry-After`.
 */
export function toAppError(
  error: unknown,
  registry: ErrorRegistry,
  request: FastifyRequest,
): AppError {
  if (error instanceof AppError) return error;
  const code = textOf(error, 'code');
  const declared = registry.get(code);
  if (declared !== undefined) {
    return new AppError(code, declared.status, declared.title, {
      detail: textOf(error, 'message'),
      params: declaredParams(code, detailsOf(error)),
      cause: error,
    });
  }
  if (isDiskFull(error)) {
    return platformError('server.disk_full', {
      detail: 'The disk of the server is full; nothing was stored. Its operator has to make room.',
      cause: error,
    });
  }
  if (request.raw.readableAborted) {
    return platformError('request.aborted', {
      detail: 'The connection was closed before the request had arrived. Nothing of it was kept.',
      cause: error,
    });
  }
  if (isTransient(error)) {
    return platformError('server.unavailable', {
      detail: 'The database does not answer. What was accepted before is kept; try again shortly.',
      retryAfter: 5,
      cause: error,
    });
  }
  return fromFramework(error, request) ?? unforeseen(error, request.id);
}

/** The parser of multipart forms gives its errors no code. */
const BROKEN_FORM =
  /^(?:Multipart: Boundary not found|The needle cannot|.*end of multipart data$)/u;

/** What Fastify and its plugins refuse on their own: their codes begin with FST_, their status says whose fault it is. */
function fromFramework(error: unknown, request: FastifyRequest): AppError | undefined {
  if (BROKEN_FORM.test(textOf(error, 'message'))) {
    return platformError('request.malformed', {
      detail: 'The body is not a whole form of multipart/form-data. Nothing of it was kept.',
      cause: error,
    });
  }
  const status = Number(textOf(error, 'statusCode'));
  if (!textOf(error, 'code').startsWith('FST_') || status < 400 || status > 499) return undefined;
  const options = { detail: `${textOf(error, 'message')}.`, cause: error };
  if (status === 413) {
    const params = { limit_bytes: request.routeOptions.bodyLimit };
    return platformError('request.too_large', { ...options, params });
  }
  if (status === 415 || status === 406) {
    return platformError('request.unsupported_media_type', options);
  }
  return platformError('request.malformed', options);
}

function unforeseen(error: unknown, requestId: string): AppError {
  return platformError('server.error', {
    detail: `The server made a mistake while it answered. Its log has the cause under the request ${requestId}.`,
    cause: error,
  });
}

/** The document as it is sent. `type` leads to the page that lists all codes. */
export function toProblem(error: AppError, requestId: string): Problem {
  return {
    type: `/docs/errors#${error.code}`,
    title: error.title,
    status: error.status,
    detail: error.detail,
    code: error.code,
    ...(error.params === undefined ? {} : { params: error.params }),
    instance: `urn:uuid:${requestId}`,
    ...(error.errors === undefined ? {} : { errors: [...error.errors] }),
    ...(error.retryAfter === undefined ? {} : { retry_after: error.retryAfter }),
  };
}

/** Answers with a problem document; the log gets the cause of everything that is the server's fault. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: AppError): void {
  if (error.status >= 500) {
    request.log.error({ err: error.cause ?? error, code: error.code }, error.message);
  } else {
    // Without the detail: it repeats what was sent, and an address can hold a token.
    request.log.debug({ code: error.code }, 'request refused');
  }
  if (error.retryAfter !== undefined) reply.header('retry-after', error.retryAfter);
  if (error.status === 401) reply.header('www-authenticate', 'Bearer realm="scriptorium"');
  reply
    .code(error.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    // As text: the serializer of the route knows its successes alone.
    .send(JSON.stringify(toProblem(error, request.id)));
}

function textOf(error: unknown, name: 'code' | 'message' | 'statusCode'): string {
  if (typeof error !== 'object' || error === null) return '';
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The values that a package below has put into its message. */
function detailsOf(error: unknown): object {
  if (typeof error !== 'object' || error === null) return {};
  const details: unknown = Reflect.get(error, 'details');
  return typeof details === 'object' && details !== null ? details : {};
}
