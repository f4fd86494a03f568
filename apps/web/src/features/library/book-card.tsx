import type { BookSummary } from '@scriptorium/contract';
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { routes } from '@scriptorium/contract';
import { markStale, useLiveJob } from '../../api/index.ts';
import { StatusBadge } from '../../components/index.ts';
import { useFormats, useMessages } from '../../i18n/index.ts';
import { Cover } from './cover.tsx';
import { libraryMessages } from './messages/index.ts';
import { useDeleteBook } from './use-delete-book.ts';
import classes from './library.module.css';

/** One book on the shelf: its cover, what it is called, how far it is. All of it leads to the book. */
export function BookCard({ book }: { readonly book: BookSummary }) {
  const t = useMessages(libraryMessages);
  const deleteBook = useDeleteBook();
  const params = { bookId: String(book.id) };
  return (
    <article className={classes['card']}>
      <Cover book={book} />
      <h2 className={classes['cardTitle']}>
        <Link to="/books/$bookId" params={params} className={classes['cardLink']}>
          {book.title}
        </Link>
      </h2>
      <p className={classes['cardAuthor']}>
        {book.authors.length === 0 ? t('unknownAuthor') : book.authors.join(', ')}
      </p>
      <div className={classes['cardFoot']}>
        <BookState book={book} />
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon
              variant="subtle"
              color="gray"
              className={classes['cardMenu']}
              aria-label={t('bookMenu', { title: book.title })}
            >
              <IconDots size={18} aria-hidden="true" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              renderRoot={(props) => <Link to="/books/$bookId" params={params} {...props} />}
            >
              {t('open')}
            </Menu.Item>
            <Menu.Item color="failed" onClick={() => deleteBook(book)}>
              {t('deleteBook')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
    </article>
  );
}

function BookState({ book }: { readonly book: BookSummary }) {
  const t = useMessages(libraryMessages);
  const formats = useFormats();
  const client = useQueryClient();
  const { job, link } = useLiveJob(book.is_processing ? book.job_id : undefined);
  const hasEnded = book.is_processing && job !== undefined && link === 'ended';
  useEffect(() => {
    if (hasEnded) void markStale(client, [routes.books.list]);
  }, [hasEnded, client]);
  if (book.is_processing && !hasEnded) {
    if (job === undefined || job.status === 'pending') {
      return <StatusBadge tone="waiting">{t('waiting')}</StatusBadge>;
    }
    const percent = formats.percent(job.progress_percent);
    return <StatusBadge tone="running">{t('preparing', { percent })}</StatusBadge>;
  }
  if (book.chapters_ready === 0) return <StatusBadge tone="quiet">{t('nothingReady')}</StatusBadge>;
  return <StatusBadge tone="done">{t('ready', { count: book.chapters_ready })}</StatusBadge>;
}
