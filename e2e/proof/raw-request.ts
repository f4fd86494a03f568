import { Agent, request, type OutgoingHttpHeaders } from 'node:http';
import { problemSchema, type Problem } from '@scriptorium/contract';

/** A request as bytes on the wire: nothing about it is checked, mended or encoded. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer | string;
}

/** `status` 0: the server has closed the connection without an answer. */
export interface RawAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly text: string;
}

const LIMIT_MS = 20_000;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** @throws Error for a server that says nothing for 20 seconds */
export async function sendRaw(baseUrl: string, raw: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(baseUrl);
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const { method, path, headers, body } = raw;
  const length = Buffer.byteLength(body);
  const sent = request(
    {
      agent,
      hostname,
      port,
      method,
      path,
      headers: { ...(length > 0 ? { 'content-length': length } : {}), ...headers },
      timeout: LIMIT_MS,
    },
    (response) => {
      const chunks: Buffer[] = [];
      const { statusCode: status = 0, headers: answered } = response;
      const mediaType = answered['content-type']?.split(';', 1)[0] ?? '';
      response.on('data', (chunk: Buffer) => void chunks.push(chunk));
      response.on('end', () =>
        resolve({ status, mediaType, text: Buffer.concat(chunks).toString('utf8') }),
      );
      response.on('error', reject);
    },
  );
  sent.on('timeout', () =>
    sent.destroy(new Error(`No answer for ${LIMIT_MS} ms: ${method} ${path}`)),
  );
  sent.on('error', (error: NodeJS.ErrnoException) => {
    // It has answered a part that was enough for it, and does not read the rest.
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE') {
      resolve({ status: 0, mediaType: '', text: '' });
    } else {
      reject(error);
    }
  });
  sent.end(body);
  return await promise;
}

export function problemOf({ mediaType, text }: RawAnswer): Problem | undefined {
  if (mediaType !== 'application/problem+json') return undefined;
  return problemSchema.safeParse(JSON.parse(text)).data;
}
