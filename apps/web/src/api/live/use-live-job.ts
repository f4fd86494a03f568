import { routes } from '@scriptorium/contract';
import { useCallback, useSyncExternalStore } from 'react';
import { api, renewSession } from '../client.ts';
import { JobChannels } from './job-channels.ts';
import type { ChannelWorld, JobNews, JobState } from './job-channel.ts';
import { dropKeptStates, keepStates, keptStates } from './kept-states.ts';

/** The most that the server gives at once. */
const PAGE = 1000;

/** Events to the last one: a job that has ended is not asked for again, so none may be left for later. */
async function readNews(jobId: number, after: number, signal: AbortSignal): Promise<JobNews> {
  const events: JobNews['events'][number][] = [];
  for (;;) {
    const news = await api.call(routes.jobs.events, {
      params: { id: jobId },
      query: { after: events.at(-1)?.seq ?? after, limit: PAGE },
      signal,
    });
    events.push(...news.events);
    if (news.events.length < PAGE) return { events, job: news.job };
  }
}

const world: ChannelWorld = {
  read: readNews,
  open: (jobId, after) => {
    const url = new URL(`/ws/jobs/${jobId}?after=${after}`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return new WebSocket(url);
  },
  renewSession,
};

const channels = new JobChannels(world, keptStates());
addEventListener('pagehide', () => keepStates(channels.known));

declare global {
  /** For whoever looks in the browser's console for what a screen has left open; the tests count by it. */
  var scriptorium: { readonly openConnections: number };
}
globalThis.scriptorium = {
  get openConnections() {
    return channels.openCount;
  },
};

/** Forgets what is known of jobs, because the person who may see them has gone. */
export function forgetJobs(): void {
  channels.forget();
  dropKeptStates();
}

const NOTHING: JobState = { job: undefined, link: 'reconnecting', events: [], error: undefined };
const nobody = () => () => {};

/**
 * The state of a job, kept up to date: the one way in which screens learn of it. All components that watch the same job share
 * one connection. Without an id it waits for one.
 *
 * `job.progress_percent` never goes back, and is 100 for a completed job alone.
 */
export function useLiveJob(jobId: number | null | undefined): JobState {
  const subscribe = useCallback(
    (listener: () => void) =>
      typeof jobId === 'number' ? channels.subscribe(jobId, listener) : nobody(),
    [jobId],
  );
  return useSyncExternalStore(subscribe, () =>
    typeof jobId === 'number' ? channels.stateOf(jobId) : NOTHING,
  );
}
