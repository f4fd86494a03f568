import type { Book, Chapter } from '@scriptorium/contract';
import { ActionIcon } from '@mantine/core';
import { IconArrowLeft, IconList, IconQuote, IconSearch, type Icon } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMessages } from '../../../i18n/index.ts';
import { readerMessages } from './messages/index.ts';
import { ReadingProgress } from './reading-progress.tsx';
import type { ReadingSettings } from './reading-settings.ts';
import { SettingsMenu } from './settings-menu.tsx';
import classes from './reader.module.css';

export type Panel = 'contents' | 'search' | 'gallery' | 'cards';

const BUTTONS = [
  ['contents', IconList],
  ['search', IconSearch],
  ['gallery', IconQuote],
] as const satisfies [Panel, Icon][];

/** Above the text, always there: where one is, and everything that can be opened. */
export function ReaderBar({
  book,
  chapter,
  text,
  settings,
  change,
  onOpen,
}: {
  readonly book: Book;
  readonly chapter: Chapter;
  readonly text: HTMLElement | null;
  readonly settings: ReadingSettings;
  readonly change: (changed: Partial<ReadingSettings>) => void;
  readonly onOpen: (panel: Panel) => void;
}) {
  const t = useMessages(readerMessages);
  return (
    <div className={classes['bar']} role="toolbar" aria-label={t('reader')}>
      <Link
        to="/books/$bookId"
        params={{ bookId: String(book.id) }}
        className={classes['back']}
        aria-label={t('toBook')}
        title={t('toBook')}
      >
        <IconArrowLeft size={20} aria-hidden="true" />
      </Link>
      <div className={classes['where']}>
        <span className={classes['bookTitle']}>{book.title}</span>
        <span className={classes['chapterTitle']}>{chapter.title}</span>
      </div>
      <ReadingProgress book={book} chapter={chapter} text={text} />
      <div className={classes['tools']}>
        {BUTTONS.map(([panel, Sign]) => (
          <ActionIcon
            key={panel}
            size={44}
            variant="subtle"
            color="gray"
            aria-label={t(panel)}
            title={t(panel)}
            onClick={() => onOpen(panel)}
          >
            <Sign size={20} aria-hidden="true" />
          </ActionIcon>
        ))}
        <SettingsMenu settings={settings} change={change} />
      </div>
    </div>
  );
}
