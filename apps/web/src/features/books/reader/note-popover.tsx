import type { Chapter } from '@scriptorium/contract';
import { Popover } from '@mantine/core';
import { useLayoutEffect, useRef } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { readChapterHtml } from './chapter-dom.ts';
import { readerMessages } from './messages/index.ts';
import classes from './reader.module.css';

type Note = Chapter['notes'][number];

/** A note that is open, and where its mark stands in the column of the text. */
export interface OpenNote {
  readonly note: Note;
  /** Gets the focus back. */
  readonly mark: HTMLElement;
  readonly left: number;
  readonly top: number;
}

/** A foot- or endnote beside its mark: nobody has to leave the page for it. Escape gives the focus back to the mark. */
export function NotePopover({
  open,
  language,
  onClose,
}: {
  readonly open: OpenNote;
  readonly language: string | undefined;
  readonly onClose: () => void;
}) {
  const t = useMessages(readerMessages);
  const { note, left, top } = open;
  const name = t('noteName', { label: note.label });
  return (
    <Popover
      opened
      onDismiss={onClose}
      trapFocus
      withArrow
      shadow="md"
      width={340}
      position="bottom"
      withinPortal={false}
      hideDetached={false}
    >
      <Popover.Target>
        <span className={classes['anchor']} style={{ left, top }} />
      </Popover.Target>
      <Popover.Dropdown aria-label={name} className={classes['note'] ?? ''}>
        <div tabIndex={0} data-autofocus className={classes['noteText']} lang={language}>
          <NoteText html={note.html} />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function NoteText({ html }: { readonly html: string }) {
  const t = useMessages(readerMessages);
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const content = readChapterHtml(html, { note: (label) => t('noteName', { label }) });
    element.current?.replaceChildren(content);
  }, [html, t]);
  return <div ref={element} />;
}
