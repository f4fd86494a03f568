import { routes, type BookSummary } from '@scriptorium/contract';
import { queryOptions } from '@tanstack/react-query';
import { api, keyOf } from '../../api/index.ts';
import type { BookOrder } from './book-orders.ts';

/** The largest page the server gives. */
const PAGE = 100;

/** The whole shelf, so that searching and sorting need not ask the server: 300 bytes a book. */
export const allBooksQuery = queryOptions<readonly BookSummary[]>({
  queryKey: [...keyOf(routes.books.list), 'all'],
  queryFn: async ({ signal }) => {
    const all: BookSummary[] = [];
    let before: number | undefined;
    for (;;) {
      const page = await api.call(routes.books.list, { query: { limit: PAGE, before }, signal });
      all.push(...page.books);
      if (page.next_before === null) return all;
      before = page.next_before;
    }
  },
});

/** The books whose title or author has the text in it, in this order. */
export function arrange(
  books: readonly BookSummary[],
  {
    text,
    order,
    language,
  }: { readonly text: string; readonly order: BookOrder; readonly language: string },
): BookSummary[] {
  const wanted = fold(text);
  const found = books.filter((book) =>
    fold(`${book.title} ${book.authors.join(' ')}`).includes(wanted),
  );
  const { compare } = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  switch (order) {
    case 'newest':
      return found;
    case 'title':
      return found.toSorted((a, b) => compare(a.title, b.title));
    case 'author':
      return found.toSorted((a, b) => compare(a.authors[0] ?? '', b.authors[0] ?? ''));
    case 'progress':
      return found.toSorted((a, b) => Number(b.is_processing) - Number(a.is_processing));
  }
}

/** Without case and accents: “bronte” finds “Brontë”, “елка” finds “ёлка”. */
function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().trim();
}
