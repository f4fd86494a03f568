import { routes, type Book, type Chapter } from '@scriptorium/contract';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState, useSyncExternalStore } from 'react';
import { query } from '../../../api/index.ts';
import { readSetting } from '../../../app/settings.ts';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { thisDevice } from './device.ts';
import { readerMessages } from './messages/index.ts';
import { chooseOffer, readAnswered, rememberAnswer } from './offer.ts';
import { furthestOf, lastOf, onPlaces, parsePlaces, placesName, type Place } from './places.ts';
import classes from './reader.module.css';

interface PlaceNoticesProps {
  readonly book: Book;
  readonly chapter: Chapter;
  readonly userId: number;
  /** The time of the furthest place that the reader did not want to go to. */
  readonly stayed: number;
  readonly onStay: (at: number) => void;
  readonly onGo: (chapter: number, at: number) => void;
}

/**
 * Asks, and does not jump: another device has been elsewhere in the book, or this one has been further on. One question at a time; at the
 * foot of the window, where it moves no text.
 */
export function PlaceNotices(props: PlaceNoticesProps) {
  const { book, chapter, userId, stayed, onStay, onGo } = props;
  const t = useMessages(readerMessages);
  const formats = useFormats();
  const places = usePlaces(userId, book.id);
  const { offer, onAnswer } = useOffer(userId, book.id, lastOf(places));
  const furthest = furthestOf(places);
  const titleOf = (number: number) =>
    book.chapters.find((each) => each.number === number)?.title ?? '';
  const isFurther =
    furthest !== undefined && furthest.chapter > chapter.number && furthest.at > stayed;
  return (
    <div aria-live="polite">
      {offer !== undefined ? (
        <Notice
          words={t('elsewhere', {
            device: offer.device.label,
            chapter: titleOf(offer.chapter),
            percent: formats.percent(Math.floor(100 * offer.share)),
            time: formats.relative(offer.at),
          })}
          onGo={() => {
            onAnswer();
            onGo(offer.chapter, offer.offset);
          }}
          onStay={onAnswer}
        />
      ) : (
        isFurther && (
          <Notice
            words={t('furthest', { chapter: titleOf(furthest.chapter) })}
            onGo={() => onGo(furthest.chapter, furthest.offset)}
            onStay={() => onStay(furthest.at)}
          />
        )
      )}
    </div>
  );
}

function Notice({
  words,
  onGo,
  onStay,
}: {
  readonly words: string;
  readonly onGo: () => void;
  readonly onStay: () => void;
}) {
  const t = useMessages(readerMessages);
  return (
    <aside className={classes['notice']} aria-label={words}>
      <span>{words}</span>
      <Button size="compact-md" variant="default" onClick={onGo}>
        {t('goThere')}
      </Button>
      <Button size="compact-md" variant="subtle" color="gray" onClick={onStay}>
        {t('stayHere')}
      </Button>
    </aside>
  );
}

/** The log of places, also when another window of this browser writes it. */
function usePlaces(userId: number, bookId: number): readonly Place[] {
  const log = useSyncExternalStore(onPlaces, () => readSetting(placesName(userId, bookId)));
  return useMemo(() => parsePlaces(log), [log]);
}

/** Asked for anew whenever somebody comes back to this window; where the server cannot be asked, there is nothing to offer. */
function useOffer(userId: number, bookId: number, here: Place | undefined) {
  const { data } = useQuery(query(routes.books.positions, { params: { id: bookId } }));
  const [answered, setAnswered] = useState(() => readAnswered({ userId, bookId }));
  const [deviceId] = useState(() => thisDevice()?.id);
  const offer = chooseOffer({ positions: data?.positions ?? [], deviceId, here, answered });
  const onAnswer = () => {
    if (offer !== undefined) setAnswered(rememberAnswer({ userId, bookId }, offer));
  };
  return { offer, onAnswer };
}
