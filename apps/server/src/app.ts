import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import { routes } from '@scriptorium/contract';
import {
  fastify,
  LogController,
  type ConnectionError,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { Config } from './config.ts';
import { guardRoutes, type Authenticate } from './platform/access.ts';
import { assembleErrors, platformError, platformErrors } from './platform/errors.ts';
import { setSecurityHeaders } from './platform/headers.ts';
import type { Log } from './platform/log.ts';
import { registerReference } from './platform/openapi.ts';
import { parsingErrors } from './platform/parsing/parsing.errors.ts';
import { sendProblem, toAppError, toProblem } from './platform/problems.ts';
import { route, type Feature } from './platform/routes.ts';
import { registerSockets } from './platform/sockets.ts';
import { serveWebApp, type WebApp } from './platform/web-app.ts';

/** Bodies that are read into memory; uploads are streamed and have a limit of their own. */
const JSON_BODY_LIMIT_BYTES = 1_000_000;

export interface AppOptions {
  readonly config: Pick<Config, 'publicUrl' | 'trustProxy' | 'uploadMaxBytes'>;
  readonly log: Log;
  readonly features: readonly Feature[];
  readonly authenticate: Authenticate;
  /** Throws when the process cannot do its work; asked by `/readyz`. */
  readonly checkReadiness: () => Promise<void>;
  /** Further guards, which see every request after its caller is known and before its body is read. */
  readonly guards?: readonly ((app: FastifyInstance) => void)[];
  /** The folder of the built web app; without it there is the API alone. */
  readonly webApp?: string | undefined;
}

/**
 * Puts the HTTP side together; `listen` starts it and {@link stopApp} ends it.
 *
 * @throws TypeError when two features declare the same error code
 */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { config, log, features, authenticate } = options;
  const errors = assembleErrors([
    platformErrors,
    parsingErrors,
    ...features.map((feature) => feature.errors ?? {}),
  ]);
  const fail = (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
    sendProblem(request, reply, toAppError(error, errors, request));

  const loggerInstance: FastifyBaseLogger = log;
  const app = fastify({
    loggerInstance,
    logController: new AccessLog(),
    trustProxy: trustedProxies(config.trustProxy),
    bodyLimit: JSON_BODY_LIMIT_BYTES,
    genReqId: () => randomUUID(),
    return503OnClosing: false,
    frameworkErrors: fail,
    clientErrorHandler: answerBrokenRequest,
  });
  app.setErrorHandler(fail);
  let webApp: WebApp | undefined;
  app.setNotFoundHandler((request, reply) =>
    webApp?.isScreen(request)
      ? webApp.sendPage(request, reply)
      : fail(unknownRoute(request), request, reply),
  );
  app.setValidatorCompiler(() => (value) => ({ value }));
  app.setSerializerCompiler(serializerCompiler);
  allowEmptyJson(app);
  refuseWhileClosing(app);
  setSecurityHeaders(app, config.publicUrl);
  await app.register(cookie);
  await app.register(multipart, {
    limits: { fileSize: config.uploadMaxBytes, files: 1, fields: 20, fieldSize: 10_000 },
  });
  await registerSockets(app);
  guardRoutes(app, config.publicUrl, authenticate);
  for (const guard of options.guards ?? []) guard(app);
  await registerReference(app, errors);
  app.decorate('hasWebApp', options.webApp !== undefined);
  if (options.webApp !== undefined) webApp = await serveWebApp(app, options.webApp);

  route(app, routes.operations.health, () => ({ status: 'ok' }));
  route(app, routes.operations.ready, async () => {
    await options.checkReadiness();
    return { status: 'ready' };
  });
  for (const feature of features) {
    await app.register(async (scope) => feature.register(scope));
  }
  return app;
}

/**
 * Lets requests in progress end, refuses new ones, and cuts off what is still there after `drainSeconds`.
 */
export async function stopApp(app: FastifyInstance, drainSeconds: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), drainSeconds * 1000);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}

/** One line a request, when it is over. The path is the route's, so that no ticket or token of a URL is written down. */
class AccessLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const fields = {
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      user: request.user?.id,
      ...(error ? { err: error } : {}),
    };
    request.log.info(fields, `${request.method} ${request.routeOptions.url ?? 'unknown route'}`);
  }
}

function trustedProxies(setting: Config['trustProxy']) {
  // Fastify takes a number for "this many hops" only as a function.
  if (typeof setting !== 'number') return setting;
  return (_address: string, hop: number) => hop < setting;
}

/** Many HTTP libraries name a content type for a POST without a body; that is not a mistake worth refusing. */
function allowEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parse(request, String(body), done);
  });
}

/** A server that stops says so in the form of every other error; Fastify's own refusal is not a problem document. */
function refuseWhileClosing(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook('preClose', async () => void (isClosing = true));
  app.addHook('onRequest', async (_request, reply) => {
    if (!isClosing) return;
    reply.header('connection', 'close');
    throw platformError('server.stopping', {
      detail: 'The server is stopping. What it has accepted is kept; try again shortly.',
      retryAfter: 5,
    });
  });
}

function unknownRoute(request: FastifyRequest) {
  const [path] = request.url.split('?', 1);
  return platformError('request.unknown_route', {
    detail: `There is no ${request.method} ${path}. The reference at /docs lists what there is.`,
  });
}

/** What Node could not read as HTTP never becomes a request, so it is answered by hand. */
function answerBrokenRequest(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = platformError('request.malformed', {
    detail: `This is not a request of HTTP/1.1 (${error.code}).`,
  });
  const body = JSON.stringify(toProblem(problem, randomUUID()));
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
