import type { Chapter, Description } from '@scriptorium/contract';
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { openChapterView, type ChapterView, type Stretch } from './chapter-view.ts';
import { glossName } from './kind-words.ts';
import { readerMessages } from './messages/index.ts';
import { NotePopover, type OpenNote } from './note-popover.tsx';
import { useTextEvents } from './use-text-events.ts';
import prose from './chapter-text.module.css';
import classes from './reader.module.css';

export interface ChapterTextProps {
  readonly chapter: Chapter;
  readonly language: string | undefined;
  readonly descriptions: readonly Description[];
  readonly lit: number | undefined;
  readonly found: readonly Stretch[];
  readonly onLight: (id: number | undefined) => void;
  /** Somebody wants to see the card of a passage. */
  readonly onOpenCard: (description: Description) => void;
  readonly onGo: (chapter: number, at: number) => void;
  /** Told when the chapter stands on the page, and where. */
  readonly onDrawn: (view: ChapterView | undefined, text: HTMLElement | null) => void;
}

/** The chapter itself. React owns the element, {@link ChapterView} what is in it. */
export function ChapterText(props: ChapterTextProps) {
  const { chapter, language, descriptions, lit, found, onDrawn } = props;
  const t = useMessages(readerMessages);
  const text = useRef<HTMLElement>(null);
  const view = useChapterView(text, chapter.html, t, onDrawn);
  const [note, setNote] = useState<OpenNote>();

  useLayoutEffect(() => view?.showDescriptions(descriptions), [view, descriptions]);
  useEffect(() => view?.light(lit), [view, lit, descriptions]);
  useEffect(() => view?.showFound(found), [view, found, descriptions]);
  useTextEvents(text, view, {
    ...props,
    onNote(id, mark) {
      const opened = chapter.notes.find((each) => each.id === id);
      if (opened === undefined) return;
      const { offsetLeft: left, offsetTop, offsetHeight } = mark;
      setNote({ note: opened, mark, left, top: offsetTop + offsetHeight });
    },
  });

  return (
    <div className={classes['column']}>
      <article ref={text} className={prose['text']} lang={language} aria-label={chapter.title} />
      {note !== undefined && (
        <NotePopover
          open={note}
          language={language}
          onClose={() => {
            setNote(undefined);
            note.mark.focus({ preventScroll: true });
          }}
        />
      )}
    </div>
  );
}

function useChapterView(
  text: RefObject<HTMLElement | null>,
  html: string,
  t: Parameters<typeof glossName>[0],
  onDrawn: ChapterTextProps['onDrawn'],
): ChapterView | undefined {
  const [view, setView] = useState<ChapterView>();
  useLayoutEffect(() => {
    if (text.current === null) return;
    const opened = openChapterView(text.current, html, {
      note: (label) => t('noteName', { label }),
      gloss: (description) => glossName(t, description),
    });
    setView(opened);
    onDrawn(opened, text.current);
    performance.mark('reader.chapter-drawn');
    return () => {
      opened.close();
      onDrawn(undefined, null);
    };
  }, [text, html, t, onDrawn]);
  return view;
}
