import { jobEventsQuery, jobParams, type Route } from '@scriptorium/contract';
import { isLastEvent, SlowReaderError, type JobEvent, type Kernel } from '@scriptorium/kernel';
import type { WebSocket } from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { assertSameOrigin, type AccessWatch } from '../../platform/access.ts';
import { platformError } from '../../platform/errors.ts';
import { endSocket } from '../../platform/sockets.ts';
import { describeIssues, invalidRequest } from '../../platform/validation.ts';
import { isGone, LOG_ENDS, type LogEnd } from './endings.ts';
import { presentEvent } from './present-job.ts';

/**
 * The event log of a job over WebSocket: a text message an event, the same rows with the same numbers as the stream at
 * `/api/v1/jobs/:id/events`. The server alone speaks. It says why it closes:
 *
 * | code | reason | what to do |
 * | --- | --- | --- |
 * | 1000 | `job.ended` | nothing, the last event was sent |
 * | 1001 | `server.stopping` | open a new one with `?after=` the last number |
 * | 1009 | | send nothing |
 * | 1011 | `server.error` | open a new one later |
 * | 4401 | `auth.expired` | open a new one, with a token that is still good or a new ticket |
 * | 4403 | `auth.revoked` | sign in again: the session, the key or the account is not good any more |
 * | 4404 | `job.not_found` | nothing, the job was deleted |
 * | 4429 | `events.slow_reader` | open a new one with `?after=` the last number |
 */
const ENDINGS = {
  ended: [1000, 'job.ended'],
  broken: [1011, 'server.error'],
  tooSlow: [4429, 'events.slow_reader'],
} as const;

const PING_MS = 20_000;

/** Also without the prefix, for proxies that are told by the first part of a path what to upgrade. */
const PATHS = ['/api/v1/ws/jobs/:id', '/ws/jobs/:id'] as const;

/** For the guard: who may open it, and that a ticket will do. No request-and-answer, so not in the contract's table. */
const socketRoute = {
  method: 'GET',
  summary: "A job's log after a sequence number, over WebSocket",
  tag: 'jobs',
  access: 'user',
  ticket: true,
  responses: { 200: z.undefined() },
} as const satisfies Omit<Route, 'path'>;

export interface JobSocketOptions {
  readonly kernel: Pick<Kernel, 'job' | 'follow'>;
  readonly access: AccessWatch;
  /** How often the client has to show that it is there. Default: 20 s. */
  readonly pingMs?: number;
}

/** Serves the sockets. What is wrong with a request is answered by HTTP, before it becomes a socket. */
export function serveJobSocket(app: FastifyInstance, options: JobSocketOptions): void {
  const { kernel, access, pingMs = PING_MS } = options;
  for (const path of PATHS) {
    app.route({
      method: 'GET',
      url: path,
      config: { contract: { ...socketRoute, path } },
      schema: { hide: true },
      preHandler: async (request) => {
        // A browser sends cookies to a socket from any page, and asks nobody whether that page may read it.
        if (request.user?.via === 'cookie') assertSameOrigin(request);
        const { id } = addressOf(request);
        await kernel.job(id, callerOf(request).id);
      },
      handler: (request) => {
        throw platformError('request.malformed', {
          detail: `This address speaks WebSocket alone. Without it, read /api/v1/jobs/${addressOf(request).id}/events.`,
        });
      },
      wsHandler: (socket, request) => {
        const { id, after } = addressOf(request);
        const gone = new AbortController();
        const began = performance.now();
        const caller = callerOf(request);
        const stopWatching = access.watch(caller, (end) => endLog(socket, end));
        const stopPinging = startPinging(socket, pingMs);
        socket.once('close', (code) => {
          gone.abort();
          stopWatching();
          stopPinging();
          const seconds = Math.round((performance.now() - began) / 1000);
          request.log.info({ code, seconds, user: caller.id, jobId: id }, `WS ${path}`);
        });
        const whyEnded = async () => {
          if (!(await isGone(kernel, id, caller.id))) return 'ended';
          // Deleted with the account, perhaps: then the reader hears of that.
          await access.look();
          return 'deleted';
        };
        void sendEvents(socket, kernel.follow(id, after, gone.signal), request, whyEnded);
      },
    });
  }
}

function addressOf(request: FastifyRequest): { id: number; after: number } {
  const params = jobParams.safeParse(request.params);
  const query = jobEventsQuery.pick({ after: true }).safeParse(request.query);
  if (params.success && query.success) return { ...params.data, ...query.data };
  throw invalidRequest([
    ...(params.error ? describeIssues('params', params.error, request.params) : []),
    ...(query.error ? describeIssues('query', query.error, request.query) : []),
  ]);
}

function callerOf({ user }: FastifyRequest) {
  if (user === null) throw new TypeError('A socket is reached by a caller whom nobody has checked');
  return user;
}

/** A client that is silent from one ping to the next is gone, whatever its network believes. */
function startPinging(socket: WebSocket, pingMs: number): () => void {
  let isThere = true;
  socket.on('pong', () => {
    isThere = true;
  });
  const ping = setInterval(() => {
    if (!isThere) return socket.terminate();
    isThere = false;
    socket.ping();
  }, pingMs);
  return () => clearInterval(ping);
}

function endLog(socket: WebSocket, end: LogEnd): void {
  const { closeCode, code } = LOG_ENDS[end];
  endSocket(socket, closeCode, code);
}

/** Nothing is sent that the reader has not made room for: what it does not take waits in the kernel's bounded buffer. */
async function sendEvents(
  socket: WebSocket,
  events: AsyncIterable<JobEvent>,
  request: FastifyRequest,
  whyEnded: () => Promise<'ended' | 'deleted'>,
): Promise<void> {
  let isWhole = false;
  try {
    for await (const event of events) {
      await send(socket, JSON.stringify(presentEvent(event)));
      isWhole = isLastEvent(event);
    }
    if (socket.readyState !== socket.OPEN) return;
    const end = isWhole ? 'ended' : await whyEnded();
    if (end === 'deleted') endLog(socket, end);
    else endSocket(socket, ...ENDINGS.ended);
  } catch (error) {
    // Somebody has said goodbye; what could not be sent any more is read by the next socket.
    if (socket.readyState !== socket.OPEN) return;
    if (error instanceof SlowReaderError) return endSocket(socket, ...ENDINGS.tooSlow);
    request.log.error({ err: error }, 'The events of a job could not be sent');
    endSocket(socket, ...ENDINGS.broken);
  }
}

function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(text, (error) => (error ? reject(error) : resolve()));
  });
}
