import type { Book, Chapter } from '@scriptorium/contract';
import { useEffect, useState } from 'react';
import { useFormats, useMessages } from '../../../i18n/index.ts';
import { readerMessages } from './messages/index.ts';
import classes from './reader.module.css';

/** Of somebody who reads for pleasure. */
const WORDS_A_MINUTE = 220;

/** How much of the book is behind the reader, and what the chapter still takes. */
export function ReadingProgress({
  book,
  chapter,
  text,
}: {
  readonly book: Book;
  readonly chapter: Chapter;
  readonly text: HTMLElement | null;
}) {
  const t = useMessages(readerMessages);
  const formats = useFormats();
  const read = useShareRead(text);
  const before = book.chapters
    .filter(({ number }) => number < chapter.number)
    .reduce((sum, { words }) => sum + words, 0);
  const all = book.chapters.reduce((sum, { words }) => sum + words, 0);
  const isEnd = read === 1 && chapter.number === book.chapters.length;
  const share = all === 0 ? 0 : (before + read * chapter.words) / all;
  // Only the last line of the book is its end.
  const percent = isEnd ? 100 : Math.min(99, Math.floor(100 * share));
  const minutes = Math.ceil(((1 - read) * chapter.words) / WORDS_A_MINUTE);
  return (
    <>
      <span className={`figures ${classes['progress']}`}>
        {t('ofBook', { percent: formats.percent(percent) })}
        {minutes > 0 && <small>{t('minutesLeft', { count: minutes })}</small>}
      </span>
      <span className={classes['line']} style={{ transform: `scaleX(${percent / 100})` }} />
    </>
  );
}

/** 0 to 1 in hundredths: how much of the text has come into the window. */
function useShareRead(text: HTMLElement | null): number {
  const [read, setRead] = useState(0);
  useEffect(() => {
    if (text === null) return;
    let frame = 0;
    const measure = () => {
      frame = 0;
      const { top, height } = text.getBoundingClientRect();
      const share = height === 0 ? 1 : (innerHeight - top) / height;
      const isTop = scrollY === 0 && height > innerHeight;
      setRead(isTop ? 0 : Math.max(0, Math.min(1, Math.round(100 * share) / 100)));
    };
    const later = () => {
      frame ||= requestAnimationFrame(measure);
    };
    measure();
    const observer = new ResizeObserver(later);
    observer.observe(text);
    addEventListener('scroll', later, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      removeEventListener('scroll', later);
    };
  }, [text]);
  return read;
}
