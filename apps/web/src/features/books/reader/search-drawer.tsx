import { routes, type Book } from '@scriptorium/contract';
import { Drawer, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { query } from '../../../api/index.ts';
import { ErrorNotice } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import type { ReaderWords } from './kind-words.ts';
import { readerMessages } from './messages/index.ts';
import classes from './panels.module.css';

const LEAST_LETTERS = 2;
const MOST_HITS = 200;

/** Where words stand in a book; asks only for what can be asked for. */
export function useBookSearch(bookId: number, words: string) {
  return useQuery({
    ...query(routes.books.search, {
      params: { id: bookId },
      query: { q: words.trim(), limit: MOST_HITS },
    }),
    enabled: words.trim().length >= LEAST_LETTERS,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

export interface SearchDrawerProps {
  readonly book: Book;
  readonly words: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Of what was typed last, to be kept in the address. */
  readonly onSearch: (words: string) => void;
  readonly onGo: (chapter: number, at: number) => void;
}

/** Full-text search over the book; a find is shown in its place, and all of the chapter's are lit there. */
export function SearchDrawer({ book, words, isOpen, onClose, onSearch, onGo }: SearchDrawerProps) {
  const t = useMessages(readerMessages);
  const [typed, setTyped] = useState(words);
  const [settled] = useDebouncedValue(typed, 250);
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      size="md"
      title={t('search')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <TextInput
        type="search"
        data-autofocus
        label={t('searchLabel')}
        description={t('searchHint')}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Hits
        book={book}
        words={settled}
        onGo={(chapter, at) => {
          onSearch(settled);
          onGo(chapter, at);
        }}
      />
    </Drawer>
  );
}

function Hits({ book, words, onGo }: Pick<SearchDrawerProps, 'book' | 'words' | 'onGo'>) {
  const t = useMessages(readerMessages);
  const { data, error, isFetching, refetch } = useBookSearch(book.id, words);
  if (words.trim().length < LEAST_LETTERS) return null;
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className={classes['said']}>{t('searching')}</p>;
  const titles = new Map(book.chapters.map(({ number, title }) => [number, title]));
  return (
    <>
      <p className={classes['said']} aria-live="polite">
        {isFetching ? t('searching') : saidOf(t, words, data.hits.length, data.has_more)}
      </p>
      {[...Map.groupBy(data.hits, ({ chapter }) => chapter)].map(([chapter, hits]) => (
        <section key={chapter}>
          <h3 className={classes['heading']}>{titles.get(chapter)}</h3>
          <ul className={classes['list']} lang={book.language ?? undefined}>
            {hits.map(({ start, before, match, after }) => (
              <li key={start}>
                <button
                  type="button"
                  className={classes['hit']}
                  onClick={() => onGo(chapter, start)}
                >
                  {before}
                  <mark>{match}</mark>
                  {after}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function saidOf(t: ReaderWords, words: string, count: number, hasMore: boolean): string {
  if (count === 0) return t('noHits', { words: words.trim() });
  return hasMore ? t('moreHits', { count }) : t('hits', { count });
}
