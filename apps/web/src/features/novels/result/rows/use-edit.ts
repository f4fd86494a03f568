import { routes, type CallResult, type ShortenedSentence } from '@scriptorium/contract';
import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api, keyOf, query } from '../../../../api/index.ts';
import { toastWithUndo } from '../../../../components/index.ts';
import { useMessages } from '../../../../i18n/index.ts';
import { resultMessages } from '../messages/index.ts';
import { headInput } from '../result-head.ts';

interface Edit {
  readonly before: ShortenedSentence;
  /** Empty: the person's version is taken back. */
  readonly sentences: readonly string[];
}

/** Writes a sentence by hand, or takes that back; the toast offers to undo either. */
export function useEdit(jobId: number) {
  const t = useMessages(resultMessages);
  const client = useQueryClient();
  const write = useMutation({
    mutationFn: ({ before, sentences }: Edit) =>
      api.call(routes.novels.edit, {
        params: { id: jobId, sentenceId: before.id },
        body: { sentences: [...sentences] },
      }),
    onSuccess: (after) => putInPlace(client, jobId, after),
  });
  const { mutate } = write;
  const edit = (change: Edit, onDone: () => void) =>
    mutate(change, {
      onSuccess: () => {
        onDone();
        const number = change.before.id;
        toastWithUndo({
          message: t(change.sentences.length === 0 ? 'tookBack' : 'edited', { number }),
          undoLabel: t('undo'),
          onUndo: () => mutate({ before: change.before, sentences: writtenBefore(change.before) }),
        });
      },
    });
  return { edit, error: write.error, isPending: write.isPending };
}

/** What a person had written there before; nothing if it was the work's. */
function writtenBefore({ label, sentences }: ShortenedSentence): readonly string[] {
  return label === 'edited' ? sentences : [];
}

/**
 * Shows the new sentence where the old one stands. The rows are not asked for again, so that a row does not slip away under a filter
 * that it no longer fits while somebody looks at it; what is said of the whole is.
 */
async function putInPlace(
  client: QueryClient,
  jobId: number,
  after: ShortenedSentence,
): Promise<void> {
  const queryKey = [...keyOf(routes.novels.sentences), { id: jobId }];
  client.setQueriesData<CallResult<typeof routes.novels.sentences>>({ queryKey }, (page) =>
    page === undefined
      ? page
      : {
          ...page,
          sentences: page.sentences.map((each) => (each.id === after.id ? after : each)),
        },
  );
  await client.invalidateQueries({ queryKey, refetchType: 'none' });
  const head = query(routes.novels.sentences, headInput(jobId));
  await client.invalidateQueries({ queryKey: head.queryKey, exact: true });
}
