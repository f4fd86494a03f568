import { setTimeout as delay } from 'node:timers/promises';
import { isTerminalStatus, routes, type Client, type Job } from '@scriptorium/contract';

/** A screen that changes more often than this cannot be read. */
const LEAST_INTERVAL_MS = 100;

/**
 * The job as it is now, and again whenever it has changed, up to its end. An event only says that something has changed:
 * several that come at once are one look at the job.
 *
 * @throws the signal's reason once it is aborted, and ApiError
 */
export async function* followJob(
  client: Client,
  jobId: number,
  signal: AbortSignal,
): AsyncGenerator<Job, Job, undefined> {
  const stop = new AbortController();
  const news = listen(client, jobId, AbortSignal.any([signal, stop.signal]));
  try {
    for (;;) {
      news.forget();
      const job = await client.call(routes.jobs.get, { params: { id: jobId }, signal });
      if (isTerminalStatus(job.status)) return job;
      yield job;
      await Promise.all([news.next(), delay(LEAST_INTERVAL_MS, undefined, { signal })]);
    }
  } finally {
    stop.abort();
    await news.ended;
  }
}

/** Reads the events in the background and keeps nothing of them but that there were some. */
function listen(client: Client, jobId: number, signal: AbortSignal) {
  let changed = promiseOfNews();
  let isOver = false;
  const read = async () => {
    try {
      for await (const _ of client.events(jobId, { signal })) changed.resolve();
      changed.resolve();
    } catch (error) {
      changed.reject(error);
    } finally {
      isOver = true;
    }
  };
  return {
    ended: read(),
    /** Resolves when something has changed since `forget`, and from then on whenever all events have been read. */
    next: () => changed.promise,
    forget: () => {
      if (!isOver) changed = promiseOfNews();
    },
  };
}

function promiseOfNews() {
  const news = Promise.withResolvers<void>();
  // Nobody may be waiting when it fails; whoever waits later is told.
  void Promise.allSettled([news.promise]);
  return news;
}
