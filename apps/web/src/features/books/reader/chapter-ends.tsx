import type { Book } from '@scriptorium/contract';
import { IconArrowLeft, IconArrowRight } from '@tabler/icons-react';
import { useMessages } from '../../../i18n/index.ts';
import { readerMessages } from './messages/index.ts';
import classes from './reader.module.css';

/** Below the text: the chapter before and the one that comes next, by name. */
export function ChapterEnds({
  book,
  number,
  onPrevious,
  onNext,
}: {
  readonly book: Book;
  readonly number: number;
  readonly onPrevious: () => void;
  readonly onNext: () => void;
}) {
  const t = useMessages(readerMessages);
  const titleOf = (wanted: number) =>
    book.chapters.find((chapter) => chapter.number === wanted)?.title;
  const [previous, next] = [titleOf(number - 1), titleOf(number + 1)];
  return (
    <nav className={classes['ends']} aria-label={t('contents')}>
      {previous === undefined ? (
        <span className={classes['end']}>{t('firstChapter')}</span>
      ) : (
        <button type="button" className={classes['turn']} onClick={onPrevious}>
          <IconArrowLeft size={18} aria-hidden="true" />
          <span>
            <small>{t('previousChapter')}</small>
            {previous}
          </span>
        </button>
      )}
      {next === undefined ? (
        <span className={classes['end']}>{t('lastChapter')}</span>
      ) : (
        <button type="button" className={classes['turn']} data-next onClick={onNext}>
          <span>
            <small>{t('nextChapter')}</small>
            {next}
          </span>
          <IconArrowRight size={18} aria-hidden="true" />
        </button>
      )}
    </nav>
  );
}
