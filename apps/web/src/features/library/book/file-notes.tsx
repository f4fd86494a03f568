import type { Book } from '@scriptorium/contract';
import { useMessages } from '../../../i18n/index.ts';
import { libraryMessages } from '../messages/index.ts';
import classes from './book.module.css';

/** Where the chapters come from, and what was odd about the file. */
export function FileNotes({ book }: { readonly book: Book }) {
  const t = useMessages(libraryMessages);
  return (
    <footer className={classes['notes']}>
      <p>{t('tocSource', { source: t(sourceOf(book.toc_source)) })}</p>
      {book.warnings.length > 0 && (
        <details>
          <summary>{t('warnings', { count: book.warnings.length })}</summary>
          <ul>
            {book.warnings.map(({ code, message }) => (
              <li key={`${code} ${message}`}>{message}</li>
            ))}
          </ul>
        </details>
      )}
    </footer>
  );
}

function sourceOf(source: string) {
  switch (source) {
    case 'nav':
      return 'toc_nav';
    case 'ncx':
      return 'toc_ncx';
    case 'headings':
      return 'toc_headings';
    case 'spine':
      return 'toc_spine';
    default:
      return 'toc_other';
  }
}
