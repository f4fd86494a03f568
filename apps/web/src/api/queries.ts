import type { CallInput, CallResult, Route } from '@scriptorium/contract';
import {
  queryOptions,
  useMutation,
  useQueryClient,
  type QueryClient,
  type UseMutationResult,
} from '@tanstack/react-query';
import { api } from './client.ts';

/** The key of everything that a route has answered, for `invalidateQueries`. */
export function keyOf(route: Route): readonly [string] {
  return [route.path];
}

/**
 * A GET of the contract as a query: `useQuery(query(routes.books.get, { params: { id } }))`. The key begins with the route's
 * path, so `client.invalidateQueries({ queryKey: keyOf(routes.books.get) })` reaches every book.
 */
export function query<const R extends Route>(route: R, input: CallInput<R>) {
  const { params, query: search } = input;
  return queryOptions<CallResult<R>>({
    queryKey: [route.path, params ?? {}, search ?? {}],
    queryFn: ({ signal }) => api.call(route, { ...input, signal }),
  });
}

/**
 * A call that changes something: `const remove = useAction(routes.books.remove, [routes.books.list])`, then
 * `remove.mutate({ params: { id } })`. Afterwards the answers of the routes in `stale` are asked for again.
 */
export function useAction<const R extends Route>(
  route: R,
  stale: readonly Route[] = [],
): UseMutationResult<CallResult<R>, Error, CallInput<R>> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: CallInput<R>) => api.call(route, input),
    onSuccess: () => markStale(client, stale),
  });
}

/** Asks again for everything that these routes have answered and that is on the screen. */
export async function markStale(client: QueryClient, stale: readonly Route[]): Promise<void> {
  await Promise.all(stale.map((route) => client.invalidateQueries({ queryKey: keyOf(route) })));
}
