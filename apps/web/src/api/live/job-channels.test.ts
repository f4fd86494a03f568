// @vitest-environment jsdom
import { ApiError, type Job, type JobEvent } from '@scriptorium/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ChannelWorld, JobNews } from './job-channel.ts';
import { JobChannels } from './job-channels.ts';

const JOB: Job = {
  id: 7,
  pipeline: 'books',
  subject: 'book:1',
  status: 'processing',
  progress_percent: 0,
  current_step: null,
  total_chunks: 4,
  processed_chunks: 0,
  failed_chunks: [],
  chunk_results: [0, 1, 2, 3].map((index) => ({ index, status: 'waiting' as const })),
  gaps: [],
  error: null,
  retry_of: null,
  retry_count: 0,
  max_retries: 3,
  is_cancelled: false,
  cancelled_at: null,
  cancelled_by: null,
  waiting_for: null,
  task_id: null,
  processing_time_seconds: 0,
  llm_calls: 0,
  tokens_used: 0,
  gemini_api_calls: 0,
  gemini_tokens_used: 0,
  last_heartbeat_at: null,
  created_at: '2026-11-22T12:00:00.000Z',
  started_at: null,
  finished_at: null,
};

function progress(seq: number, percent: number): JobEvent {
  const { current_step, total_chunks } = JOB;
  return {
    job_id: JOB.id,
    seq,
    type: 'job.progress',
    at: '2026-11-22T12:00:01.000Z',
    data: {
      status: 'processing',
      progress_percent: percent,
      current_step,
      total_chunks,
      processed_chunks: Math.floor((percent / 100) * total_chunks),
    },
  };
}

function completed(seq: number): JobEvent {
  const { data, ...event } = progress(seq, 100);
  return { ...event, type: 'job.completed', data: { ...data, status: 'completed', gaps: [] } };
}

/** A socket whose other end is the test. */
class Socket extends EventTarget {
  readonly after: number;
  isOpen = false;

  constructor(after: number) {
    super();
    this.after = after;
  }

  accept(): void {
    this.isOpen = true;
    this.dispatchEvent(new Event('open'));
  }

  say(event: JobEvent): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(event) }));
  }

  end(code: number): void {
    this.isOpen = false;
    this.dispatchEvent(new CloseEvent('close', { code }));
  }

  close(): void {
    this.isOpen = false;
  }
}

/** The server, as the channel sees it. */
class Server implements ChannelWorld {
  log: JobEvent[] = [];
  job: Job = JOB;
  failure: ApiError | undefined;
  readonly sockets: Socket[] = [];
  readonly asked: number[] = [];
  renewals = 0;

  async read(_jobId: number, after: number): Promise<JobNews> {
    this.asked.push(after);
    if (this.failure !== undefined) throw this.failure;
    return { events: this.log.filter((event) => event.seq > after), job: this.job };
  }

  open(_jobId: number, after: number): Socket {
    const socket = new Socket(after);
    this.sockets.push(socket);
    return socket;
  }

  async renewSession(): Promise<boolean> {
    this.renewals += 1;
    return true;
  }

  get socket(): Socket {
    return this.sockets.at(-1)!;
  }
}

let server: Server;
let channels: JobChannels;
const nothing = () => {};
const shown = () => channels.stateOf(JOB.id);
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  channels = new JobChannels(server);
});
afterEach(() => {
  expect(channels.openCount).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('two who watch one job share one socket, and the last to leave closes it', async () => {
  const leave = [channels.subscribe(7, nothing), channels.subscribe(7, nothing)];
  await settled();
  server.socket.accept();
  expect(server.sockets).toHaveLength(1);
  leave[0]!();
  expect(server.socket.isOpen).toBe(true);
  expect(shown().link).toBe('live');
  leave[1]!();
  expect(server.socket.isOpen).toBe(false);
});

test('progress never goes back, and is 100 when the server says completed and not before', async () => {
  const leave = channels.subscribe(7, nothing);
  await settled();
  server.socket.accept();
  const seen: number[] = [];
  for (const [seq, percent] of [
    [1, 40],
    [2, 30],
    [3, 100],
  ] as const) {
    server.socket.say(progress(seq, percent));
    seen.push(shown().job!.progress_percent);
  }
  expect(seen).toEqual([40, 40, 99]);
  server.job = { ...JOB, status: 'completed', progress_percent: 100, llm_calls: 4 };
  server.socket.say(completed(4));
  await settled();
  expect(shown().job).toMatchObject({ status: 'completed', progress_percent: 100, llm_calls: 4 });
  expect(shown().link).toBe('ended');
  leave();
});

test('an event that comes twice or late is taken once', async () => {
  const leave = channels.subscribe(7, nothing);
  await settled();
  server.socket.accept();
  for (const seq of [1, 2, 2, 1, 3]) server.socket.say(progress(seq, seq * 10));
  expect(shown().events.map((event) => event.seq)).toEqual([1, 2, 3]);
  leave();
});

test('a socket that breaks is taken up where it broke off', async () => {
  const leave = channels.subscribe(7, nothing);
  await settled();
  server.socket.accept();
  server.socket.say(progress(1, 10));
  server.socket.say(progress(2, 20));
  server.socket.end(1006);
  await settled();
  expect(shown().link).toBe('reconnecting');
  await vi.advanceTimersByTimeAsync(1500);
  expect(server.sockets).toHaveLength(2);
  expect(server.socket.after).toBe(2);
  server.socket.accept();
  expect(shown().link).toBe('live');
  leave();
});

test('where no socket gets through it asks, and is as true', async () => {
  const leave = channels.subscribe(7, nothing);
  for (let failure = 0; failure < 3; failure += 1) {
    server.socket.end(1006);
    await vi.advanceTimersByTimeAsync(5000);
  }
  expect(shown().link).toBe('polling');
  server.log = [progress(1, 25), progress(2, 50)];
  server.job = { ...JOB, progress_percent: 50 };
  await vi.advanceTimersByTimeAsync(2000);
  expect(shown().job?.progress_percent).toBe(50);
  server.log.push(completed(3));
  server.job = { ...JOB, status: 'completed', progress_percent: 100 };
  await vi.advanceTimersByTimeAsync(2000);
  expect(shown().link).toBe('ended');
  expect(server.asked).toContain(2);
  leave();
});

test('a server that is away for a while ends nothing', async () => {
  const leave = channels.subscribe(7, nothing);
  await settled();
  server.socket.accept();
  server.socket.say(progress(1, 10));
  server.failure = new ApiError({
    type: '',
    title: '',
    status: 0,
    code: 'client.unreachable',
    detail: '',
  });
  server.socket.end(1001);
  await vi.advanceTimersByTimeAsync(8000);
  expect(shown().link).not.toBe('ended');
  expect(shown().job?.progress_percent).toBe(10);
  server.failure = undefined;
  server.log = [progress(1, 10), progress(2, 60)];
  server.job = { ...JOB, progress_percent: 60 };
  await vi.advanceTimersByTimeAsync(4000);
  expect(shown().job?.progress_percent).toBe(60);
  leave();
});

test('a job that does not exist is said to be so, once', async () => {
  server.failure = new ApiError({
    type: '',
    title: '',
    status: 404,
    code: 'job.not_found',
    detail: 'No job 7',
  });
  const leave = channels.subscribe(7, nothing);
  await settled();
  expect(shown().error?.message).toBe('No job 7');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.asked).toHaveLength(1);
  leave();
});

test('a session that has ended is renewed before the next socket', async () => {
  const leave = channels.subscribe(7, nothing);
  await settled();
  server.socket.accept();
  server.socket.end(4401);
  await vi.advanceTimersByTimeAsync(2000);
  expect(server.renewals).toBe(1);
  expect(server.sockets).toHaveLength(2);
  leave();
});

test.each([4401, 4403])(
  'a session that is over, told by %i, ends the channel instead of opening sockets for ever',
  async (code) => {
    const leave = channels.subscribe(7, nothing);
    await settled();
    server.socket.accept();
    server.socket.say(progress(1, 10));
    server.failure = new ApiError({
      type: '',
      title: '',
      status: 401,
      code: 'auth.session_ended',
      detail: 'The session has ended',
    });
    server.socket.end(code);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(shown()).toMatchObject({ link: 'ended', job: undefined, events: [] });
    expect(shown().error?.message).toBe('The session has ended');
    expect(server.sockets).toHaveLength(1);
    expect(channels.openCount).toBe(0);
    leave();
  },
);

test('a device that wakes up leaves its old socket and reads what it has missed', async () => {
  const leave = channels.subscribe(7, nothing);
  await settled();
  server.socket.accept();
  server.socket.say(progress(1, 10));
  const [old] = server.sockets;
  server.log = [progress(1, 10), progress(2, 70)];
  server.job = { ...JOB, progress_percent: 70 };
  dispatchEvent(new Event('pageshow'));
  await settled();
  expect(old!.isOpen).toBe(false);
  expect(server.socket.after).toBe(1);
  expect(shown().job?.progress_percent).toBe(70);
  leave();
});

test('coming back to a job begins where it was left', async () => {
  const leave = channels.subscribe(7, nothing);
  await settled();
  server.socket.accept();
  server.socket.say(progress(1, 45));
  leave();
  const leaveAgain = channels.subscribe(7, nothing);
  expect(shown().job?.progress_percent).toBe(45);
  expect(server.socket.after).toBe(1);
  leaveAgain();
});
