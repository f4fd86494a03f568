/** What the library may be sorted by. */
export const BOOK_ORDERS = ['newest', 'title', 'author', 'progress'] as const;

export type BookOrder = (typeof BOOK_ORDERS)[number];
