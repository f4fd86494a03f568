import { jobEventsSchema } from '@scriptorium/contract';
import { readTabMemory, writeTabMemory } from '../tab-memory.ts';
import type { JobState } from './job-channel.ts';

const MEMORY = 'jobs';

/** 300 bytes an event: about a megabyte, of the five that a browser gives. */
const MOST_EVENTS = 3000;

/**
 * Keeps what is known of open jobs while the page is loaded anew, so that it goes on at the last sequence number. Jobs that have ended
 * are cheap to ask for.
 */
export function keepStates(states: ReadonlyMap<number, JobState>): void {
  let room = MOST_EVENTS;
  const kept = [...states.values()].toReversed().flatMap(({ job, events, link }) => {
    room -= events.length;
    return job === undefined || link === 'ended' || room < 0 ? [] : [{ job, events }];
  });
  writeTabMemory(MEMORY, kept.length === 0 ? null : JSON.stringify(kept));
}

/** What the page knew before it was loaded anew. */
export function keptStates(): Map<number, JobState> {
  const kept: unknown = JSON.parse(readTabMemory(MEMORY) ?? '[]');
  const states = new Map<number, JobState>();
  for (const each of Array.isArray(kept) ? kept : []) {
    const { data } = jobEventsSchema.safeParse(each);
    // One that a version with other jobs has kept is asked for anew.
    if (data === undefined) continue;
    states.set(data.job.id, { ...data, link: 'reconnecting', error: undefined });
  }
  return states;
}

/** Forgets them, because the person who may see them has gone. */
export function dropKeptStates(): void {
  writeTabMemory(MEMORY, null);
}
