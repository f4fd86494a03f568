import { ApiError } from '@scriptorium/contract';
import { QueryClient } from '@tanstack/react-query';

const MOST_RETRIES = 2;

/** What is temporary is tried again; a refusal is shown at once. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      retry: (failures, error) =>
        failures < MOST_RETRIES && error instanceof ApiError && error.isTemporary,
    },
  },
});
