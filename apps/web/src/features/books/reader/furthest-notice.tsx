import type { Book } from '@scriptorium/contract';
import { Button } from '@mantine/core';
import { useMessages } from '../../../i18n/index.ts';
import { readerMessages } from './messages/index.ts';
import type { Place } from './places.ts';
import classes from './reader.module.css';

/** Asks, and does not jump: the log knows a place that is further on. */
export function FurthestNotice({
  book,
  place,
  onGo,
  onStay,
}: {
  readonly book: Book;
  readonly place: Place;
  readonly onGo: () => void;
  readonly onStay: () => void;
}) {
  const t = useMessages(readerMessages);
  const chapter = book.chapters.find(({ number }) => number === place.chapter)?.title ?? '';
  return (
    <aside className={classes['furthest']} aria-label={t('furthest', { chapter })}>
      <span>{t('furthest', { chapter })}</span>
      <Button size="compact-md" variant="default" onClick={onGo}>
        {t('goThere')}
      </Button>
      <Button size="compact-md" variant="subtle" color="gray" onClick={onStay}>
        {t('stayHere')}
      </Button>
    </aside>
  );
}
