import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';

/**
 * Names a version of an answer. Made of what was read from the database for this very answer, so that no process can confirm one that
 * another has outdated.
 */
export function setEntityTag(reply: FastifyReply, version: unknown): void {
  const hash = createHash('sha256').update(JSON.stringify(version)).digest('base64url');
  reply.headers({ etag: `"${hash.slice(0, 27)}"`, 'cache-control': 'private, no-cache' });
}

/** Answers 304 to whoever has the current version already (RFC 9110, section 13.1.2). */
export function addConditionalAnswers(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const etag = reply.getHeader('etag');
    const { 'if-none-match': known } = request.headers;
    if (request.method !== 'GET' || reply.statusCode !== 200 || known === undefined) return payload;
    const tags = known.split(',').map((tag) => tag.trim().replace(/^W\//u, ''));
    if (etag === undefined || !tags.some((tag) => tag === etag || tag === '*')) return payload;
    reply.code(304).removeHeader('content-length').removeHeader('content-type');
    return '';
  });
}
