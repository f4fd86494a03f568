import {
  ApiError,
  isTerminalStatus,
  jobEventSchema,
  type Job,
  type JobEvent,
} from '@scriptorium/contract';
import { foldEvent, laterJob } from './fold-event.ts';

/** How news of a job arrive: over a socket, not at the moment, by asking again and again, or never more. */
export type Link = 'live' | 'reconnecting' | 'polling' | 'ended';

/** What is known of a job. A new object whenever something has changed. */
export interface JobState {
  /** Undefined until the first answer. */
  readonly job: Job | undefined;
  readonly link: Link;
  /** The job's log so far, in order and each once. */
  readonly events: readonly JobEvent[];
  /** Why nothing can be told of the job, such as that it does not exist. */
  readonly error: Error | undefined;
}

/** What the channel needs of the world; tests bring their own. */
export interface ChannelWorld {
  /** Events after a number, and the job as it is now; throws ApiError. */
  read(jobId: number, after: number, signal: AbortSignal): Promise<JobNews>;
  open(jobId: number, after: number): JobSocket;
  /** When the server has ended a socket because of its session. Resolves once that is renewed, or has turned out to be over. */
  renewSession(): Promise<unknown>;
}

/** What the channel uses of a WebSocket. */
export type JobSocket = Pick<WebSocket, 'addEventListener' | 'close'>;

export interface JobNews {
  readonly events: readonly JobEvent[];
  readonly job: Job;
}

/** Between two questions while no socket gets through. */
const POLL_MS = 2000;
/** The parts of a running job and their steps are in the job alone, not in its events; so it is asked for now and then. */
const REFRESH_MS = 1500;
/** A socket that was open for so long has shown that the network lets sockets through. */
const PROVEN_MS = 5000;
/** After so many sockets that failed one after the other, questions take over. */
const SOCKETS_BEFORE_POLLING = 2;
/** While questions are asked, a socket is tried again this often. */
const SOCKET_AGAIN_MS = 30_000;
/** What a part waits for, and that it has begun, is in no event: a quiet job is asked for at least this often. */
const QUIET_MS = 15_000;
/** After the moment until which a job waits, it is asked whether it goes on. */
const AFTER_WAIT_MS = 500;
/** The session has to be renewed, or is over: the server says which when it is asked. */
const ACCESS_ENDED: ReadonlySet<number> = new Set([4401, 4403]);

type Timer = 'poll' | 'refresh' | 'quiet' | 'socket';

/**
 * Follows one job: a socket first, questions when no socket gets through, always from the last sequence number. It ends by
 * itself with the job, and with {@link JobChannel.close}; then neither socket, timer nor request of it is left.
 */
export class JobChannel {
  readonly #jobId: number;
  readonly #world: ChannelWorld;
  readonly #onChange: () => void;
  readonly #aborted = new AbortController();
  #state: JobState = { job: undefined, link: 'reconnecting', events: [], error: undefined };
  #socket: JobSocket | undefined;
  #timers = new Map<Timer, ReturnType<typeof setTimeout>>();
  #failedSockets = 0;
  #isReading = false;
  /** Nothing at all gets through, so that sockets fail says nothing about sockets. */
  #isServerAway = false;

  /** `known` is what an earlier channel knew of the job, so that nothing is read or shown twice. */
  constructor(
    jobId: number,
    world: ChannelWorld,
    onChange: () => void,
    known: JobState | undefined,
  ) {
    this.#jobId = jobId;
    this.#world = world;
    this.#onChange = onChange;
    if (known !== undefined) {
      this.#state = { ...known, link: known.link === 'ended' ? 'ended' : 'reconnecting' };
    }
  }

  get state(): JobState {
    return this.#state;
  }

  /** Sockets and timers that are open now. */
  get openCount(): number {
    return this.#timers.size + (this.#socket === undefined ? 0 : 1);
  }

  start(): void {
    addEventListener('online', this.#wake);
    addEventListener('pageshow', this.#wake);
    document.addEventListener('visibilitychange', this.#wakeIfVisible);
    this.#openSocket();
    void this.#read();
  }

  close(): void {
    this.#aborted.abort();
    removeEventListener('online', this.#wake);
    removeEventListener('pageshow', this.#wake);
    document.removeEventListener('visibilitychange', this.#wakeIfVisible);
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#dropSocket();
  }

  /** A device that slept may hold a socket that only looks open: it is left, and everything since is read. */
  readonly #wake = (): void => {
    this.#dropSocket();
    this.#failedSockets = 0;
    this.#openSocket();
    void this.#read();
  };

  readonly #wakeIfVisible = (): void => {
    if (document.visibilityState === 'visible') this.#wake();
  };

  get #lastSeq(): number {
    return this.#state.events.at(-1)?.seq ?? 0;
  }

  #openSocket(): void {
    if (this.#aborted.signal.aborted || this.#socket !== undefined) return;
    this.#clearTimer('socket');
    const socket = this.#world.open(this.#jobId, this.#lastSeq);
    this.#socket = socket;
    let openedAt: number | undefined;
    socket.addEventListener('open', () => {
      openedAt = Date.now();
      this.#clearTimer('poll');
      this.#change({ link: 'live' });
      this.#lookAgain(POLL_MS);
    });
    socket.addEventListener('message', ({ data }) => this.#hear(data));
    socket.addEventListener('close', ({ code }) => {
      // A socket that was dropped on purpose speaks for nobody any more.
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      // Some proxies let a socket open and cut it at once: that is no connection either.
      if (openedAt !== undefined && Date.now() - openedAt >= PROVEN_MS) this.#failedSockets = 0;
      void this.#afterSocket(code);
    });
  }

  #dropSocket(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #hear(data: unknown): void {
    const parsed = jobEventSchema.safeParse(JSON.parse(String(data)));
    // Of an event that a newer server has invented, the next question tells the rest.
    if (parsed.success) this.#take([parsed.data]);
    this.#later('refresh', REFRESH_MS, () => void this.#read());
  }

  async #afterSocket(code: number): Promise<void> {
    if (this.#isOver) return;
    if (!this.#isServerAway) this.#failedSockets += 1;
    const isPolling = this.#failedSockets > SOCKETS_BEFORE_POLLING;
    this.#change({ link: isPolling ? 'polling' : 'reconnecting' });
    if (ACCESS_ENDED.has(code)) await this.#renewSession();
    const pauseMs = isPolling
      ? SOCKET_AGAIN_MS
      : 250 * 4 ** this.#failedSockets * (0.5 + Math.random() / 2);
    this.#later('socket', pauseMs, () => this.#openSocket());
    void this.#read();
  }

  /**
   * Whatever comes of it, the next question finds out: it is refused when the session is over, which signs the person out and ends
   * this channel, and answered when another tab has signed in meanwhile.
   */
  async #renewSession(): Promise<void> {
    try {
      await this.#world.renewSession();
    } catch (error) {
      // Nobody answered.
      if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    }
  }

  /** Reads what has happened since, and the whole job; asks again soon for as long as there is no socket. */
  async #read(): Promise<void> {
    if (this.#isReading || this.#isOver) return;
    this.#isReading = true;
    for (const timer of ['poll', 'refresh', 'quiet'] as const) this.#clearTimer(timer);
    let pauseMs = POLL_MS;
    try {
      const { signal } = this.#aborted;
      const news = await this.#world.read(this.#jobId, this.#lastSeq, signal);
      signal.throwIfAborted();
      this.#take(news.events, news.job);
      this.#meetServer();
    } catch (error) {
      if (this.#aborted.signal.aborted) return;
      if (!(error instanceof ApiError && error.isTemporary)) return this.#fail(error);
      if (error.status !== 429) this.#missServer();
      pauseMs = Math.max(POLL_MS, (error.problem.retry_after ?? 0) * 1000);
    } finally {
      this.#isReading = false;
    }
    this.#lookAgain(pauseMs);
  }

  #lookAgain(pauseMs: number): void {
    if (this.#state.link !== 'live') return this.#later('poll', pauseMs, () => void this.#read());
    const until = this.#state.job?.waiting_for?.until ?? null;
    const waitMs = until === null ? QUIET_MS : Date.parse(until) - Date.now() + AFTER_WAIT_MS;
    const quietMs = Math.min(QUIET_MS, Math.max(pauseMs, waitMs));
    this.#later('quiet', quietMs, () => void this.#read());
  }

  #missServer(): void {
    this.#isServerAway = true;
    this.#failedSockets = 0;
    if (this.#socket === undefined) this.#change({ link: 'reconnecting' });
  }

  /** The socket need not wait for its turn when the server is seen to be back. */
  #meetServer(): void {
    if (!this.#isServerAway) return;
    this.#isServerAway = false;
    this.#openSocket();
  }

  #take(events: readonly JobEvent[], whole?: Job): void {
    const fresh = events.filter((event) => event.seq > this.#lastSeq);
    let { job } = this.#state;
    for (const event of fresh) if (job !== undefined) job = foldEvent(job, event);
    if (whole !== undefined) job = laterJob(job, whole);
    if (fresh.length === 0 && job === this.#state.job) return;
    this.#change({
      job,
      events: fresh.length === 0 ? this.#state.events : [...this.#state.events, ...fresh],
    });
    if (job === undefined || !isTerminalStatus(job.status)) return;
    // The receipt of a job that has just ended is in the job alone.
    if (whole !== undefined && isTerminalStatus(whole.status)) this.#end({ link: 'ended' });
    else void this.#read();
  }

  get #isOver(): boolean {
    return this.#aborted.signal.aborted || this.#state.link === 'ended';
  }

  #fail(error: unknown): void {
    const reason = error instanceof Error ? error : new Error(String(error));
    // Whoever may not read the job any more is not shown what was known of it.
    this.#end({ link: 'ended', job: undefined, events: [], error: reason });
  }

  #end(last: Partial<JobState>): void {
    this.#change(last);
    this.close();
  }

  #change(part: Partial<JobState>): void {
    if (this.#aborted.signal.aborted) return;
    this.#state = { ...this.#state, ...part };
    this.#onChange();
  }

  #later(name: Timer, ms: number, run: () => void): void {
    if (this.#timers.has(name) || this.#isOver) return;
    const timer = setTimeout(() => {
      this.#timers.delete(name);
      run();
    }, ms);
    this.#timers.set(name, timer);
  }

  #clearTimer(name: Timer): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }
}
