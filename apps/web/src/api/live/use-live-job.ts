import { routes } from '@scriptorium/contract';
import { useCallback, useSyncExternalStore } from 'react';
import { api, renewSession } from '../client.ts';
import { JobChannels } from './job-channels.ts';
import type { ChannelWorld, JobState } from './job-channel.ts';

const world: ChannelWorld = {
  read: (jobId, after, signal) =>
    api.call(routes.jobs.events, { params: { id: jobId }, query: { after, limit: 1000 }, signal }),
  open: (jobId, after) => {
    const url = new URL(`/ws/jobs/${jobId}?after=${after}`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return new WebSocket(url);
  },
  renewSession,
};

const channels = new JobChannels(world);

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
