import type { Book, ChapterSummary } from '@scriptorium/contract';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { StatusBadge } from '../../../components/index.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { pageReason, useTeller } from '../../../said/index.ts';
import { libraryMessages } from '../messages/index.ts';
import { ChapterMenu } from './chapter-menu.tsx';
import { chapterTree, type Entry } from './chapter-tree.ts';
import { useCorrection } from './use-correction.ts';
import classes from './book.module.css';

/** The table of contents as a tree, each chapter with its state. */
export function ChapterList({ book }: { readonly book: Book }) {
  const tree = useMemo(() => chapterTree(book.chapters), [book.chapters]);
  return <Entries entries={tree} />;
}

function Entries({ entries }: { readonly entries: readonly Entry[] }) {
  return (
    <ol className={classes['list']}>
      {entries.map((entry) =>
        entry.kind === 'chapter' ? (
          <li key={entry.chapter.number}>
            <ChapterRow chapter={entry.chapter} />
          </li>
        ) : (
          <li key={keyOf(entry)}>
            {entry.part.own === undefined ? (
              <h3 className={classes['part']}>{entry.part.title}</h3>
            ) : (
              <ChapterRow chapter={entry.part.own} />
            )}
            <Entries entries={entry.part.entries} />
          </li>
        ),
      )}
    </ol>
  );
}

/** Two parts may have one title; no two begin with the same chapter. */
function keyOf(entry: Entry): string {
  if (entry.kind === 'chapter') return String(entry.chapter.number);
  const [first] = entry.part.entries;
  return first === undefined ? entry.part.title : `${entry.part.title}/${keyOf(first)}`;
}

function ChapterRow({ chapter }: { readonly chapter: ChapterSummary }) {
  const t = useMessages(libraryMessages);
  const formats = useFormats();
  const { book_id: bookId, number, title } = chapter;
  return (
    <div className={classes['row']} data-quiet={chapter.page_class !== 'chapter' || undefined}>
      <span className={`${classes['number']} figures`}>{formats.number(number)}</span>
      <div className={classes['what']}>
        <Link
          to="/books/$bookId/chapters/$number"
          params={{ bookId: String(bookId), number: String(number) }}
          className={classes['chapterLink']}
        >
          {title}
        </Link>
        <Reason chapter={chapter} />
      </div>
      <span className={`${classes['words']} figures`}>{t('words', { count: chapter.words })}</span>
      <span className={classes['state']}>
        <ChapterState chapter={chapter} />
      </span>
      <ChapterMenu chapter={chapter} />
    </div>
  );
}

/** Why a page is not read for descriptions, and whether a person said so. */
function Reason({ chapter }: { readonly chapter: ChapterSummary }) {
  const t = useMessages(libraryMessages);
  const { correct } = useCorrection(chapter);
  const teller = useTeller();
  const { is_corrected: isCorrected } = chapter;
  const reason = pageReason(chapter, teller);
  const words = [
    ...(chapter.is_service_page && reason !== null ? [t('serviceReason', { reason })] : []),
    ...(isCorrected ? [t('corrected')] : []),
  ];
  if (words.length === 0) return null;
  return (
    <span className={classes['reason']}>
      {words.join(' · ')}{' '}
      {chapter.is_service_page && (
        <button type="button" className={classes['correct']} onClick={() => correct(false)}>
          {t('treatAsChapter')}
        </button>
      )}
    </span>
  );
}

function ChapterState({ chapter }: { readonly chapter: ChapterSummary }) {
  const t = useMessages(libraryMessages);
  const formats = useFormats();
  const { status, preparation, page_class: page } = chapter;
  if (preparation !== null && preparation.status === 'active') {
    const percent = formats.percent(preparation.progress_percent);
    return <StatusBadge tone="running">{t('preparing', { percent })}</StatusBadge>;
  }
  if (preparation !== null) return <StatusBadge tone="waiting">{t('status_waiting')}</StatusBadge>;
  switch (status) {
    case 'ready': {
      const count = chapter.descriptions_found;
      return (
        <StatusBadge tone="done">
          {count === 0 ? t('status_none') : t('status_ready', { count })}
        </StatusBadge>
      );
    }
    case 'failed':
      return <StatusBadge tone="failed">{t('status_failed')}</StatusBadge>;
    case 'preparing':
      return <StatusBadge tone="running">{t('status_preparing')}</StatusBadge>;
    case 'waiting':
      return page === 'chapter' ? (
        <StatusBadge tone="quiet">{t('status_notYet')}</StatusBadge>
      ) : (
        <StatusBadge tone="quiet">{t(`class_${page}`)}</StatusBadge>
      );
    case 'skipped':
      return (
        <StatusBadge tone="quiet">
          {page === 'chapter' ? t('status_skipped') : t(`class_${page}`)}
        </StatusBadge>
      );
  }
}
