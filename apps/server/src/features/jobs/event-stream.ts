import { Readable } from 'node:stream';
import type { JobEvent } from '@scriptorium/contract';
import { SlowReaderError } from '@scriptorium/kernel';
import type { FastifyReply } from 'fastify';
import { readerGone } from './reader-gone.ts';

export interface EventStreamOptions {
  /** A reader that hears nothing for so long is sent a comment, before a proxy takes the connection for dead. */
  readonly keepAliveMs: number;
  /** Whose end, sent or cut off, ends the following. */
  readonly reply: FastifyReply;
  /** Ends the stream early: the server stops, and the reader takes it up elsewhere. */
  readonly stop: AbortSignal;
}

/**
 * Server-sent events (WHATWG HTML, section 9.2): `id` is the sequence number, so that a browser that reconnects names the
 * last one it has seen by itself.
 *
 * Nothing is written that the reader has not made room for: what it does not take waits in the kernel's bounded buffer, and
 * once that is full the stream ends with `stream.dropped`, which says so and where to go on.
 *
 * @param follow the events from the reader's cursor on, until the signal is aborted
 */
export function eventStream(
  follow: (signal: AbortSignal) => AsyncIterator<JobEvent>,
  { keepAliveMs, reply, stop }: EventStreamOptions,
): Readable {
  const events = follow(AbortSignal.any([stop, readerGone(reply)]));
  return Readable.from(messages(events, keepAliveMs), { objectMode: false });
}

async function* messages(events: AsyncIterator<JobEvent>, keepAliveMs: number) {
  // Sends the headers at once, also when no event follows for long.
  yield 'retry: 1000\n\n';
  try {
    for (let next = events.next(); ;) {
      const winner = await orSilence(next, keepAliveMs);
      if (winner === 'silence') {
        yield ': keep-alive\n\n';
      } else if (winner.done === true) {
        return;
      } else {
        yield message(winner.value);
        next = events.next();
      }
    }
  } catch (error) {
    if (!(error instanceof SlowReaderError)) throw error;
    yield dropped(error);
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
function dropped({ code, message }: SlowReaderError): string {
  return `event: stream.dropped\ndata: ${JSON.stringify({ code, message })}\n\n`;
}
