import { notifications } from '@mantine/notifications';
import { routes, type ChapterSummary } from '@scriptorium/contract';
import { useAction } from '../../../api/index.ts';
import { toastWithUndo } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { useErrorLine } from '../../../said/index.ts';
import { libraryMessages } from '../messages/index.ts';

const STALE = [routes.books.get, routes.books.list, routes.books.descriptions, routes.jobs.list];

/** Corrects the verdict on a chapter or has it prepared anew, each with an offer to take it back. */
export function useCorrection(chapter: ChapterSummary) {
  const t = useMessages(libraryMessages);
  const lineOf = useErrorLine();
  const reprocess = useAction(routes.books.reprocess, STALE);
  const undoing = useAction(routes.books.undoReprocess, STALE);
  const { book_id: id, number: n, title } = chapter;
  const params = { id, n };

  const tell = async (error: Error) => {
    const message = await lineOf(error);
    notifications.show({ color: 'failed', title, message, withBorder: true });
  };
  const onError = (error: Error) => void tell(error);

  const undo = () =>
    undoing.mutate(
      { params },
      {
        onError,
        onSuccess: () =>
          void notifications.show({ message: t('undone', { title }), withBorder: true }),
      },
    );

  const change = (body: { is_service_page: boolean } | undefined, message: string) =>
    reprocess.mutate(
      { params, body },
      {
        onError,
        onSuccess: () => toastWithUndo({ message, undoLabel: t('undo'), onUndo: undo }),
      },
    );

  return {
    correct: (isService: boolean) =>
      change({ is_service_page: isService }, t(isService ? 'nowService' : 'nowChapter', { title })),
    prepareAgain: () => change(undefined, t('preparingAgain', { title })),
    undo,
  };
}
