import { routes, type Book } from '@scriptorium/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { query, useUser } from '../../../api/index.ts';
import { ErrorNotice, Page, SkeletonLines } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { readerMessages } from './messages/index.ts';
import { Reader } from './reader.tsx';
import { useReadingSettings } from './reading-settings.ts';
import { usePlaceSender } from './use-place-sender.ts';

const route = getRouteApi('/signed-in/books/$bookId/chapters/$number');

/** A chapter's text never changes, so it is asked for once; how it is doing is asked for apart from it. */
const chapterQuery = (id: number, n: number) => ({
  ...query(routes.books.chapter, { params: { id, n } }),
  staleTime: 300_000,
});

/** A chapter of a book, to read. */
export function ReaderPage() {
  const t = useMessages(readerMessages);
  const params = route.useParams();
  const [id, n] = [Number(params.bookId), Number(params.number)];
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const user = useUser();
  const book = useQuery(query(routes.books.get, { params: { id } }));
  const chapter = useQuery(chapterQuery(id, n));
  const reading = useReadingSettings();
  const [stayed, setStayed] = useState(0);
  const sender = usePlaceSender(user?.id, id);
  usePrefetch(book.data, n);

  const go = useCallback(
    (number: number, at?: number) => {
      performance.mark('reader.turn');
      void navigate({
        params: { bookId: String(id), number: String(number) },
        search: ({ q }) => ({
          ...(q === undefined ? {} : { q }),
          ...(at === undefined ? {} : { at }),
        }),
        // The reader goes to a place, which the log or `at` names.
        resetScroll: false,
      });
    },
    [navigate, id],
  );
  const onArrival = useCallback(() => {
    void navigate({
      search: ({ q }) => (q === undefined ? {} : { q }),
      replace: true,
      resetScroll: false,
    });
  }, [navigate]);
  const onSearch = useCallback(
    (q: string) =>
      void navigate({ search: q === '' ? {} : { q }, replace: true, resetScroll: false }),
    [navigate],
  );

  const error = book.error ?? chapter.error;
  if (error !== null) {
    return (
      <Page title={t('reader')}>
        <h1 className="visually-hidden">{t('reader')}</h1>
        <ErrorNotice
          error={error}
          onRetry={() => void Promise.all([book.refetch(), chapter.refetch()])}
        />
      </Page>
    );
  }
  if (book.data === undefined || chapter.data === undefined || !user) {
    return (
      <Page title={t('reader')}>
        <h1 className="visually-hidden">{t('reader')}</h1>
        <SkeletonLines lines={12} label={t('loadingChapter')} />
      </Page>
    );
  }
  return (
    <Page wide title={`${chapter.data.title} · ${book.data.title}`}>
      <Reader
        key={`${id} ${n}`}
        book={book.data}
        chapter={chapter.data}
        userId={user.id}
        at={search.at}
        words={search.q ?? ''}
        reading={reading}
        stayed={stayed}
        onStay={setStayed}
        onGo={go}
        onArrival={onArrival}
        onSearch={onSearch}
        sender={sender}
      />
    </Page>
  );
}

/** The next chapter is there before anybody turns to it, and so is the one before. */
function usePrefetch(book: Book | undefined, n: number): void {
  const client = useQueryClient();
  useEffect(() => {
    if (book === undefined) return;
    for (const near of [n + 1, n - 1]) {
      if (near >= 1 && near <= book.chapters.length) {
        void client.prefetchQuery(chapterQuery(book.id, near));
      }
    }
  }, [client, book, n]);
}
