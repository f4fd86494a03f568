import { notifications } from '@mantine/notifications';
import type { Route } from '@scriptorium/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { markStale } from '../api/queries.ts';
import { useMessages } from '../i18n/index.ts';
import { useErrorLine } from '../said/index.ts';
import { componentMessages } from './messages/index.ts';
import { postpone } from './undo-toast.tsx';

export interface PostponedRemoval {
  /** Those that go in a few seconds unless somebody takes it back. Until then they are good: say so beside them. */
  readonly waiting: ReadonlySet<number>;
  readonly start: (
    id: number,
    words: {
      readonly message: string;
      /** The head of the notice, if the server refuses. */
      readonly failure: string;
    },
  ) => void;
}

/**
 * Takes something out of a list that the server cannot bring back, with an undo before it happens. `stale` are the lists that are
 * asked for again afterwards. Memoise `send`.
 */
export function usePostponedRemoval(
  /** Its path has an `:id`. */
  route: Route,
  send: (id: number) => Promise<unknown>,
  stale: readonly Route[],
): PostponedRemoval {
  const t = useMessages(componentMessages);
  const lineOf = useErrorLine();
  const client = useQueryClient();
  const [waiting, setWaiting] = useState<ReadonlySet<number>>(new Set());
  const start = useCallback<PostponedRemoval['start']>(
    (id, { message, failure }) => {
      const stop = () => setWaiting((ids) => new Set([...ids].filter((other) => other !== id)));
      setWaiting((ids) => new Set([...ids, id]));
      postpone({
        message,
        undoLabel: t('undo'),
        onUndo: stop,
        commit: (pageIsLeaving) => {
          if (pageIsLeaving) {
            const path = route.path.replace(':id', String(id));
            return void fetch(path, { method: route.method, keepalive: true });
          }
          send(id)
            .then(() => markStale(client, stale))
            .catch(async (error: unknown) => {
              notifications.show({
                color: 'failed',
                title: failure,
                message: await lineOf(error),
                autoClose: false,
              });
            })
            .finally(stop);
        },
      });
    },
    [client, route, send, stale, t, lineOf],
  );
  return { waiting, start };
}
