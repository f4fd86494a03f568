import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

/**
 * The submission id of a request that names itself (`Idempotency-Key`): the same request sent twice, after an answer that
 * was lost, makes one job.
 */
export function submissionOf(request: FastifyRequest, userId: number): string | undefined {
  const { 'idempotency-key': key } = request.headers;
  if (typeof key !== 'string' || key === '') return undefined;
  const digest = createHash('sha256')
    .update(JSON.stringify([userId, request.method, request.url, key]))
    .digest('hex');
  return digest.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/u, '$1-$2-$3-$4-');
}
