import { once } from 'node:events';
import { Socket } from 'node:net';

const READY_FOR_QUERY = 'Z'.charCodeAt(0);
/** A message of the server: one byte for its type, four for the length of what follows, itself included. */
const HEAD = 5;

/** One connection to PostgreSQL, which knows whether a statement is under way on it, and which can be held up. */
class Wire {
  readonly socket = new Socket();
  /** From the start: connecting leads to a first statement. */
  isBusy = true;
  #isFrozen = false;
  #held: (() => void)[] = [];
  #received = Buffer.alloc(0);
  readonly #onQuiet: () => void;

  constructor(onQuiet: () => void) {
    this.#onQuiet = onQuiet;
    const write = this.socket.write.bind(this.socket);
    const send = (bytes: Buffer, written?: () => void) => {
      this.isBusy = true;
      if (this.#isFrozen) this.#held.push(() => write(bytes, written));
      else write(bytes, written);
      return true;
    };
    // Not assigned: `connect` puts the prototype's function back.
    Object.defineProperty(this.socket, 'write', { get: () => send, set: () => {} });
    // Heard before pg hears it: what pg sends because of an answer makes the wire busy again.
    this.socket.on('data', (bytes) => this.#receive(Buffer.from(bytes)));
    this.socket.once('close', onQuiet);
  }

  freeze(): void {
    this.#isFrozen = true;
    this.socket.pause();
  }

  thaw(): void {
    this.#isFrozen = false;
    for (const write of this.#held.splice(0)) write();
    this.socket.resume();
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    while (this.#received.length >= HEAD) {
      const length = 1 + this.#received.readInt32BE(1);
      if (this.#received.length < length) return;
      const isReady = this.#received[0] === READY_FOR_QUERY;
      this.#received = this.#received.subarray(length);
      if (!isReady) continue;
      this.isBusy = false;
      this.#onQuiet();
    }
  }
}

/** All connections of one process: its pool's, and those that are opened with its pool's options. */
export class Wires {
  readonly #open = new Set<Wire>();
  #isFrozen = false;
  #isUnplugged = false;
  #change = Promise.withResolvers<void>();

  /** For pg's option `stream`. */
  readonly stream = (): Socket => {
    const wire = new Wire(() => {
      this.#change.resolve();
      this.#change = Promise.withResolvers();
    });
    this.#open.add(wire);
    wire.socket.once('close', () => this.#open.delete(wire));
    if (this.#isFrozen) wire.freeze();
    if (this.#isUnplugged) process.nextTick(() => wire.socket.destroy(refused()));
    return wire.socket;
  };

  /** Resolves to true at once if no statement is under way, else to false when one has ended. */
  async isQuiet(): Promise<boolean> {
    if (this.#isFrozen || [...this.#open].every((wire) => !wire.isBusy)) return true;
    await this.#change.promise;
    return false;
  }

  /** As SIGSTOP does: nothing is sent any more, and what the server answers is not read. */
  freeze(): void {
    this.#isFrozen = true;
    for (const wire of this.#open) wire.freeze();
  }

  thaw(): void {
    this.#isFrozen = false;
    for (const wire of this.#open) wire.thaw();
  }

  /** As while the database restarts: all connections break, and no new one is accepted, until {@link plug}. */
  async unplug(): Promise<void> {
    this.#isUnplugged = true;
    await this.cut();
  }

  plug(): void {
    this.#isUnplugged = false;
  }

  /** As the system does with the connections of a killed process. */
  async cut(): Promise<void> {
    await Promise.all(
      [...this.#open].map(async ({ socket }) => {
        const closed = once(socket, 'close');
        socket.destroy();
        await closed;
      }),
    );
  }
}

function refused(): Error {
  return Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
}
