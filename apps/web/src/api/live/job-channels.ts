import { JobChannel, type ChannelWorld, type JobState } from './job-channel.ts';

/** Jobs of which the last state is kept after nobody watches them, so that coming back begins where it was left. */
const MOST_REMEMBERED = 50;

const UNKNOWN: JobState = { job: undefined, link: 'reconnecting', events: [], error: undefined };

interface Watched {
  readonly channel: JobChannel;
  readonly listeners: Set<() => void>;
  /** Its person has gone: nothing of it is remembered. */
  isForgotten: boolean;
}

/** One channel a job, for as long as somebody watches it. */
export class JobChannels {
  readonly #world: ChannelWorld;
  readonly #watched = new Map<number, Watched>();
  readonly #remembered: Map<number, JobState>;

  /** `known`: what was known of jobs before the page was loaded anew. */
  constructor(world: ChannelWorld, known: ReadonlyMap<number, JobState> = new Map()) {
    this.#world = world;
    this.#remembered = new Map(known);
  }

  /** What is known of jobs, the newest last. */
  get known(): ReadonlyMap<number, JobState> {
    const watched = [...this.#watched].filter(([, { isForgotten }]) => !isForgotten);
    return new Map([
      ...this.#remembered,
      ...watched.map(([id, { channel }]) => [id, channel.state] as const),
    ]);
  }

  /** Forgets all jobs, because the person who may see them has gone. */
  forget(): void {
    this.#remembered.clear();
    for (const watched of this.#watched.values()) watched.isForgotten = true;
  }

  /** Sockets and timers that are open now, of all channels. */
  get openCount(): number {
    return [...this.#watched.values()].reduce((sum, { channel }) => sum + channel.openCount, 0);
  }

  /** The same object until something has changed, as React wants it. */
  stateOf(jobId: number): JobState {
    return this.#watched.get(jobId)?.channel.state ?? this.#remembered.get(jobId) ?? UNKNOWN;
  }

  /** Watches a job until the function that is returned is called. */
  subscribe(jobId: number, listener: () => void): () => void {
    const watched = this.#watched.get(jobId) ?? this.#open(jobId);
    // A function of its own: two that watch with one function are still two.
    const tell = () => listener();
    watched.listeners.add(tell);
    return () => {
      watched.listeners.delete(tell);
      if (watched.listeners.size === 0) this.#close(jobId, watched);
    };
  }

  #open(jobId: number): Watched {
    const listeners = new Set<() => void>();
    const tell = () => {
      for (const listener of listeners) listener();
    };
    const known = this.#remembered.get(jobId);
    const channel = new JobChannel(jobId, this.#world, tell, known);
    const watched: Watched = { channel, listeners, isForgotten: false };
    this.#watched.set(jobId, watched);
    if (known?.link !== 'ended') channel.start();
    return watched;
  }

  #close(jobId: number, { channel, isForgotten }: Watched): void {
    channel.close();
    this.#watched.delete(jobId);
    this.#remembered.delete(jobId);
    if (channel.state.error === undefined && !isForgotten)
      this.#remembered.set(jobId, channel.state);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > MOST_REMEMBERED && oldest !== undefined) {
      this.#remembered.delete(oldest);
    }
  }
}
