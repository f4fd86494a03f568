import { ActionIcon, Menu } from '@mantine/core';
import type { Book } from '@scriptorium/contract';
import { IconDots } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useMessages } from '../../../i18n/index.ts';
import { libraryMessages } from '../messages/index.ts';
import { useDeleteBook } from '../use-delete-book.ts';

/** What is rarely done with a book. */
export function BookMenu({ book }: { readonly book: Pick<Book, 'id' | 'title'> }) {
  const t = useMessages(libraryMessages);
  const deleteBook = useDeleteBook();
  const navigate = useNavigate();
  const remove = () => {
    deleteBook(book);
    void navigate({ to: '/' });
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="default"
          size="input-md"
          aria-label={t('bookMenu', { title: book.title })}
        >
          <IconDots size={20} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item color="failed" onClick={remove}>
          {t('deleteBook')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
