import { randomUUID } from 'node:crypto';
import type { Clock, ClockTimer } from 'pg-boss';
import { Client, type Pool } from 'pg';
import { z } from 'zod';
import type { KernelLog } from '../log.ts';

const TOPICS = ['jobs', 'tasks'] as const;

/** What somebody has to look at: jobs with new events, or queues with new tasks. */
export type Topic = (typeof TOPICS)[number];

/** Names of what changed; `undefined` means "look at everything", after a reconnect. */
export type Listener = (names: readonly string[] | undefined) => void;

const CHANNEL = 'scriptorium';
/** At most so many notifications in any second of a process. */
const MOST_A_SECOND = 20;
const RECONNECT_MS = 500;
/** A payload is limited to 8,000 bytes; above this many names, everybody looks at everything. */
const MAX_NAMES = 300;

const namesSchema = z.union([z.literal('*'), z.array(z.string())]).optional();
const messageSchema = z.object({ from: z.string(), jobs: namesSchema, tasks: namesSchema });

type Message = z.infer<typeof messageSchema>;

/** Anybody on the database may say anything here. What is not understood, a newer version's perhaps, is a reason to look everywhere. */
const LOOK_EVERYWHERE: Message = { from: 'unknown', jobs: '*', tasks: '*' };

function readMessage(payload: string): Message {
  try {
    return messageSchema.parse(JSON.parse(payload));
  } catch {
    return LOOK_EVERYWHERE;
  }
}

/**
 * Wakes readers and dispatchers of all processes. Only a wake-up: whoever misses one polls once a second.
 *
 * Signals are coalesced to at most 20 a second and process and sent outside the transactions that caused them: commits that
 * carry a NOTIFY hold a database-wide lock until they are flushed, 529/s against 3,393/s without.
 */
export class Notifier {
  readonly #me = randomUUID();
  readonly #pool: Pool;
  readonly #clock: Clock;
  readonly #log: KernelLog;
  readonly #listeners: Record<Topic, Set<Listener>> = { jobs: new Set(), tasks: new Set() };
  readonly #pending: Record<Topic, Set<string>> = { jobs: new Set(), tasks: new Set() };
  #sendTimer: ClockTimer;
  /** When the latest notifications were sent, oldest first. */
  #sent: readonly number[] = [];
  #client: Client | undefined;
  #reconnectTimer: ClockTimer;
  #isStopped = false;

  constructor({ pool, clock, log }: { pool: Pool; clock: Clock; log: KernelLog }) {
    this.#pool = pool;
    this.#clock = clock;
    this.#log = log;
  }

  /** Resolves once it listens, or has failed to and will try again: nobody has to wait for a wake-up. */
  async start(): Promise<void> {
    await this.#listen();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#sendTimer !== undefined) this.#clock.clearTimeout(this.#sendTimer);
    if (this.#reconnectTimer !== undefined) this.#clock.clearTimeout(this.#reconnectTimer);
    const client = this.#client;
    this.#client = undefined;
    await client?.end();
  }

  /** Tells this process at once, and the others as soon as the rate allows. */
  signal(topic: Topic, name: string): void {
    this.#emit(topic, [name]);
    this.#pending[topic].add(name);
    if (this.#sendTimer !== undefined || this.#isStopped) return;
    // At once while there is room in this second, with what the current turn of the event loop adds; an even spacing of
    // 50 ms made the last event of a job, which somebody waits for, 25 ms late on average.
    const now = this.#clock.now();
    this.#sent = this.#sent.filter((at) => at > now - 1000);
    const oldest = this.#sent.at(-MOST_A_SECOND);
    const wait = oldest === undefined ? 0 : oldest + 1000 - now;
    this.#sendTimer = this.#clock.setTimeout(() => void this.#send(), wait);
  }

  /** Returns the function that stops listening. */
  on(topic: Topic, listener: Listener): () => void {
    this.#listeners[topic].add(listener);
    return () => void this.#listeners[topic].delete(listener);
  }

  #emit(topic: Topic, names: readonly string[] | undefined): void {
    for (const listener of this.#listeners[topic]) listener(names);
  }

  async #send(): Promise<void> {
    this.#sendTimer = undefined;
    this.#sent = [...this.#sent, this.#clock.now()];
    const message: Message = { from: this.#me };
    for (const topic of TOPICS) {
      const names = [...this.#pending[topic]];
      if (names.length > 0) message[topic] = names.length > MAX_NAMES ? '*' : names;
      this.#pending[topic].clear();
    }
    try {
      await this.#pool.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify(message)]);
    } catch (error) {
      this.#log.debug({ err: error }, 'A wake-up was not sent; readers poll instead');
    }
  }

  #receive(payload: string): void {
    const message = readMessage(payload);
    if (message.from === this.#me) return;
    for (const topic of TOPICS) {
      const names = message[topic];
      if (names !== undefined) this.#emit(topic, names === '*' ? undefined : names);
    }
  }

  /** A new client each time: one whose connection has broken cannot be used again. */
  async #listen(): Promise<void> {
    const client = new Client({ ...this.#pool.options, application_name: 'scriptorium-listen' });
    this.#client = client;
    client.on('notification', ({ payload }) => this.#receive(payload ?? ''));
    client.on('error', (error) => this.#listenAgain(client, error));
    client.on('end', () => this.#listenAgain(client, undefined));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      for (const topic of TOPICS) this.#emit(topic, undefined);
    } catch (error) {
      this.#listenAgain(client, error);
    }
  }

  #listenAgain(broken: Client, error: unknown): void {
    if (this.#isStopped || this.#client !== broken) return;
    this.#log.debug({ err: error }, 'The listening connection was lost; a new one follows');
    this.#client = undefined;
    broken.end().catch((cause: unknown) => this.#log.debug({ err: cause }, 'It did not close'));
    this.#reconnectTimer = this.#clock.setTimeout(() => void this.#listen(), RECONNECT_MS);
  }
}
