import type { Book } from '@scriptorium/contract';
import { useMessages } from '../../../i18n/index.ts';
import { useTeller } from '../../../said/index.ts';
import { libraryMessages } from '../messages/index.ts';
import classes from './book.module.css';

/** Where the chapters come from, and what was odd about the file. */
export function FileNotes({ book }: { readonly book: Book }) {
  const t = useMessages(libraryMessages);
  const teller = useTeller();
  // Where the chapters come from is said above.
  const warnings = book.warnings.filter(({ code }) => code !== 'toc.source');
  return (
    <footer className={classes['notes']}>
      <p>{t('tocSource', { source: t(sourceOf(book.toc_source)) })}</p>
      {warnings.length > 0 && (
        <details>
          <summary>{t('warnings', { count: warnings.length })}</summary>
          <ul>
            {warnings.map((warning) => (
              <li key={`${warning.code} ${warning.message}`}>{teller.sentence(warning)}</li>
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
