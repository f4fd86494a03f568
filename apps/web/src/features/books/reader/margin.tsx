import type { Description } from '@scriptorium/contract';
import { useLayoutEffect, useRef, useState } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import type { ChapterView } from './chapter-view.ts';
import { DescriptionCard } from './description-card.tsx';
import { readerMessages } from './messages/index.ts';
import classes from './reader.module.css';

/** Pixels between two cards. */
const GAP = 12;

export interface CardsProps {
  readonly descriptions: readonly Description[];
  readonly lit: number | undefined;
  readonly language: string | undefined;
  readonly onLight: (id: number | undefined) => void;
  readonly onOpen: (description: Description) => void;
}

/** The cards beside their passages, as glosses stand; where passages are close, a card makes way downwards. */
export function Margin({
  view,
  text,
  ...cards
}: CardsProps & {
  readonly view: ChapterView | undefined;
  /** The element with the chapter: when its size changes, the passages have moved. */
  readonly text: HTMLElement | null;
}) {
  const t = useMessages(readerMessages);
  const list = useRef<HTMLUListElement>(null);
  const [tops, setTops] = useState<readonly number[]>([]);
  const { descriptions } = cards;
  useLayoutEffect(() => {
    const margin = list.current;
    if (view === undefined || margin === null || text === null) return;
    const place = () => setTops(placeCards(margin, view, descriptions));
    place();
    const observer = new ResizeObserver(place);
    observer.observe(text);
    observer.observe(margin);
    return () => observer.disconnect();
  }, [view, text, descriptions]);
  return (
    <ul ref={list} className={classes['margin']} aria-label={t('cards')}>
      {descriptions.map((description, i) => (
        <li
          key={description.id}
          className={classes['marginal']}
          style={{ top: tops[i] ?? 0 }}
          data-raised={cards.lit === description.id || undefined}
        >
          <DescriptionCard
            {...cards}
            description={description}
            isLit={cards.lit === description.id}
          />
        </li>
      ))}
    </ul>
  );
}

/** Pixels from the top of the margin, for each description in the order of the text. */
function placeCards(
  margin: HTMLElement,
  view: ChapterView,
  descriptions: readonly Description[],
): readonly number[] {
  const origin = margin.getBoundingClientRect().top;
  let free = 0;
  return descriptions.map(({ start }, i) => {
    const top = Math.max(free, view.topOf(start) - origin - 2);
    const height = margin.children[i]?.getBoundingClientRect().height ?? 0;
    free = top + height + GAP;
    return top;
  });
}
