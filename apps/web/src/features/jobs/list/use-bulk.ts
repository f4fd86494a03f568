import { ApiError, routes, type Job } from '@scriptorium/contract';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api, markStale } from '../../../api/index.ts';
import { toastWithUndo } from '../../../components/index.ts';
import { useMessages } from '../../../i18n/index.ts';
import { useErrorLine } from '../../../said/index.ts';
import { jobsMessages } from '../messages/index.ts';

const NOT_NOW = 'kernel.not_allowed_now';

interface Outcome {
  readonly done: readonly Job[];
  /** The state of the job did not allow it. */
  readonly notNow: number;
  readonly refusals: readonly ApiError[];
}

type Action = typeof routes.jobs.cancel | typeof routes.jobs.retry;

/** One after the other: each is a transaction of its own, and a refusal of one is none of the others. */
async function forEach(route: Action, ids: readonly number[]): Promise<Outcome> {
  const done: Job[] = [];
  const refusals: ApiError[] = [];
  let notNow = 0;
  for (const id of ids) {
    try {
      done.push(await api.call(route, { params: { id } }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === NOT_NOW) notNow += 1;
      else refusals.push(error);
    }
  }
  return { done, notNow, refusals };
}

/** Stopping and taking up several jobs, with words for what became of each. */
export function useBulk() {
  const t = useMessages(jobsMessages);
  const lineOf = useErrorLine();
  const client = useQueryClient();
  const retryAll = useCallback(
    async (ids: readonly number[]) => {
      const { done, notNow, refusals } = await forEach(routes.jobs.retry, ids);
      const words = [
        done.length > 0 && t('bulkRetried', { count: done.length }),
        notNow > 0 && t('bulkStillOpen', { count: notNow }),
        refusals[0] !== undefined &&
          t('bulkRefused', { count: refusals.length, reason: await lineOf(refusals[0]) }),
      ];
      notifications.show({ message: words.filter(Boolean).join(' ') });
      await markStale(client, [routes.jobs.list, routes.credits.balance]);
    },
    [t, lineOf, client],
  );
  const cancelAll = useCallback(
    async (ids: readonly number[]) => {
      const { done, notNow, refusals } = await forEach(routes.jobs.cancel, ids);
      const kept = done
        .flatMap((job) => job.chunk_results)
        .filter(({ status }) => status === 'done').length;
      const message = [
        done.length > 0 && t('bulkCancelled', { count: done.length }),
        done.length > 0 && (kept > 0 ? t('keptParts', { count: kept }) : t('keptNone')),
        notNow > 0 && t('bulkHadEnded', { count: notNow }),
        refusals[0] !== undefined &&
          t('bulkRefused', { count: refusals.length, reason: await lineOf(refusals[0]) }),
      ]
        .filter(Boolean)
        .join(' ');
      if (done.length === 0) notifications.show({ message });
      else {
        toastWithUndo({
          message,
          undoLabel: t('goOn'),
          onUndo: () => void retryAll(done.map(({ id }) => id)),
        });
      }
      await markStale(client, [routes.jobs.list]);
    },
    [t, lineOf, client, retryAll],
  );
  return { cancelAll, retryAll };
}
