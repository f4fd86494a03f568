import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Where apps/web/build.ts keeps its builds, and names the one to serve. */
const BUILDS = new URL('../../../web/dist/', import.meta.url);

/** Addresses that are never a screen of the web app: a program that asks for one in vain has to be told so. */
const NOT_SCREENS = /^\/(?:api|ws|docs|assets|metrics|healthz|readyz)(?:\/|$)/u;

declare module 'fastify' {
  interface FastifyInstance {
    /** False where nothing was built: then there is the API alone. */
    hasWebApp: boolean;
  }
}

/** The web app, as this server serves it. */
export interface WebApp {
  /** True for a browser that asks for a screen. */
  isScreen(request: FastifyRequest): boolean;
  /** Sends the page that draws every screen. */
  sendPage(request: FastifyRequest, reply: FastifyReply): FastifyReply;
}

/** The folder with the build to serve; undefined where nothing was built. */
export async function findWebApp(builds: URL = BUILDS): Promise<string | undefined> {
  try {
    const name = await readFile(new URL('current', builds), 'utf8');
    return path.join(builds.pathname, name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Serves the files of a build. Those below /assets have the hash of their content in their names and never change; the others
 * are asked for anew each time.
 */
export async function serveWebApp(app: FastifyInstance, folder: string): Promise<WebApp> {
  const page = await readFile(path.join(folder, 'index.html'), 'utf8');
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    wildcard: false,
    globIgnore: ['index.html*', '.vite/**', '**/*.{br,gz}'],
    preCompressed: true,
    cacheControl: false,
    schemaHide: true,
    setHeaders(reply, file) {
      const isHashed = path.relative(folder, file).startsWith('assets');
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return {
    isScreen: ({ method, headers, url }) =>
      (method === 'GET' || method === 'HEAD') &&
      (headers.accept?.includes('text/html') ?? false) &&
      !NOT_SCREENS.test(url.split('?', 1)[0] ?? ''),
    sendPage: (request, reply) => sendPage(page, request, reply),
  };
}

/** The page is small and has a nonce of its own each time, so it is neither kept nor compressed. */
function sendPage(page: string, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const nonce = randomBytes(16).toString('base64');
  // The address of the one-time link is a secret: no cache keeps it, and no link out of the page carries it.
  const isSecret = request.url.startsWith('/first/');
  if (isSecret) reply.header('referrer-policy', 'no-referrer');
  return reply
    .code(200)
    .type('text/html; charset=utf-8')
    .header('cache-control', isSecret ? 'no-store' : 'no-cache')
    .header('content-security-policy', pagePolicy(nonce))
    .send(page.replace('name="csp-nonce" content=""', `name="csp-nonce" content="${nonce}"`));
}

/**
 * Nothing but what this server serves. The nonce is for the styles that the interface library makes at run time (its variables and
 * the lock of a dialog); 'unsafe-inline' would allow the same to a style in a hostile book.
 */
function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
