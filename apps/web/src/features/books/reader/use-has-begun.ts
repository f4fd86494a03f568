import { routes } from '@scriptorium/contract';
import { useQuery } from '@tanstack/react-query';
import { query, useUser } from '../../../api/index.ts';
import { placesName, readPlaces } from './places.ts';

/** True once the person has been in a book, on this device or on another one. */
export function useHasBegun(bookId: number): boolean {
  const user = useUser();
  const { data } = useQuery(query(routes.books.positions, { params: { id: bookId } }));
  return (
    (data?.positions.length ?? 0) > 0 || readPlaces(placesName(user?.id ?? 0, bookId)).length > 0
  );
}
