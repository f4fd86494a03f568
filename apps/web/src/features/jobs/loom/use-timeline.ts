import { routes, type Job } from '@scriptorium/contract';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { query } from '../../../api/index.ts';

/** The least time between two questions, however fast parts end. */
const PAUSE_MS = 1500;

/** The timeline of a job, asked for again whenever its live state has news. */
export function useTimeline(jobId: number, live: Job | undefined) {
  const { data, error, refetch, dataUpdatedAt } = useQuery(
    query(routes.jobs.timeline, { params: { id: jobId } }),
  );
  const askedAt = useRef(0);
  useEffect(() => {
    if (live === undefined) return undefined;
    const pauseMs = Math.max(0, askedAt.current + PAUSE_MS - Date.now());
    const timer = setTimeout(() => {
      askedAt.current = Date.now();
      void refetch();
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [live, refetch]);
  return { timeline: data, error, refetch, updatedAt: dataUpdatedAt };
}
