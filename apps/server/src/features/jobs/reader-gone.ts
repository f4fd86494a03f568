import type { FastifyReply } from 'fastify';

/**
 * Aborted once the answer is over: sent whole, or its reader has gone. Of the answer, because a request's `close` comes
 * once its body has been read, and a stream's own only after its source has let go.
 */
export function readerGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
