import websocket, { type WebSocket } from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';

/** Clients have nothing to say: what they send is dropped, and more than this ends the socket with 1009. */
const MAX_MESSAGE_BYTES = 16;

/** How long a client may take to answer a goodbye. */
export const GOODBYE_MS = 2000;

/**
 * Lets routes of this server speak WebSocket (`wsHandler`). Registered before all routes: an upgrade of one that does not is
 * closed by this too, while otherwise its connection would stay open with nobody on this side of it.
 */
export async function registerSockets(app: FastifyInstance): Promise<void> {
  await app.register(websocket, {
    options: { maxPayload: MAX_MESSAGE_BYTES },
    // The library has said goodbye already, with the code of what was wrong.
    errorHandler: (error, _socket, request) =>
      request.log.debug({ err: error }, 'A socket was closed because of its client'),
    preClose(done) {
      // 1001: going away. Whoever reads opens a new one, at a server that stays.
      for (const socket of this.websocketServer.clients) endSocket(socket, 1001, 'server.stopping');
      done();
    },
  });
}

/** Closes with a code and a reason, and cuts off a client that does not answer. */
export function endSocket(socket: WebSocket, code: number, reason: string): void {
  if (socket.readyState === socket.CLOSED) return;
  const timer = setTimeout(() => socket.terminate(), GOODBYE_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.close(code, reason);
}
