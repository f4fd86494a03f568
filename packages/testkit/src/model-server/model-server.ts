/**
 * A model as the network shows it, with a script for a mind: it speaks OpenAI's chat completions over real HTTP, so that
 * what a test sees is what the client's library makes of headers, statuses, broken bodies and broken connections.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { completionBody, reply, type ModelReply } from './replies.ts';

/** One request as it came. */
export interface ModelRequest {
  /** 0 for the first. */
  readonly index: number;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly model: string;
  /** Text of the system messages. */
  readonly instructions: string;
  /** Text of the user's messages. */
  readonly prompt: string;
  /** The body as it came, parsed. */
  readonly body: unknown;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** The client closed the connection before it had an answer. */
  readonly isAborted: boolean;
  /** Resolves once the connection has ended; true if the client closed it before it had an answer. */
  readonly closed: Promise<boolean>;
}

/**
 * Replies in order, or what to reply to each request. A function may return a promise: the answer is then as slow as the
 * test wants. A list that is over answers 500.
 */
export type ModelScript =
  | readonly ModelReply[]
  | ((request: ModelRequest) => ModelReply | Promise<ModelReply>);

export interface ModelServer {
  /** What an OpenAI-compatible client takes as its base URL. */
  readonly url: string;
  /** In order of arrival. */
  readonly requests: readonly ModelRequest[];
  /** Goes on with another script from the next request on. */
  follow(script: ModelScript): void;
  /** Resolves once so many requests have come, with the last of them. */
  received(count: number): Promise<ModelRequest>;
  /** Breaks open connections and stops. */
  close(): Promise<void>;
}

interface Arrivals {
  readonly requests: ModelRequest[];
  readonly waiting: Set<() => void>;
}

/** Starts a scripted model on a free port of this machine. */
export async function startModelServer(script: ModelScript): Promise<ModelServer> {
  const arrivals: Arrivals = { requests: [], waiting: new Set() };
  let next = follower(script);
  const server = createServer((incoming, response) => {
    serve(incoming, response, arrivals, (request) => next(request)).catch((error: unknown) => {
      // A script that throws is a mistake in a test: it must show, and not as a hanging request.
      response
        .writeHead(500)
        .end(JSON.stringify({ error: { message: `script: ${String(error)}` } }));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests: arrivals.requests,
    follow: (script) => {
      next = follower(script);
    },
    received: (count) => received(arrivals, count),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function follower(
  script: ModelScript,
): (request: ModelRequest) => ModelReply | Promise<ModelReply> {
  if (typeof script === 'function') return script;
  const left = [...script];
  return ({ index }) =>
    left.shift() ??
    reply.status(500, { body: { error: { message: `no reply for request ${index}` } } });
}

function received({ requests, waiting }: Arrivals, count: number): Promise<ModelRequest> {
  return new Promise((resolve) => {
    const look = () => {
      const last = requests[count - 1];
      if (last === undefined) return;
      waiting.delete(look);
      resolve(last);
    };
    waiting.add(look);
    look();
  });
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  { requests, waiting }: Arrivals,
  next: (request: ModelRequest) => ModelReply | Promise<ModelReply>,
): Promise<void> {
  const receivedAt = Date.now();
  let isAborted = false;
  const closed = new Promise<boolean>((resolve) => {
    response.once('close', () => {
      isAborted = !response.writableEnded;
      resolve(isAborted);
    });
  });
  const body = await readJson(incoming);
  const request: ModelRequest = {
    index: requests.length,
    path: incoming.url ?? '',
    headers: incoming.headers,
    model: textAt(body, 'model'),
    instructions: messages(body, 'system'),
    prompt: messages(body, 'user'),
    body,
    receivedAt,
    closed,
    get isAborted() {
      return isAborted;
    },
  };
  requests.push(request);
  for (const look of waiting) look();
  send(response, await next(request), request.model);
}

function send(response: ServerResponse, answer: ModelReply, model: string): void {
  switch (answer.kind) {
    case 'completion':
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(completionBody(answer, model));
      return;
    case 'status':
      response
        .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
        .end(answer.body);
      return;
    case 'reset':
      if (!answer.isMidway) response.socket?.resetAndDestroy();
      else {
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
          .write('{"choices":', () => response.socket?.resetAndDestroy());
      }
      return;
    case 'silence':
      return;
  }
}

async function readJson(incoming: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(Buffer.from(part));
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function textAt(value: unknown, key: string): string {
  const found = isRecord(value) ? value[key] : undefined;
  return typeof found === 'string' ? found : '';
}

/** A message's content is a text, or a list of parts with texts. */
function messages(body: unknown, role: string): string {
  const list = isRecord(body) && Array.isArray(body['messages']) ? body['messages'] : [];
  return list
    .filter((message) => textAt(message, 'role') === role)
    .map((message: unknown) => {
      const content = isRecord(message) ? message['content'] : undefined;
      return Array.isArray(content)
        ? content.map((part) => textAt(part, 'text')).join('')
        : textAt(message, 'content');
    })
    .join('\n');
}
