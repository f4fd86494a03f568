import { isIPv6 } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config.ts';

type ListenErrorCode = 'server.port_taken' | 'server.port_forbidden' | 'server.host_unusable';

/** Nobody can listen where the configuration says. */
export class ListenError extends Error {
  readonly code: ListenErrorCode;

  constructor(code: ListenErrorCode, message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'ListenError';
    this.code = code;
  }
}

/** The address for a browser on this machine: one that listens everywhere also listens here. */
export function localAddress(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`;
}

/**
 * Listens where the configuration says; returns the port, which the system has chosen if none was named.
 *
 * @throws ListenError
 */
export async function listen(
  app: FastifyInstance,
  { host, port }: Pick<Config, 'host' | 'port'>,
): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw toListenError(error, host, port);
  }
  const [bound] = app.addresses();
  if (typeof bound !== 'object') throw new Error('The server listens on no port');
  return bound.port;
}

function toListenError(error: unknown, host: string, port: number): unknown {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return new ListenError(
        'server.port_taken',
        `The port ${port} is taken by another program. Set PORT to a free one, or PORT=0 to take whichever is free.`,
        error,
      );
    case 'EACCES':
      return new ListenError(
        'server.port_forbidden',
        `This user may not listen on the port ${port}. Set PORT to one above 1023, or PORT=0 to take whichever is free.`,
        error,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ListenError(
        'server.host_unusable',
        `HOST=${host} is no address of this machine. Set it to 127.0.0.1 for this machine alone, or to 0.0.0.0 for the whole network.`,
        error,
      );
    default:
      return error;
  }
}
