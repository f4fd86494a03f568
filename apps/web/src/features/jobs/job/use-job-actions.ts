import { routes, type Job } from '@scriptorium/contract';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useAction } from '../../../api/index.ts';
import { useShortcuts } from '../../../app/shell/shortcuts.ts';
import { toastWithUndo } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { isOpen } from '../job-words.ts';
import { jobsMessages } from '../messages/index.ts';

/** Stopping a job and taking it up as a new one; also by `s` and `r`. What may cost credits is asked before. */
export function useJobActions(job: Job | undefined, name: string, onView: () => void) {
  const t = useMessages(jobsMessages);
  const navigate = useNavigate();
  const cancelling = useAction(routes.jobs.cancel, [routes.jobs.list, routes.jobs.timeline]);
  const retrying = useAction(routes.jobs.retry, [routes.jobs.list, routes.jobs.timeline]);
  const { mutate: sendCancel } = cancelling;
  const { mutate: sendRetry } = retrying;
  const id = job?.id;
  const canCancel = job !== undefined && isOpen(job);
  const [isAsked, setAsked] = useState(false);
  const show = useCallback(
    (made: Job) => void navigate({ to: '/jobs/$jobId', params: { jobId: String(made.id) } }),
    [navigate],
  );
  const goOn = useCallback(() => {
    if (id !== undefined) sendRetry({ params: { id } }, { onSuccess: show });
  }, [id, sendRetry, show]);
  const mayCost = job?.pipeline === 'novels';
  const retry = useCallback(() => {
    if (mayCost) setAsked(true);
    else goOn();
  }, [mayCost, goOn]);
  const cancel = useCallback(() => {
    if (id === undefined) return;
    sendCancel(
      { params: { id } },
      {
        onSuccess: () =>
          toastWithUndo({
            message: t('cancelledToast', { name }),
            undoLabel: t('goOn'),
            onUndo: goOn,
          }),
      },
    );
  }, [id, sendCancel, name, goOn, t]);
  const shortcuts = useMemo(
    () => [
      canCancel
        ? { keys: 's', label: t('keyCancel'), run: cancel }
        : { keys: 'r', label: t('keyRetry'), run: retry },
      { keys: 't', label: t('keyView'), run: onView },
    ],
    [canCancel, cancel, retry, onView, t],
  );
  useShortcuts(t('shortcutsJob'), shortcuts);
  return {
    cancel,
    retry,
    /** Whether the person is shown what taking it up will take. */
    isAsked,
    stopAsking: () => setAsked(false),
    show,
    isCancelling: cancelling.isPending,
    isRetrying: retrying.isPending,
    error: cancelling.error ?? retrying.error,
  };
}
