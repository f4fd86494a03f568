import { ApiError, routes, type User } from '@scriptorium/contract';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api } from './client.ts';
import { forgetJobs } from './live/use-live-job.ts';

/** Who is signed in, or null. An error means that it could not be found out. */
export const sessionQuery = queryOptions<User | null>({
  queryKey: ['session'],
  staleTime: 60_000,
  queryFn: async ({ signal }) => {
    try {
      const { user } = await api.call(routes.auth.me, { signal });
      return user;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
});

/** The user who is signed in; undefined while that is not known, null for nobody. */
export function useUser(): User | null | undefined {
  return useQuery(sessionQuery).data;
}

/** Ends the session of this browser and forgets everything that was read with it. */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(async () => {
    await api.call(routes.auth.logout, {});
    client.clear();
    forgetJobs();
    client.setQueryData(sessionQuery.queryKey, null);
  }, [client]);
}
