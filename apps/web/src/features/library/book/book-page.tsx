import { routes, type Book } from '@scriptorium/contract';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { query, useLiveJob } from '../../../api/index.ts';
import { ErrorNotice, Page, SkeletonLines } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { useHasBegun } from '../../books/index.ts';
import { Cover } from '../cover.tsx';
import { libraryMessages } from '../messages/index.ts';
import { BookProgress } from './book-progress.tsx';
import { BookMenu } from './book-menu.tsx';
import { ChapterList } from './chapter-list.tsx';
import { FileNotes } from './file-notes.tsx';
import { PrepareRest } from './prepare-rest.tsx';
import { useFreshBook } from './use-fresh-book.ts';
import classes from './book.module.css';

const route = getRouteApi('/signed-in/books/$bookId');

/** One book: what it is, how far it is, and its chapters. */
export function BookPage() {
  const t = useMessages(libraryMessages);
  const bookId = Number(route.useParams().bookId);
  const {
    data: book,
    error,
    refetch,
  } = useQuery(query(routes.books.get, { params: { id: bookId } }));
  if (error !== null) {
    return (
      <Page>
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      </Page>
    );
  }
  if (book === undefined) {
    return (
      <Page>
        <SkeletonLines lines={8} label={t('loadingBook')} />
      </Page>
    );
  }
  return (
    <Page title={book.title}>
      <BookScreen book={book} />
    </Page>
  );
}

function BookScreen({ book }: { readonly book: Book }) {
  const t = useMessages(libraryMessages);
  const live = useLiveJob(book.is_processing ? book.job_id : undefined);
  useFreshBook(book, live);
  return (
    <div className={classes['book']}>
      <aside className={classes['cover']}>
        <Cover book={book} />
      </aside>
      <header className={classes['head']}>
        <h1 className={classes['title']}>{book.title}</h1>
        <p className={classes['author']}>
          {book.authors.length === 0 ? t('unknownAuthor') : book.authors.join(', ')}
        </p>
        <Facts book={book} />
      </header>
      <div className={classes['work']}>
        <div className={classes['actions']}>
          <ReadButton book={book} />
          <PrepareRest book={book} />
          <BookMenu book={book} />
        </div>
        <BookProgress live={live} />
      </div>
      <section className={classes['chapters']} aria-labelledby="chapters">
        <h2 id="chapters" className={classes['chaptersTitle']}>
          {t('chapters')}
        </h2>
        <ChapterList book={book} />
        <FileNotes book={book} />
      </section>
    </div>
  );
}

/** Goes where the person was last, else to the first page that is a chapter. */
function ReadButton({ book }: { readonly book: Book }) {
  const t = useMessages(libraryMessages);
  const hasBegun = useHasBegun(book.id);
  const first =
    book.chapters.find((chapter) => chapter.page_class === 'chapter') ?? book.chapters[0];
  if (first === undefined) return null;
  const bookId = String(book.id);
  return (
    <Button
      renderRoot={(props) =>
        hasBegun ? (
          <Link to="/books/$bookId/read" params={{ bookId }} {...props} />
        ) : (
          <Link
            to="/books/$bookId/chapters/$number"
            params={{ bookId, number: String(first.number) }}
            {...props}
          />
        )
      }
    >
      {t(hasBegun ? 'continue' : 'read')}
    </Button>
  );
}

/** What can be said about it in one line. */
function Facts({ book }: { readonly book: Book }) {
  const t = useMessages(libraryMessages);
  const formats = useFormats();
  const facts = [
    book.format.toUpperCase(),
    ...(book.language === null ? [] : [formats.language(book.language)]),
    t('words', { count: book.words }),
    t('pages', { count: book.chapters.length }),
  ];
  return <p className={classes['facts']}>{facts.join(' · ')}</p>;
}
