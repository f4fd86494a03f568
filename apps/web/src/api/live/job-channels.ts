import { JobChannel, type ChannelWorld, type JobState } from './job-channel.ts';

/** Jobs of which the last state is kept after nobody watches them, so that coming back begins where it was left. */
const MOST_REMEMBERED = 50;

const UNKNOWN: JobState = { job: undefined, link: 'reconnecting', events: [], error: undefined };

interface Watched {
  readonly channel: JobChannel;
  readonly listeners: Set<() => void>;
}

/** One channel a job, for as long as somebody watches it. */
export class JobChannels {
  readonly #world: ChannelWorld;
  readonly #watched = new Map<number, Watched>();
  readonly #remembered = new Map<number, JobState>();

  constructor(world: ChannelWorld) {
    this.#world = world;
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
    const watched = { channel, listeners };
    this.#watched.set(jobId, watched);
    if (known?.link !== 'ended') channel.start();
    return watched;
  }

  #close(jobId: number, { channel }: Watched): void {
    channel.close();
    this.#watched.delete(jobId);
    this.#remembered.delete(jobId);
    if (channel.state.error === undefined) this.#remembered.set(jobId, channel.state);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > MOST_REMEMBERED && oldest !== undefined) {
      this.#remembered.delete(oldest);
    }
  }
}
