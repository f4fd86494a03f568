import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';

const FOLDER = new URL('first-page/', import.meta.url);

/**
 * The page behind the one-time link: whoever has it chooses an e-mail address and a password and is the owner. The token stays in the
 * address and is checked by the API alone, so this page is the same for everybody. The web app has a screen for it; this is what
 * there is without one.
 */
export async function serveFirstPage(app: FastifyInstance): Promise<void> {
  if (app.hasWebApp) return;
  const page = await readFile(new URL('page.html', FOLDER), 'utf8');
  const script = await readFile(new URL('claim.js', FOLDER), 'utf8');
  app.get('/first/claim.js', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(script),
  );
  app.get('/first/:token', { schema: { hide: true } }, (_request, reply) =>
    // The address is a secret: no cache keeps it, and no link out of the page carries it.
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('referrer-policy', 'no-referrer')
      .send(page),
  );
}
