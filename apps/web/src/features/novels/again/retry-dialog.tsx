import { routes, type Job } from '@scriptorium/contract';
import { useQuery } from '@tanstack/react-query';
import { query, useAction } from '../../../api/index.ts';
import { AgainDialog } from './again-dialog.tsx';

export interface RetryDialogProps {
  readonly jobId: number;
  readonly title: string;
  readonly onStarted: (job: Job) => void;
  readonly onClose: () => void;
}

/** Shows what taking up a job on a novel again will take, and does so. */
export function RetryDialog({ jobId, title, onStarted, onClose }: RetryDialogProps) {
  const params = { id: jobId };
  // What was stored meanwhile costs nothing more, so no older answer will do.
  const estimate = useQuery({ ...query(routes.novels.estimateRetry, { params }), gcTime: 0 });
  const retry = useAction(routes.jobs.retry, [
    routes.jobs.list,
    routes.jobs.timeline,
    routes.credits.balance,
  ]);
  return (
    <AgainDialog
      title={title}
      estimate={estimate.data}
      error={retry.error ?? estimate.error}
      isStarting={retry.isPending}
      onStart={() => retry.mutate({ params }, { onSuccess: onStarted })}
      onClose={onClose}
    />
  );
}
