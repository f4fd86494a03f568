import type { BookSummary } from '@scriptorium/contract';
import classes from './cover.module.css';

/** How many grounds cover.module.css has. */
const GROUNDS = 8;

type Covered = Pick<BookSummary, 'title' | 'authors' | 'cover_url'>;

/** The book's own cover, or one that is set from its title and author, always in the same colour. Decoration: the title stands beside it. */
export function Cover({ book }: { readonly book: Covered }) {
  if (book.cover_url !== undefined) {
    return (
      <img src={book.cover_url} alt="" loading="lazy" decoding="async" className={classes['own']} />
    );
  }
  const ground = hash(`${book.title}\n${book.authors.join('\n')}`) % GROUNDS;
  return (
    <span className={classes['set']} data-ground={ground} aria-hidden="true">
      <span className={classes['author']}>{book.authors.join(', ')}</span>
      <span className={classes['title']} data-long={book.title.length > 42 || undefined}>
        {book.title}
      </span>
      <span className={classes['ornament']}>❦</span>
    </span>
  );
}

/** FNV-1a over UTF-16 units: short, and the same everywhere. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return value >>> 0;
}
