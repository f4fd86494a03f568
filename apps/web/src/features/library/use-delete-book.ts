import { routes, type BookSummary } from '@scriptorium/contract';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import { api, markStale } from '../../api/index.ts';
import { postpone } from '../../components/index.ts';
import { useMessages } from '../../i18n/index.ts';
import { useErrorLine } from '../../said/index.ts';
import { libraryMessages } from './messages/index.ts';

let hidden: ReadonlySet<number> = new Set();
const listeners = new Set<() => void>();

function change(next: ReadonlySet<number>): void {
  hidden = next;
  for (const tell of listeners) tell();
}

/** Books that are deleted as soon as nobody takes it back. */
export function useHiddenBooks(): ReadonlySet<number> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => hidden,
  );
}

/** Takes a book off the shelf at once and deletes it when the offer to undo has gone. */
export function useDeleteBook(): (book: Pick<BookSummary, 'id' | 'title'>) => void {
  const t = useMessages(libraryMessages);
  const lineOf = useErrorLine();
  const client = useQueryClient();
  return useCallback(
    ({ id, title }) => {
      const show = () => change(new Set([...hidden].filter((other) => other !== id)));
      change(new Set([...hidden, id]));
      postpone({
        message: t('deleted', { title }),
        undoLabel: t('undo'),
        onUndo: show,
        commit: (pageIsLeaving) => {
          if (pageIsLeaving)
            return void fetch(`/api/v1/books/${id}`, { method: 'DELETE', keepalive: true });
          api
            .call(routes.books.remove, { params: { id } })
            .then(() => markStale(client, [routes.books.list]))
            .catch(async (error: unknown) => {
              notifications.show({
                color: 'failed',
                title: t('deleteFailed', { title }),
                message: await lineOf(error),
              });
            })
            .finally(show);
        },
      });
    },
    [t, lineOf, client],
  );
}
