import { Button, NativeSelect } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import { useShortcuts } from '../../app/shell/shortcuts.ts';
import {
  AddFiles,
  AddFirst,
  DropZone,
  EmptyState,
  ErrorNotice,
  NothingFound,
  Page,
  PageHead,
  SearchBar,
  SkeletonLines,
} from '../../components/index.ts';
import { useLanguage, useMessages } from '../../i18n/index.ts';
import { allBooksQuery, arrange } from './all-books.ts';
import { BookCard } from './book-card.tsx';
import { libraryMessages } from './messages/index.ts';
import { BOOK_ORDERS } from './book-orders.ts';
import { fetchSampleBook } from './uploads/sample-book.ts';
import { bookQueue, BookUploads } from './uploads/book-uploads.tsx';
import { useUploads } from '../../uploads/index.ts';
import { useHiddenBooks } from './use-delete-book.ts';
import classes from './library.module.css';

const route = getRouteApi('/signed-in/');

const ACCEPTED = '.epub,.fb2,.zip,.mobi,.azw,.azw3,.prc,.txt';

/** The shelf. Files may be dropped anywhere on it. */
export function LibraryPage() {
  const t = useMessages(libraryMessages);
  const uploads = useUploads(bookQueue);
  const { data, error, refetch } = useQuery(allBooksQuery);
  const hidden = useHiddenBooks();
  const books = data?.filter((book) => !hidden.has(book.id));
  return (
    <Page title={t('library')}>
      <PageHead
        title={t('library')}
        lead={
          books !== undefined && books.length > 0 ? t('books', { count: books.length }) : undefined
        }
      >
        {books !== undefined && books.length > 0 && (
          <AddFiles
            accept={ACCEPTED}
            label={t('addBooks')}
            hint={t('dropHint')}
            onFiles={bookQueue.add}
          />
        )}
      </PageHead>
      <DropZone label={t('dropHere')} onFiles={bookQueue.add} />
      <BookUploads />
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {books === undefined && error === null && (
        <SkeletonLines lines={2} height={240} label={t('loadingLibrary')} />
      )}
      {books?.length === 0 && uploads.length === 0 && <EmptyLibrary onFiles={bookQueue.add} />}
      {books !== undefined && books.length > 0 && <Shelf books={books} />}
    </Page>
  );
}

function EmptyLibrary({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const t = useMessages(libraryMessages);
  const { language } = useLanguage();
  const sample = useMutation({
    mutationFn: () => fetchSampleBook(language),
    onSuccess: (file) => onFiles([file]),
  });
  return (
    <EmptyState
      title={t('emptyTitle')}
      action={
        <AddFirst accept={ACCEPTED} label={t('addBooks')} onFiles={onFiles}>
          <Button disabled={sample.isPending} onClick={() => sample.mutate()}>
            {sample.isPending ? t('addingSample') : t('addSample')}
          </Button>
        </AddFirst>
      }
    >
      {t('emptyText')}
      {sample.error !== null && <ErrorNotice error={sample.error} />}
    </EmptyState>
  );
}

function Shelf({ books }: { readonly books: Parameters<typeof arrange>[0] }) {
  const t = useMessages(libraryMessages);
  const { language } = useLanguage();
  const { q: text = '', sort: order = 'newest' } = route.useSearch();
  const navigate = route.useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const shortcuts = useMemo(
    () => [{ keys: '/', label: t('focusSearch'), run: () => field.current?.focus() }],
    [t],
  );
  useShortcuts(t('shortcutsTitle'), shortcuts);
  const shown = useMemo(
    () => arrange(books, { text, order, language }),
    [books, text, order, language],
  );
  const search = (q: string) =>
    void navigate({ search: (old) => ({ ...old, q: q || undefined }), replace: true });
  return (
    <>
      <SearchBar label={t('search')} value={text} onSearch={search} field={field}>
        <NativeSelect
          size="md"
          aria-label={t('sort')}
          value={order}
          onChange={(event) => {
            const sort = BOOK_ORDERS.find((name) => name === event.currentTarget.value);
            void navigate({ search: (old) => ({ ...old, sort }), replace: true });
          }}
          data={BOOK_ORDERS.map((name) => ({ value: name, label: t(name) }))}
        />
      </SearchBar>
      {shown.length === 0 ? (
        <NothingFound>
          {t('noneFound', { text })}
          <Button variant="default" size="compact-md" onClick={() => search('')}>
            {t('clearSearch')}
          </Button>
        </NothingFound>
      ) : (
        <div className={classes['shelf']}>
          {shown.map((book) => (
            <BookCard key={book.id} book={book} />
          ))}
        </div>
      )}
    </>
  );
}
