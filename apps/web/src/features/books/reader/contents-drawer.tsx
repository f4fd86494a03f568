import type { Book } from '@scriptorium/contract';
import { Drawer } from '@mantine/core';
import { useMessages } from '../../../i18n/index.ts';
import { readerMessages } from './messages/index.ts';
import classes from './panels.module.css';

/** The table of contents; what is a page rather than a chapter stands quieter. */
export function ContentsDrawer({
  book,
  current,
  isOpen,
  onClose,
  onGo,
}: {
  readonly book: Book;
  readonly current: number;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onGo: (chapter: number, at: number) => void;
}) {
  const t = useMessages(readerMessages);
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="left"
      size="md"
      title={t('contents')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <ol className={classes['contents']}>
        {book.chapters.map(
          ({ number, title, path, page_class: pageClass, descriptions_found: found }) => (
            <li key={number} data-depth={Math.min(path.length, 3)} data-class={pageClass}>
              <button
                type="button"
                className={classes['entry']}
                aria-current={number === current ? 'location' : undefined}
                data-autofocus={number === current || undefined}
                onClick={() => onGo(number, 0)}
              >
                <span>{title}</span>
                {found > 0 && (
                  <span
                    className={`figures ${classes['count']}`}
                    title={t('found', { count: found })}
                  >
                    {found}
                  </span>
                )}
              </button>
            </li>
          ),
        )}
      </ol>
    </Drawer>
  );
}
