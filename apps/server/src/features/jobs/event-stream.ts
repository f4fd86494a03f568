import { Readable } from 'node:stream';
import { isTerminalEvent, type JobEvent } from '@scriptorium/contract';
import { SlowReaderError } from '@scriptorium/kernel';
import type { FastifyReply } from 'fastify';
import type { AccessEnd } from '../../platform/access.ts';
import { GOODBYE_MS } from '../../platform/sockets.ts';
import { LOG_ENDS, type LogEnd } from './endings.ts';
import { readerGone } from './reader-gone.ts';

export interface EventStreamOptions {
  /** A reader that hears nothing for so long is sent a comment, before a proxy takes the connection for dead. */
  readonly keepAliveMs: number;
  /** Whose end, sent or cut off, ends the following. */
  readonly reply: FastifyReply;
  /** Ends the stream early: the server stops, and the reader takes it up elsewhere. */
  readonly stop: AbortSignal;
  /** Calls back when the reader may not go on; returns the function that ends the watch. */
  readonly watchAccess: (onEnd: (end: AccessEnd) => void) => () => void;
  /** Why the log has ended without the job's last event; undefined where nobody has to be told. */
  readonly whyEnded: () => Promise<LogEnd | undefined>;
}

/**
 * Server-sent events (WHATWG HTML, section 9.2): `id` is the sequence number, so that a browser that reconnects names the
 * last one it has seen by itself.
 *
 * Nothing is written that the reader has not made room for: what it does not take waits in the kernel's bounded buffer, and
 * once that is full the stream ends with `stream.dropped`, which says so and where to go on. A reader that may not go on is told
 * why by `stream.ended`, and cut off if it does not even take that.
 *
 * @param follow the events from the reader's cursor on, until the signal is aborted
 */
export function eventStream(
  follow: (signal: AbortSignal) => AsyncIterator<JobEvent>,
  { keepAliveMs, reply, stop, watchAccess, whyEnded }: EventStreamOptions,
): Readable {
  const gone = readerGone(reply);
  const refused = new AbortController();
  let refusal: AccessEnd | undefined;
  let cutOff: NodeJS.Timeout | undefined;
  const stopWatching = watchAccess((end) => {
    refusal = end;
    refused.abort();
    cutOff = setTimeout(() => reply.raw.destroy(), GOODBYE_MS);
  });
  gone.addEventListener('abort', () => {
    stopWatching();
    clearTimeout(cutOff);
  });
  const events = follow(AbortSignal.any([stop, gone, refused.signal]));
  const lastWord = async () => {
    if (refusal !== undefined || stop.aborted || gone.aborted) return refusal;
    const why = await whyEnded();
    return refusal ?? why;
  };
  return Readable.from(messages(events, keepAliveMs, lastWord), { objectMode: false });
}

async function* messages(
  events: AsyncIterator<JobEvent>,
  keepAliveMs: number,
  lastWord: () => Promise<LogEnd | undefined>,
) {
  // Sends the headers at once, also when no event follows for long.
  yield 'retry: 1000\n\n';
  try {
    let isWhole = false;
    for (let next = events.next(); ;) {
      const winner = await orSilence(next, keepAliveMs);
      if (winner === 'silence') {
        yield ': keep-alive\n\n';
        continue;
      }
      if (winner.done === true) break;
      yield message(winner.value);
      isWhole = isTerminalEvent(winner.value);
      next = events.next();
    }
    const end = isWhole ? undefined : await lastWord();
    if (end !== undefined) yield farewell('stream.ended', LOG_ENDS[end]);
  } catch (error) {
    if (!(error instanceof SlowReaderError)) throw error;
    yield farewell('stream.dropped', error);
  } finally {
    // A reader that leaves while it has no room for the next event: nobody else tells the log.
    await events.return?.();
  }
}

/** The next event, or the news that there was none for `ms`. */
async function orSilence<T>(next: Promise<T>, ms: number): Promise<T | 'silence'> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<'silence'>((resolve) => {
    timer = setTimeout(() => resolve('silence'), ms);
  });
  try {
    return await Promise.race([next, silence]);
  } finally {
    clearTimeout(timer);
  }
}

function message(event: JobEvent): string {
  return `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Without an `id`, so that the reader's cursor stays at the last event it was given. */
function farewell(
  event: 'stream.dropped' | 'stream.ended',
  { code, message }: { readonly code: string; readonly message: string },
): string {
  return `event: ${event}\ndata: ${JSON.stringify({ code, message })}\n\n`;
}
