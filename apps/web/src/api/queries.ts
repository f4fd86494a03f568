import type { CallInput, CallResult, Route } from '@scriptorium/contract';
import {
  queryOptions,
  useMutation,
  useQueryClient,
  type QueryClient,
  type QueryKey,
  type UseMutationResult,
} from '@tanstack/react-query';
import { api } from './client.ts';

/** The key of everything that a route has answered, for `refresh`. */
export function keyOf(route: Route): readonly [string] {
  return [route.path];
}

/**
 * A GET of the contract as a query: `useQuery(query(routes.books.get, { params: { id } }))`. The key begins with the route's
 * path, so `refresh(client, keyOf(routes.books.get))` reaches every book.
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
  await Promise.all(stale.map((route) => refresh(client, keyOf(route))));
}

/**
 * Asks again for everything under a key that is on the screen, because it has changed.
 *
 * A first answer that is still on its way may have been read before the change. `invalidateQueries` gives up only an answer that would
 * replace another, and would let this one stand as fresh: it is shown, and asked for again at once. Not cancelled, because changes that
 * come faster than answers would then keep the screen empty.
 */
export async function refresh(client: QueryClient, queryKey: QueryKey): Promise<void> {
  const firstAnswers = client.getQueryCache().findAll({
    queryKey,
    predicate: ({ state }) => state.data === undefined && state.fetchStatus !== 'idle',
  });
  await client.invalidateQueries({ queryKey });
  await Promise.all(
    firstAnswers.map(({ queryKey: key }) =>
      client.invalidateQueries({ queryKey: key, exact: true }),
    ),
  );
}
