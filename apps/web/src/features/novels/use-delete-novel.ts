import { routes, type Novel } from '@scriptorium/contract';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import { api, markStale } from '../../api/index.ts';
import { postpone } from '../../components/index.ts';
import { useMessages } from '../../i18n/index.ts';
import { useErrorLine } from '../../said/index.ts';
import { novelsMessages } from './messages/index.ts';

let hidden: ReadonlySet<number> = new Set();
const listeners = new Set<() => void>();

function change(next: ReadonlySet<number>): void {
  hidden = next;
  for (const tell of listeners) tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Novels that are deleted as soon as nobody takes it back. */
export function useHiddenNovels(): ReadonlySet<number> {
  return useSyncExternalStore(subscribe, () => hidden);
}

/** Takes a novel off the list at once and deletes it when the offer to undo has gone. */
export function useDeleteNovel(): (novel: Pick<Novel, 'id' | 'title'>) => void {
  const t = useMessages(novelsMessages);
  const lineOf = useErrorLine();
  const client = useQueryClient();
  return useCallback(
    ({ id, title }) => {
      const show = () => change(new Set([...hidden].filter((other) => other !== id)));
      const remove = async () => {
        try {
          await api.call(routes.novels.remove, { params: { id } });
          await markStale(client, [routes.novels.list, routes.jobs.list]);
        } catch (error) {
          notifications.show({
            color: 'failed',
            title: t('deleteFailed', { title }),
            message: await lineOf(error),
          });
        } finally {
          show();
        }
      };
      change(new Set([...hidden, id]));
      postpone({
        message: t('deleted', { title }),
        undoLabel: t('undo'),
        onUndo: show,
        commit: (pageIsLeaving) => {
          if (pageIsLeaving)
            void fetch(`/api/v1/novels/${id}`, { method: 'DELETE', keepalive: true });
          else void remove();
        },
      });
    },
    [t, lineOf, client],
  );
}
