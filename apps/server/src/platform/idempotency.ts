import { createHash, randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { platformError } from './errors.ts';
import {
  dropClaim,
  findRequest,
  insertClaim,
  LEASE_SECONDS,
  renewClaim,
  storeAnswer,
  type Claim,
} from './idempotency.repo.ts';
import { namesOf, seal, unseal, type KeptAnswer } from './sealed-answer.ts';
import { invalidRequest } from './validation.ts';

/** A request that names itself, as its route sees it. */
export interface NamedRequest {
  /** It was answered before, and nothing of it will be done. */
  readonly isRepeated: boolean;
  /**
   * Called once it is known what the request says, and before anything is done about it.
   *
   * @param content everything the request says; of a file, its name and its hash
   * @throws FirstAnswer for a request that was answered before
   * @throws AppError `request.idempotency_key_reused` if that one said something else
   */
  meet(content: unknown): void;
  /** Told of the answer before it is sent. */
  answered(reply: FastifyReply, payload: unknown): Promise<void>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for requests without a name, and where names mean nothing. */
    named?: NamedRequest | null;
  }
}

/** Not an error but a short cut: what was answered the first time is to be sent, and nothing to be done. */
export class FirstAnswer extends Error {
  readonly answer: KeptAnswer;

  constructor(answer: KeptAnswer) {
    super('The request was answered before');
    this.name = 'FirstAnswer';
    this.answer = answer;
  }
}

/** Sends the first answer again, marked as such. */
export function sendFirstAnswer(reply: FastifyReply, { status, headers, body }: KeptAnswer) {
  reply.code(status).headers({ ...headers, 'idempotent-replayed': 'true' });
  return body === '' ? reply.send() : reply.send(body);
}

/** Headers that belong to the answer; all others are of the moment. */
const KEPT_HEADERS = ['content-type', 'location', 'retry-after'] as const;
/** What is larger is not kept; a job that such a request has made is found again by its submission. */
const MAX_KEPT_LENGTH = 5_000_000;
const MAX_KEY_LENGTH = 255;
const BUSY_RETRY_SECONDS = 2;

/**
 * Requests that name themselves with `Idempotency-Key` are done once: whoever repeats one gets the first answer, for 24 hours and from any
 * server. The same user, method, path and key are the same request. It is known by a row that is written before anything is done, so of two
 * that come at the same time the second is told to wait.
 *
 * Successes alone are kept. What was refused has created nothing, so it may be sent again under the same key once its cause is mended: a
 * 402 after a grant, a 413 after something was deleted, a mistake after it was corrected.
 *
 * Registered after the guards of routes, because a request without a caller has no name.
 */
export function guardRepetitions(app: FastifyInstance, pool: Pool): void {
  app.decorateRequest('named', null);
  app.addHook('onRequest', async (request) => {
    const { contract } = request.routeOptions.config;
    const key = request.headers['idempotency-key'];
    if (contract?.method !== 'POST' || request.user === null || key === undefined) return;
    request.named = await nameRequest(pool, request, request.user.id, String(key));
  });
  app.addHook('onSend', async (request, reply, payload) => {
    await request.named?.answered(reply, payload);
    return payload;
  });
}

async function nameRequest(
  pool: Pool,
  request: FastifyRequest,
  userId: number,
  key: string,
): Promise<NamedRequest> {
  if (key === '' || key.length > MAX_KEY_LENGTH) {
    throw invalidRequest([
      {
        path: 'headers.idempotency-key',
        message: `Expected 1 to ${MAX_KEY_LENGTH} characters, such as a UUID`,
      },
    ]);
  }
  const [path] = request.url.split('?', 1);
  const names = namesOf(JSON.stringify([userId, request.method, path, key]));
  const claim: Claim = { id: names.id, claim: randomUUID() };
  // More than once only where the first one is given up just now.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (await insertClaim(pool, claim, userId)) {
      return firstRequest(pool, claim, names.sealKey, request);
    }
    const known = await findRequest(pool, claim.id);
    if (known?.answer) return repeatedRequest(unseal(known.answer, names.sealKey), request);
    if (known !== undefined) break;
  }
  throw platformError('request.in_progress', {
    detail:
      'The first request with this Idempotency-Key is still being answered. Send it again in a moment to get its answer.',
    retryAfter: BUSY_RETRY_SECONDS,
  });
}

function repeatedRequest(answer: KeptAnswer, request: FastifyRequest): NamedRequest {
  return {
    isRepeated: true,
    meet: (content) => {
      if (digestOf(request, content) === answer.content) throw new FirstAnswer(answer);
      throw platformError('request.idempotency_key_reused', {
        detail:
          'This Idempotency-Key belongs to a request with another body. Nothing was done; use a new key for another request.',
      });
    },
    answered: async () => {},
  };
}

function firstRequest(
  pool: Pool,
  claim: Claim,
  sealKey: Buffer,
  request: FastifyRequest,
): NamedRequest {
  let said: string | undefined;
  const renewal = setInterval(
    () => {
      renewClaim(pool, claim).catch((error: unknown) => {
        request.log.warn({ err: error }, 'The claim on a named request could not be renewed');
      });
    },
    (LEASE_SECONDS * 1000) / 3,
  );
  renewal.unref();
  return {
    isRepeated: false,
    meet: (content) => {
      said = digestOf(request, content);
    },
    answered: async (reply, payload) => {
      clearInterval(renewal);
      const answer = said === undefined ? undefined : toKeep(reply, payload, said);
      try {
        if (answer === undefined) await dropClaim(pool, claim);
        else await storeAnswer(pool, claim, seal(answer, sealKey));
      } catch (error) {
        // What was done is done, and its answer is due; a repetition then meets what guards the work itself.
        request.log.warn({ err: error }, 'The answer to a named request was not kept');
      }
    },
  };
}

function toKeep(reply: FastifyReply, payload: unknown, content: string): KeptAnswer | undefined {
  const body = payload ?? '';
  if (reply.statusCode >= 300 || typeof body !== 'string' || body.length > MAX_KEPT_LENGTH) {
    return undefined;
  }
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = reply.getHeader(name);
    if (value !== undefined) headers[name] = String(value);
  }
  return { content, status: reply.statusCode, headers, body };
}

function digestOf(request: FastifyRequest, content: unknown): string {
  const [, query = ''] = request.url.split('?', 2);
  return createHash('sha256')
    .update(JSON.stringify([query, content ?? null]))
    .digest('base64url');
}
