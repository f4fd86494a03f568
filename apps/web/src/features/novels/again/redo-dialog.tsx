import { routes, type Job, type ShorteningModel } from '@scriptorium/contract';
import { useQuery } from '@tanstack/react-query';
import { api, keyOf, useAction } from '../../../api/index.ts';
import { AgainDialog } from './again-dialog.tsx';

export interface RedoDialogProps {
  readonly jobId: number;
  /** Undefined: all that are over the limit. */
  readonly sentenceIds: readonly number[] | undefined;
  readonly model: ShorteningModel;
  readonly title: string;
  readonly onStarted: (job: Job) => void;
  readonly onClose: () => void;
}

/** Shows what doing sentences again will take, and does so. */
export function RedoDialog(props: RedoDialogProps) {
  const { jobId, sentenceIds, model, title, onStarted, onClose } = props;
  const call = {
    params: { id: jobId },
    body: {
      gemini_model: model,
      ...(sentenceIds === undefined ? {} : { sentence_ids: [...sentenceIds] }),
    },
  };
  // A POST, since so many numbers fit no address; it changes nothing. No older answer will do.
  const estimate = useQuery({
    queryKey: [...keyOf(routes.novels.estimateRedo), call],
    queryFn: ({ signal }) => api.call(routes.novels.estimateRedo, { ...call, signal }),
    gcTime: 0,
  });
  const redo = useAction(routes.novels.redo, [
    routes.jobs.list,
    routes.novels.list,
    routes.credits.balance,
  ]);
  return (
    <AgainDialog
      title={title}
      estimate={estimate.data}
      error={redo.error ?? estimate.error}
      isStarting={redo.isPending}
      onStart={() => redo.mutate(call, { onSuccess: onStarted })}
      onClose={onClose}
    />
  );
}
