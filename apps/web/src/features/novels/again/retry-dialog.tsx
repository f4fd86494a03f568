import { routes, type Job } from '@scriptorium/contract';
import { useAction } from '../../../api/index.ts';
import { RetryAllDialog } from './retry-all-dialog.tsx';

export interface RetryDialogProps {
  readonly jobId: number;
  readonly title: string;
  readonly onStarted: (job: Job) => void;
  readonly onClose: () => void;
}

/** Shows what taking up a job on a novel again will take, and does so. */
export function RetryDialog({ jobId, title, onStarted, onClose }: RetryDialogProps) {
  const params = { id: jobId };
  const retry = useAction(routes.jobs.retry, [
    routes.jobs.list,
    routes.jobs.timeline,
    routes.credits.balance,
  ]);
  return (
    <RetryAllDialog
      jobIds={[jobId]}
      title={title}
      error={retry.error}
      isStarting={retry.isPending}
      onStart={() => retry.mutate({ params }, { onSuccess: onStarted })}
      onClose={onClose}
    />
  );
}
